import { isReservedType } from '@anika/core/message';
import { SCHEDULE_MAX_DAYS, SCHEDULED_MAX } from '@anika/core/schedule';
import { z } from 'zod';
import { fieldError, id, idParams, instant } from './common.ts';
import { deliverAt, messageKey, messageType } from './messages.ts';
import { defineRoute, PUBLISHERS } from './route.ts';

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
