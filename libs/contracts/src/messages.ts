import { said } from '@anika/core/field-rules';
import { MESSAGE_TYPE_PATTERN } from '@anika/core/message';
import { z } from 'zod';
import { id, idParams, isStorable, NOT_STORABLE, pageOf, pageQuery, timeRange } from './common.ts';
import { defineRoute, MEMBERS_READ, PUBLISHERS } from './route.ts';

export const messageType = z.string().regex(MESSAGE_TYPE_PATTERN, said('message-type').message);
export const messageKey = z.string().min(1).max(256).refine(isStorable, NOT_STORABLE);
export const deliverAt = z.string().optional().describe('Of one that was scheduled: when it is sent');

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
