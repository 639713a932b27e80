import {
  DEFAULT_RETRY_SCHEDULE,
  parseRetrySchedule,
  type RetrySchedule,
} from '@anika/core/delivery/retry-schedule';
import { parseEgressRules } from '@anika/destinations/webhook/egress-rules';
import { parseSmtpUrl } from '@anika/mail/smtp-url';
import { LOG_LEVELS } from '@anika/runtime/logger';
import { parseSecretKeys } from '@anika/runtime/secret-box';
import { z } from 'zod';

function parsed<T>(parse: (text: string) => T | undefined, expected: string) {
  return z.string().transform((text, context): T => {
    const value = parse(text);
    if (value !== undefined) return value;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

const egressRules = z.string().transform((text, context): readonly string[] => {
  try {
    return parseEgressRules(text);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});

const retrySchedule = z
  .string()
  .default(DEFAULT_RETRY_SCHEDULE)
  .transform((text, context): RetrySchedule => {
    const schedule = parseRetrySchedule(text);
    if (schedule !== undefined) return schedule;
    context.addIssue({ code: 'custom', message: 'must be like 0s,5s,5m,30m,2h (ms, s, m, h, d)' });
    return z.NEVER;
  })
  .describe('Waiting time before each attempt, one entry an attempt, ± 20 % (the first one exact)')
  .meta({ shownDefault: DEFAULT_RETRY_SCHEDULE });

/** The settings both programs need. Each is an environment variable. */
export const sharedSettings = {
  DATABASE_URL: z.string().min(1).describe('PostgreSQL connection string').meta({ secret: true }),
  MONGODB_URL: z
    .string()
    .min(1)
    .describe('MongoDB connection string with the name of the database')
    .meta({ secret: true }),
  REDIS_URL: z.string().min(1).describe('Redis connection string').meta({ secret: true }),
  ANIKA_SECRET_KEYS: parsed(parseSecretKeys, 'must be like k1:<base64 of 32 bytes>, the newest first')
    .describe(
      'Keys that seal stored secrets (AES-256-GCM): `k2:<base64>,k1:<base64>`; the first seals, all open',
    )
    .meta({ secret: true }),
  ANIKA_EGRESS_ALLOW: egressRules
    .default([])
    .describe(
      'For development: endpoints allowed although private or plain HTTP. IPs, CIDR blocks or names, each with or without `:port`, separated by commas',
    ),
  ANIKA_EGRESS_DENY: egressRules
    .default([])
    .describe(
      'Endpoints that are never connected to, though public or allowed: IPs, CIDR blocks or names with all below them, each with or without `:port`, separated by commas. For your own public addresses',
    ),
  ANIKA_RETRY_SCHEDULE: retrySchedule,
  ANIKA_QUEUE_PREFIX: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .default('anika')
    .describe('Prefix of all keys in Redis; two installations may share a server with two prefixes'),
  ANIKA_LOG_LEVEL: z
    .enum(LOG_LEVELS)
    .default('info')
    .describe(`One of ${LOG_LEVELS.join(', ')}`),
  ANIKA_HOST: z.string().default('0.0.0.0').describe('Address to listen on'),
  ANIKA_SMTP_URL: parsed(parseSmtpUrl, 'must be like smtp://user:password@host:587 or smtps://…')
    .optional()
    .describe(
      'Server that takes e-mails: `smtps://user:password@host:465`, or `smtp://…` with TLS as soon as it is offered. Without it none are sent',
    )
    .meta({ secret: true }),
  ANIKA_MAIL_FROM: z
    .string()
    .max(200)
    .refine(
      (text) => /^[^<>\r\n]*<[^<>@\s]+@[^<>@\s]+>$/.test(text),
      'must be like ANIKA <anika@example.org>',
    )
    .default('ANIKA <anika@localhost>')
    .describe('Sender of e-mails, one that the server takes: `Name <address>`'),
  ANIKA_METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token with which Prometheus may read /metrics; operators may always')
    .meta({ secret: true }),
};

export type SharedSetting = keyof typeof sharedSettings;
export type SharedConfig = z.output<z.ZodObject<typeof sharedSettings>>;
