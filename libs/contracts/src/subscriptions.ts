import { said } from '@anika/core/field-rules';
import { DELIVERY_TYPES, FORMATS, SIGNATURES, SUBSCRIPTION_STATES } from '@anika/core/subscription';
import { z } from 'zod';
import { id, idParams, instant, jsonObject, ownNames, pageOf, pageQuery, prose } from './common.ts';
import { health } from './health.ts';
import { messageType } from './messages.ts';
import { BUILDERS_MANAGE, defineRoute, MEMBERS_READ } from './route.ts';

const deliveryType = z.enum(DELIVERY_TYPES);

export const subscription = z
  .object({
    id: z.string(),
    topicId: z.string(),
    delivery: z.object({ type: deliveryType }),
    url: z
      .string()
      .nullable()
      .describe(
        'Whoever may not change it sees *** for each value of its query; null where it pulls: that has no address',
      ),
    eventTypes: z.array(z.string()),
    filter: jsonObject.nullable(),
    headers: z
      .record(z.string(), z.literal('***'))
      .nullable()
      .describe('By name; values are shown to nobody'),
    timeoutMs: z.number().int(),
    maxConcurrency: z.number().int(),
    rateLimitPerSecond: z.number().int().nullable(),
    description: z.string().nullable(),
    signature: z.enum(SIGNATURES),
    format: z.enum(FORMATS),
    state: z.enum(SUBSCRIPTION_STATES),
    stateReason: z.string().nullable(),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Subscription' });

const shown = subscription.extend({ health: health.nullable() }).meta({ id: 'SubscriptionWithHealth' });

const fields = {
  url: z.string().min(1).max(2048),
  eventTypes: z.array(messageType).max(100).describe('Empty: all types'),
  filter: jsonObject.nullable().describe('The filter language of the docs, over type, key and data'),
  headers: ownNames(z.record(z.string().max(128), z.string().max(4096)))
    .nullable()
    .describe(
      'Takes the place of all headers; *** keeps the value that is stored under this name, but not where the url moves to another server: there all are given anew, or null',
    ),
  timeoutMs: z.number().int().min(1000).max(15000).describe('Milliseconds for the whole request'),
  maxConcurrency: z.number().int().min(1).max(256),
  rateLimitPerSecond: z.number().int().min(1).max(10000).nullable(),
  description: prose(1000).nullable(),
  format: z
    .enum(FORMATS)
    .describe('`anika` unless you say otherwise; the others are CloudEvents 1.0 over HTTP'),
  signature: z
    .enum(SIGNATURES)
    .describe(
      '`hmac` (unless you say otherwise): `v1`, with its secret; `ed25519`: `v1a`, with the key of the installation, published at /.well-known/anika-webhook-keys.json',
    ),
};

export const CHALLENGES =
  'Challenges go without the headers of the subscription. Those to one host, over all companies, and those of one company are limited: 429 with `Retry-After`, and nothing is changed.';

const HELD =
  'From now on messages are held for it, in their order, until the endpoint has answered a challenge: each for at most 7 days, and at most 100,000 for the never verified subscriptions of a company; beyond that they end cancelled, the oldest first (`not-verified-in-time`).';

/** 24 bytes are 32 characters; 64 are 88, of which the last two are padding. */
export const SECRET_PATTERN =
  /^whsec_(?:[A-Za-z0-9+/]{4}){8,20}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4}(?:[A-Za-z0-9+/]{2}==)?)?$/;
/** 24 to 64 bytes, as Standard Webhooks has them. */
const ownSecret = z
  .string()
  .max(94)
  .regex(SECRET_PATTERN, said('secret-form').message)
  .describe('"whsec_" and the base64 of 24 to 64 bytes; without it one is made');

