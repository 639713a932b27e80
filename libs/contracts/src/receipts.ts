import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { RECEIPT_FORMAT } from '@anika/core/receipt/receipt';
import { z } from 'zod';
import { id, idParams, instant } from './common.ts';
import { defineRoute, MEMBERS_READ } from './route.ts';

const count = z.number().int().min(0);

const facts = {
  format: z.literal(RECEIPT_FORMAT),
  issuer: z.string().describe('The address of the installation that signed it'),
  topicId: z.string(),
  ownerId: z.string(),
};

const proof = {
  fingerprint: z
    .string()
    .describe(
      'The first 16 hex digits, in fours, of the SHA-256 of the canonical form of all other members but `jws`; the same for both companies as long as nothing has changed',
    ),
  jws: z
    .string()
    .describe(
      'That canonical form, signed: JWS in compact form, ES256, `typ` anika-receipt; its key is at /.well-known/jwks.json and stays there',
    ),
};

const ms = z.number().int().nullable();

export const rangeReceipt = z
  .object({
    ...facts,
    kind: z.enum(['pair', 'topic']).describe('`pair`: of one reader; `topic`: of all'),
    partnerId: z.string().nullable().describe('The reader; null: all readers'),
    from: z.string(),
    to: z.string(),
    complete: z
      .boolean()
      .describe('false: a part of this time, in which the topic was there, lies before what it keeps'),
    accepted: count.describe(
      'Deliveries, one message for one subscription each: delivered + dead + cancelled + held + underWay',
    ),
    underWay: count.describe('pending + retrying'),
    deliveries: z.object({
      pending: count,
      retrying: count,
      delivered: count,
      dead: count,
      cancelled: count,
      held: count,
    }),
    deliveredAtFirstAttempt: count.describe('Of the delivered ones'),
    messages: count.describe('Of a pair: those meant for the reader. Of a topic: all that were accepted'),
    withoutDelivery: count.describe(
      'Of `messages`: those for which nobody has a delivery, or not yet, while they are being fanned out. 0 for a pair',
    ),
    timeToDeliveryMs: z.object({ median: ms, p95: ms, p99: ms }),
    oldestUndeliveredAt: z.string().nullable(),
    ...proof,
  })
  .meta({ id: 'Receipt' });

export const receipts = defineRoute({
  id: 'receipts',
  module: 'messages',
  method: 'get',
  path: '/v1/receipts',
  summary: 'A signed receipt of a time: what was accepted and what became of it, for both sides',
  description:
    'Of messages accepted in the time asked for, as they were at one moment. Times to delivery above a second are rounded down to three digits.',
  access: MEMBERS_READ,
  query: z.strictObject({
    topicId: id('top'),
    partnerId: id('par').optional().describe('For the owner: of this reader alone'),
    from: instant.describe('Not before this time of acceptance (ISO 8601)'),
    to: instant.describe('Before this time; at most 92 days after `from`'),
  }),
  example: {
    query: {
      topicId: 'top_01kb3v6m0eqx4tq2h7s9d5c8fz',
      from: '2026-11-01T00:00:00Z',
      to: '2026-12-01T00:00:00Z',
    },
  },
  success: { status: 200, schema: rangeReceipt, description: 'The receipt' },
  failures: ['not-found', 'too-many-deliveries'],
});

export const deliveryReceipt = defineRoute({
  id: 'deliveryReceipt',
  module: 'messages',
  method: 'get',
  path: '/v1/deliveries/{id}/receipt',
  summary: 'A signed receipt of one delivery: what was sent, when and under which grant',
  access: MEMBERS_READ,
  params: idParams,
  success: {
    status: 200,
    schema: z
      .object({
        ...facts,
        kind: z.literal('delivery'),
        deliveryId: z.string(),
        messageId: z.string(),
        subscriptionId: z.string(),
        partnerId: z.string(),
        type: z.string(),
        state: z.enum(DELIVERY_STATES),
        reason: z.string().nullable(),
        acceptedAt: z.string(),
        finishedAt: z.string().nullable(),
        attempts: z.array(
          z.object({
            n: z.number().int(),
            at: z.string(),
            bodySha256: z.string(),
            signature: z.string(),
            status: z.number().int().nullable(),
            errorClass: z.string().nullable(),
            grantVersion: z.number().int().nullable(),
          }),
        ),
        ...proof,
      })
      .meta({ id: 'DeliveryReceipt' }),
    description: 'The receipt',
  },
  failures: ['not-found'],
});
