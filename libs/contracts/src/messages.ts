import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { isReservedType, MESSAGE_TYPE_PATTERN } from '@anika/core/message';
import { SCHEDULE_MAX_DAYS, SCHEDULED_MAX } from '@anika/core/schedule';
import { z } from 'zod';
import {
  fieldError,
  id,
  idParams,
  instant,
  isStorable,
  NOT_STORABLE,
  noBody,
  pageOf,
  pageQuery,
  timeRange,
} from './common.ts';
import { BUILDERS_MANAGE, defineRoute, MEMBERS_READ, PUBLISHERS } from './route.ts';

const messageType = z.string().regex(MESSAGE_TYPE_PATTERN, 'must be 1–128 of A–Z a–z 0–9 _ . -');
export const messageKey = z.string().min(1).max(256).refine(isStorable, NOT_STORABLE);
const data = z
  .unknown()
  .refine((value) => value !== undefined, 'is required (any JSON value)')
  .describe('Any JSON value, at most 32 levels deep');
export const idempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

const publishBody = {
  type: messageType.refine(
    (type) => !isReservedType(type),
    'must not be "anika" or begin with "anika.", in whatever case: those are events of ANIKA itself',
  ),
  data,
  key: messageKey.optional().describe("The publisher's own key, e.g. a customer number"),
  audience: z.array(id('par')).min(1).max(1000).optional().describe('Only these of the granted partners'),
  deliverAt: instant
    .optional()
    .describe(
      `When it is to be sent, at most ${SCHEDULE_MAX_DAYS} days ahead; a time that has passed: at once. A company has at most ${SCHEDULED_MAX} waiting`,
    ),
};

const deliverAt = z.string().optional().describe('Of one that was scheduled: when it is sent');

export const accepted = z
  .object({
    id: z.string(),
    topicId: z.string(),
    type: z.string(),
    acceptedAt: z.string(),
    deliverAt,
  })
  .meta({ id: 'Accepted' });

const CAR_SELECTED = {
  type: 'car.selected',
  key: 'customer-4711',
  data: { model: 'Лада Веста', price: 1749000, customer: { name: 'Анна', phone: '+7 900 000-00-00' } },
};

export const BATCH_MAX = 100;

export const publishMessage = defineRoute({
  id: 'publishMessage',
  module: 'messages',
  method: 'post',
  path: '/v1/topics/{id}/messages',
  summary: 'Publish a message; 202 means it is stored durably and will reach every authorised subscriber',
  description:
    'With an `Idempotency-Key` header a repeated request gets the first answer again, with `Idempotency-Replayed: true`, also when the topic’s schema or grants have changed since.',
  access: PUBLISHERS,
  params: idParams,
  body: z.strictObject(publishBody),
  maxBodyBytes: 0,
  example: { body: CAR_SELECTED },
  success: { status: 202, schema: accepted, description: 'Accepted' },
  failures: [
    'not-found',
    'idempotency-mismatch',
    'recalled',
    'schema-mismatch',
    'limit-reached',
    'rate-limited',
  ],
});

export const publishBatch = defineRoute({
  id: 'publishBatch',
  module: 'messages',
  method: 'post',
  path: '/v1/topics/{id}/messages/batch',
  summary: 'Publish up to 100 messages; each has its own outcome',
  description:
    'An item that fails says why: `status`, `code`, `detail`, and for the fields of its `data` `errors`. With an `Idempotency-Key` header each message without an `idempotencyKey` of its own has one made of the header and its place in the batch: send the same batch again as it was. The answer is 503 where no message could be stored because a store was away.',
  itemsApart: true,
  access: PUBLISHERS,
  params: idParams,
  body: z.strictObject({
    messages: z
      .array(z.unknown())
      .min(1)
      .max(BATCH_MAX)
      .describe('Each `{type, data, key?, audience?, deliverAt?, idempotencyKey?}`'),
  }),
  maxBodyBytes: 4 * 1024 * 1024,
  example: {
    body: {
      messages: [
        { ...CAR_SELECTED, idempotencyKey: 'order-1001' },
        { type: 'car.returned', key: 'customer-4712', data: { model: 'Лада Гранта', price: 899000 } },
      ],
    },
  },
  success: {
    status: 202,
    schema: z.object({
      items: z.array(
        z.object({
          status: z.number().int(),
          id: z.string().optional(),
          deliverAt,
          code: z.string().optional(),
          detail: z.string().optional(),
          errors: z.array(fieldError).optional().describe('Fields that do not fit, at most 20'),
          replayed: z.literal(true).optional().describe('The key was used before: this is the first answer'),
        }),
      ),
    }),
    description: 'One outcome a message, in the order sent',
  },
  failures: ['not-found', 'rate-limited'],
});

