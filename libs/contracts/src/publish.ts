import { z } from 'zod';
import { fieldError, idParams } from './common.ts';
import { deliverAt } from './messages.ts';
import { PUBLISHED_EVENT, publishedEvent } from './published-event.ts';
import { idempotencyKey, publishedMessage } from './published-message.ts';
import { defineRoute, PUBLISHERS } from './route.ts';

const idempotencyHeader = z.object({ 'Idempotency-Key': idempotencyKey.optional() });

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

const BATCH_MAX = 100;

/** CloudEvents 1.0 over HTTP §3.2 and §3.3. */
export const EVENT_TYPE = 'application/cloudevents+json';
export const BATCH_TYPE = 'application/cloudevents-batch+json';
/** Each is checked for itself, so that a bad one does not spoil the others. */
export const eventBatch = z.array(z.unknown()).min(1).max(BATCH_MAX).describe('Each a `PublishedCloudEvent`');
export const messageBatch = z.strictObject({
  messages: z
    .array(z.unknown())
    .min(1)
    .max(BATCH_MAX)
    .describe('Each `{type, data, key?, audience?, deliverAt?, idempotencyKey?}`'),
});

export const publishMessage = defineRoute({
  id: 'publishMessage',
  module: 'messages',
  method: 'post',
  path: '/v1/topics/{id}/messages',
  summary: 'Publish a message; 202 means it is stored durably and will reach every authorised subscriber',
  description:
    'With an `Idempotency-Key` header a repeated request gets the first answer again, with `Idempotency-Replayed: true`, also when the topic’s schema or grants have changed since. ' +
    'CloudEvents 1.0 are taken too, in structured and binary mode: `id` and `source` are the idempotency key then, and what no receiver would get is 422.',
  access: PUBLISHERS,
  params: idParams,
  headers: idempotencyHeader,
  body: publishedMessage,
  alsoTakes: {
    [EVENT_TYPE]: { schema: publishedEvent, example: PUBLISHED_EVENT },
  },
  maxBodyBytes: 0,
  example: { body: CAR_SELECTED },
  success: {
    status: 202,
    schema: accepted,
    description: 'Accepted',
    headers: { 'Idempotency-Replayed': '`true` when this is the first answer again' },
  },
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
    'An item that fails says why: `status`, `code`, `detail`, and for the fields of its `data` `errors`. With an `Idempotency-Key` header each message without an `idempotencyKey` of its own has one made of the header and its place in the batch: send the same batch again as it was. The answer is 503 where no message could be stored because a store was away. CloudEvents come as a batch of theirs, each with its own outcome.',
  itemsApart: true,
  access: PUBLISHERS,
  params: idParams,
  headers: idempotencyHeader,
  body: messageBatch,
  alsoTakes: {
    [BATCH_TYPE]: {
      schema: eventBatch,
      example: [PUBLISHED_EVENT, { ...PUBLISHED_EVENT, id: 'order-1004' }],
    },
  },
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