export const createSubscription = defineRoute({
  id: 'createSubscription',
  module: 'topics',
  method: 'post',
  path: '/v1/subscriptions',
  summary: 'Subscribe to a topic: an endpoint, which is sent a challenge at once, or to pull',
  description: `${CHALLENGES} ${HELD} One that pulls is \`active\` at once.`,
  access: BUILDERS_MANAGE,
  body: z.strictObject({
    topicId: z
      .string()
      .max(200)
      .describe('`notices`: what ANIKA tells the own company; the answer has the id of that topic'),
    delivery: z
      .strictObject({ type: deliveryType })
      .optional()
      .describe(
        '`webhook` (unless you say otherwise): to `url`; `pull`: you fetch what there is, and neither `url` nor what concerns requests to it (`headers`, `timeoutMs`, `maxConcurrency`, `rateLimitPerSecond`) may be given. It cannot be changed',
      ),
    url: fields.url.optional(),
    eventTypes: fields.eventTypes.optional(),
    filter: fields.filter.optional(),
    headers: fields.headers.optional(),
    timeoutMs: fields.timeoutMs.optional(),
    maxConcurrency: fields.maxConcurrency.optional(),
    rateLimitPerSecond: fields.rateLimitPerSecond.optional(),
    description: fields.description.optional(),
    signature: fields.signature.optional(),
    format: fields.format.optional(),
    secret: ownSecret.optional(),
    verify: z
      .boolean()
      .optional()
      .describe(
        'false: no challenge is sent now; call `…/verify` once the endpoint is installed. Nothing is sent to an address before it has answered one',
      ),
    startFrom: instant
      .optional()
      .describe(
        'What was published since is sent too, by a replay that begins when the subscription becomes active; at most 92 days ago',
      ),
  }),
  example: {
    body: {
      topicId: 'top_01kb3v6m0eqx4tq2h7s9d5c8fz',
      url: 'https://bank.example/anika',
      eventTypes: ['car.selected'],
      filter: { 'data.price': { gte: 1000000, lt: 3000000 }, 'data.model': { prefix: 'Лада' } },
      headers: { 'X-Api-Token': 'of-your-own' },
      description: 'Кредиты на машины',
    },
  },
  success: {
    status: 201,
    schema: subscription.extend({ secret: z.string() }),
    description: 'The subscription with its secret',
  },
  failures: ['not-found', 'endpoint-refused', 'conflict', 'limit-reached'],
});

export const previewSubscription = defineRoute({
  id: 'previewSubscription',
  module: 'topics',
  method: 'post',
  path: '/v1/subscriptions/preview',
  summary: 'See what event types and a filter would let through, before subscribing',
  description:
    'Judges the newest messages of the topic that you may read under your present grant, at most 1,000; nothing is written. Warns of types and paths that lead nowhere, and of texts compared with numbers.',
  access: MEMBERS_READ,
  body: z.strictObject({
    topicId: z.string().max(200),
    eventTypes: fields.eventTypes.optional(),
    filter: fields.filter.optional(),
  }),
  example: {
    body: {
      topicId: 'top_01kb3v6m0eqx4tq2h7s9d5c8fz',
      eventTypes: ['car.selected'],
      filter: { 'data.price': { gte: 1000000 } },
    },
  },
  success: {
    status: 200,
    schema: z.object({
      considered: z.number().int().describe('Messages looked at'),
      matching: z.number().int().describe('Of these, what the subscription would be sent'),
      samples: z
        .array(
          z.object({
            messageId: z.string(),
            type: z.string(),
            key: z.string().nullable(),
            data: z.unknown(),
          }),
        )
        .describe('The newest of them, at most three, as you see them'),
      warnings: z.array(z.object({ path: z.string(), reason: z.string() })),
    }),
    description: 'The preview',
  },
  failures: ['not-found', 'rate-limited'],
});

export const listSubscriptions = defineRoute({
  id: 'listSubscriptions',
  module: 'topics',
  method: 'get',
  path: '/v1/subscriptions',
  summary: 'List own subscriptions',
  access: MEMBERS_READ,
  query: pageQuery.extend({ topicId: z.union([id('top'), z.literal('notices')]).optional() }),
  success: { status: 200, schema: pageOf(shown), description: 'A page of subscriptions' },
});

export const one = { module: 'topics', params: idParams } as const;
export const answer = { status: 200, schema: subscription, description: 'The subscription' } as const;

export const getSubscription = defineRoute({
  ...one,
  id: 'getSubscription',
  method: 'get',
  path: '/v1/subscriptions/{id}',
  summary: 'Read a subscription, and how it does',
  description: '`health` is as of two seconds ago at most; null where it cannot be counted just now.',
  access: MEMBERS_READ,
  success: { ...answer, schema: shown },
  failures: ['not-found'],
});

export const updateSubscription = defineRoute({
  ...one,
  id: 'updateSubscription',
  method: 'patch',
  path: '/v1/subscriptions/{id}',
  summary: 'Change a subscription; a new URL is challenged at once',
  description: CHALLENGES,
  access: BUILDERS_MANAGE,
  body: z.strictObject(fields).partial(),
  example: {
    body: { eventTypes: ['car.selected'], filter: { 'data.price': { lt: 3000000 } }, rateLimitPerSecond: 50 },
  },
  success: answer,
  failures: ['not-found', 'endpoint-refused'],
});

export const deleteSubscription = defineRoute({
  ...one,
  id: 'deleteSubscription',
  method: 'delete',
  path: '/v1/subscriptions/{id}',
  summary: 'Delete a subscription; what was not delivered ends cancelled',
  access: BUILDERS_MANAGE,
  success: { status: 204, description: 'Deleted' },
  failures: ['not-found'],
});