/** One message of a batch, checked for itself so that a bad one does not spoil the others. */
export const batchItem = z.strictObject({ ...publishBody, idempotencyKey: idempotencyKey.optional() });

export const message = z
  .object({
    id: z.string(),
    topicId: z.string(),
    type: z.string(),
    key: z.string().nullable(),
    data: z.unknown(),
    acceptedAt: z.string(),
    deliverAt: deliverAt.describe('Of one that was scheduled; shown to the owner'),
    audience: z.array(z.string()).nullable().optional().describe('Shown to the owner'),
  })
  .meta({ id: 'Message' });

export const searchMessages = defineRoute({
  id: 'searchMessages',
  module: 'messages',
  method: 'get',
  path: '/v1/messages',
  summary: 'Find messages, newest first',
  description:
    'All words of `q` must begin some word in `data`. `where` is the JSON filter, URL-encoded. Those accepted in one millisecond have no order between pages. A page may hold fewer than `limit`, even none, and go on at `nextCursor`. Over several topics, messages of those whose grant hides a part are looked at one by one: some of them may come on a later page than their time says.',
  access: MEMBERS_READ,
  query: pageQuery.extend({
    topicId: id('top').optional(),
    type: messageType.optional(),
    key: messageKey.optional(),
    q: z.string().max(200).optional(),
    where: z.string().max(8192).optional(),
    state: z
      .enum(['accepted', 'scheduled'])
      .default('accepted')
      .describe('`scheduled`: own messages whose time has not come, ordered and found by that time'),
    ...timeRange,
  }),
  example: {
    query: { type: 'car.selected', q: 'лада вес', where: '{"data.price":{"gte":1000000}}' },
  },
  success: { status: 200, schema: pageOf(message), description: 'A page of messages' },
  failures: ['not-found', 'too-many-topics', 'too-many-grants', 'search-too-costly'],
});

export const getMessage = defineRoute({
  id: 'getMessage',
  module: 'messages',
  method: 'get',
  path: '/v1/messages/{id}',
  summary: 'Read a message',
  description: 'One that its owner took back is 410 `recalled`; `detail` has the time and the reason.',
  access: MEMBERS_READ,
  params: idParams,
  success: { status: 200, schema: message, description: 'The message' },
  failures: ['not-found', 'recalled'],
});

export const recallReason = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .refine(isStorable, NOT_STORABLE)
  .describe('Told to all who had the message, and in the audit log: put nothing of the message there');

export const recallMessage = defineRoute({
  id: 'recallMessage',
  module: 'messages',
  method: 'delete',
  path: '/v1/messages/{id}',
  summary: 'Take a message back',
  description:
    'What waits is cancelled (`recalled`), the contents go from everywhere, and every subscription that had it is sent `anika.message.recalled`. ' +
    'Deliveries and receipts stay, without contents. Reading it afterwards is 410 `recalled`; taking it back again gives the present counts.',
  access: PUBLISHERS,
  params: idParams,
  body: z.strictObject({ reason: recallReason }),
  example: { body: { reason: 'Опубликовано по ошибке' } },
  success: {
    status: 202,
    schema: z.object({
      id: z.string(),
      state: z.literal('recalled'),
      cancelled: z.number().int().describe('Deliveries that were cancelled by it'),
      notified: z
        .number()
        .int()
        .describe('Subscriptions that are told; a request under way may add one a moment later'),
    }),
    description: 'Its contents are gone',
  },
  failures: ['not-found', 'forbidden', 'conflict'],
});

