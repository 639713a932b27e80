import { ALL_SETTINGS, type ApiSetting } from '@anika/broker/setting-names';
import { type SharedSetting, sharedSettings } from '@anika/broker/shared-settings';
import { email } from '@anika/contracts/auth';
import { MODULES } from '@anika/contracts/route';
import { flag, namesFrom, parseConfig, wholeNumber } from '@anika/runtime/config';
import { z } from 'zod';

/** Settings of the api program. */
export const apiSettings = z.object({
  ...sharedSettings,
  ANIKA_PORT: wholeNumber({ min: 0, max: 65_535 }).default(8080).describe('Port of the HTTP API'),
  ANIKA_MODULES: namesFrom(MODULES)
    .default([...MODULES])
    .describe('Which parts this process serves: auth, topics, messages'),
  ANIKA_PUBLIC_URL: z
    .url()
    .default('http://127.0.0.1:8080')
    .describe('Where clients reach the API; issuer of the access tokens'),
  ANIKA_OPERATOR_EMAIL: email.optional().describe('The first operator, created when missing'),
  ANIKA_OPERATOR_PASSWORD: z
    .string()
    .min(10)
    .optional()
    .describe('Password of the first operator; once it exists, only the command set-operator uses it')
    .meta({ secret: true }),
  ANIKA_MAX_MESSAGE_BYTES: wholeNumber({ min: 1024, max: 4_194_304 })
    .default(262_144)
    .describe('Largest body of a published message, in bytes'),
  ANIKA_RATE_PUBLISH: wholeNumber({ min: 1, max: 10_000_000 })
    .default(20_000)
    .describe(
      'Publish calls a second, for each key and for the users of a company together, by process; all keys and users of a company together: twice that',
    ),
  ANIKA_RATE_READ: wholeNumber({ min: 1, max: 10_000_000 })
    .default(1000)
    .describe(
      'Reading calls a second, and those that pull or acknowledge, for each key and for the users of a company together, by process; all keys and users of a company together: twice that',
    ),
  ANIKA_MAX_SEARCHES: wholeNumber({ min: 1, max: 1000 })
    .default(4)
    .describe('Searches under way at once, for each partner and process'),
  ANIKA_SEARCH_MS_PER_SECOND: wholeNumber({ min: 1, max: 1_000_000 })
    .default(250)
    .describe(
      'Time that all searches of one partner may take of each second in the long run, by process; eight times as much at once',
    ),
  ANIKA_DEFER_ABOVE: wholeNumber({ min: 20, max: 1_000_000 })
    .default(100)
    .describe(
      'Deliveries a second of one company through one process: with more, and more than a quarter of all, its messages are fanned out later if they would have to wait',
    ),
  ANIKA_MAX_STREAMS: wholeNumber({ min: 1, max: 1000 })
    .default(10)
    .describe('Streams of events a company may have open at once, by process'),
  ANIKA_MAX_POLLS: wholeNumber({ min: 1, max: 20_000 })
    .default(1000)
    .describe('Pulls under way at once, for each partner and process'),
  ANIKA_MAX_SUBSCRIPTIONS: wholeNumber({ min: 1, max: 10_000 })
    .default(50)
    .describe('Subscriptions of one partner on one topic'),
  ANIKA_RATE_MANAGE: wholeNumber({ min: 1, max: 10_000_000 })
    .default(500)
    .describe(
      'Changing calls a second, for each key and for the users of a company together, by process; all keys and users of a company together: twice that',
    ),
  ANIKA_RATE_ANONYMOUS: wholeNumber({ min: 1, max: 10_000_000 })
    .default(100)
    .describe('Calls a second without a valid credential, for each address (of IPv6: each /64) and process'),
  ANIKA_MAX_UNREAD_BYTES: wholeNumber({ min: 1_048_576, max: 1_073_741_824 })
    .default(33_554_432)
    .describe('Bytes of answers on their way to one company that it has not read yet, by process; then 429'),
  ANIKA_CHALLENGES_HOST: wholeNumber({ min: 1, max: 100_000 })
    .default(5)
    .describe(
      'Challenges a minute to one host, of all companies; hosts on `ANIKA_EGRESS_ALLOW` are not counted',
    ),
  ANIKA_CHALLENGES_PARTNER: wholeNumber({ min: 1, max: 100_000 })
    .default(20)
    .describe('Challenges an hour for each partner; hosts on `ANIKA_EGRESS_ALLOW` are not counted'),
  ANIKA_MAX_KEYS: wholeNumber({ min: 1, max: 10_000_000 })
    .default(500)
    .describe('API keys a company may have that are neither revoked nor expired'),
  ANIKA_MAX_USERS: wholeNumber({ min: 1, max: 10_000_000 })
    .default(1000)
    .describe('Users a company may have, with those it has invited'),
  ANIKA_MAX_TOPICS: wholeNumber({ min: 1, max: 10_000_000 })
    .default(1000)
    .describe('Topics a company may have'),
  ANIKA_MAX_GRANTS: wholeNumber({ min: 1, max: 10_000_000 })
    .default(10_000)
    .describe('Active grants a company may have given on its topics'),
  ANIKA_MAX_COMPANY_SUBSCRIPTIONS: wholeNumber({ min: 1, max: 10_000_000 })
    .default(2000)
    .describe('Subscriptions a company may have over all topics'),
  ANIKA_EGRESS_ADDRESSES: z
    .string()
    .max(2000)
    .default('')
    .transform((text) => text.split(',').flatMap((one) => one.trim() || []))
    .describe('Told to companies by `/v1/meta`: the addresses that webhooks come from, separated by commas'),
  ANIKA_BOARD_WRITABLE: flag()
    .default(false)
    .describe(
      'Lets operators retry, remove and pause jobs in Bull Board; none can be added or changed there',
    ),
  ANIKA_TRUST_PROXY: wholeNumber({ min: 0, max: 10 })
    .default(0)
    .describe('How many proxies in front are trusted to tell the client address (X-Forwarded-For)'),
} satisfies Record<SharedSetting | ApiSetting, z.ZodType>);

export type ApiConfig = z.output<typeof apiSettings>;

/** Reads the settings of this process; throws ConfigError naming all that is wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): ApiConfig {
  return parseConfig(apiSettings, environment, ALL_SETTINGS);
}