export const delivery = z
  .object({
    id: z.string(),
    messageId: z.string(),
    topicId: z.string(),
    subscriptionId: z.string(),
    partnerId: z.string(),
    type: z.string(),
    state: z.enum(DELIVERY_STATES),
    reason: z.string().nullable(),
    attemptCount: z.number().int(),
    nextAttemptAt: z.string().nullable(),
    acceptedAt: z.string(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
    lastAttempt: z
      .object({
        n: z.number().int(),
        at: z.string(),
        status: z.number().int().nullable(),
        errorClass: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Delivery' });

/** Of an attempt, what both companies see. */
export const sharedAttempt = z
  .object({
    n: z.number().int().describe('From 1 on, anew after each redrive'),
    at: z.string(),
    durationMs: z.number(),
    status: z.number().int().nullable(),
    errorClass: z.string().nullable(),
    bodySha256: z.string().describe('Lower-case hex, of the body that was sent'),
    grantVersion: z
      .number()
      .int()
      .nullable()
      .describe(
        'Of the grant it was sent under; null to the owner itself, and of attempts of earlier versions',
      ),
  })
  .meta({ id: 'SharedAttempt' });

const phase = z.number().nullable();

export const attempt = sharedAttempt
  .extend({
    error: z.string().nullable().optional().describe('In words; shown to the subscriber'),
    response: z
      .string()
      .nullable()
      .optional()
      .describe('The first 4 KiB of the answer; shown to the subscriber'),
    address: z.string().nullable().optional().describe('`ip:port` of the endpoint; shown to the subscriber'),
    phases: z
      .object({ dns: phase, connect: phase, tls: phase, firstByte: phase, body: phase })
      .nullable()
      .optional()
      .describe(
        'Milliseconds; null where none took place: name, connection and TLS on a connection that was open, and what comes after the phase in which the attempt ended. Shown to the subscriber',
      ),
  })
  .meta({ id: 'Attempt' });

const deliveryWithAttempts = delivery.extend({ attempts: z.array(attempt) });

export const listMessageDeliveries = defineRoute({
  id: 'listMessageDeliveries',
  module: 'messages',
  method: 'get',
  path: '/v1/messages/{id}/deliveries',
  summary: 'Deliveries of a message: all for its owner, own ones for a reader',
  access: MEMBERS_READ,
  params: idParams,
  query: pageQuery,
  success: { status: 200, schema: pageOf(delivery), description: 'A page of deliveries' },
  failures: ['not-found'],
});

export const listDeliveries = defineRoute({
  id: 'listDeliveries',
  module: 'messages',
  method: 'get',
  path: '/v1/deliveries',
  summary: 'Deliveries to own endpoints, newest first',
  access: MEMBERS_READ,
  query: pageQuery.extend({
    subscriptionId: id('sub').optional(),
    topicId: id('top').optional(),
    state: z.enum(DELIVERY_STATES).optional(),
    ...timeRange,
  }),
  success: { status: 200, schema: pageOf(delivery), description: 'A page of deliveries' },
  failures: ['too-many-deliveries'],
});

export const getDelivery = defineRoute({
  id: 'getDelivery',
  module: 'messages',
  method: 'get',
  path: '/v1/deliveries/{id}',
  summary: 'Read a delivery with its attempts: own ones, and those of own topics',
  description:
    'The owner of the topic sees of an attempt when it was made, its status, error class, hash and grant; the endpoint, what it answered and the way there are the subscriber’s.',
  access: MEMBERS_READ,
  params: idParams,
  success: { status: 200, schema: deliveryWithAttempts, description: 'The delivery' },
  failures: ['not-found'],
});

export const retryDelivery = defineRoute({
  id: 'retryDelivery',
  module: 'messages',
  method: 'post',
  path: '/v1/deliveries/{id}/retry',
  summary: 'Send a delivery again now',
  description:
    'A dead one starts its schedule anew; one that waits is sent at once. Others, and one whose request is under way: 409.',
  access: BUILDERS_MANAGE,
  params: idParams,
  body: noBody,
  success: { status: 202, schema: delivery, description: 'The delivery' },
  failures: ['not-found', 'conflict'],
});

export const resendDelivery = defineRoute({
  id: 'resendDelivery',
  module: 'messages',
  method: 'post',
  path: '/v1/deliveries/{id}/resend',
  summary: 'Send a delivered one again',
  description:
    'Under the same webhook-id, with a new schedule; whoever deduplicates by it takes it for known. ' +
    'In another state: 409. Both sides find it in the audit log.',
  access: BUILDERS_MANAGE,
  params: idParams,
  body: noBody,
  success: { status: 202, schema: delivery, description: 'The delivery' },
  failures: ['not-found', 'conflict'],
});
