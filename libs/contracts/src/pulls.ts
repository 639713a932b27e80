import { ACK_OUTCOMES } from '@anika/core/delivery/lease';
import { z } from 'zod';
import { idParams } from './common.ts';
import { defineRoute, RECEIVERS } from './route.ts';

const leaseSeconds = z.number().int().min(5).max(600);
/** A day, as `Retry-After` of an endpoint. */
const MAX_DELAY_SECONDS = 86_400;

const pulled = z
  .object({
    deliveryId: z.string(),
    lease: z.string().describe('Acknowledges it, until the lease lapses'),
    attempt: z.number().int().describe('1 and more; one that comes again has the next number'),
    headers: z
      .record(z.string(), z.string())
      .describe(
        'Those a webhook would have: `webhook-id`, `webhook-timestamp`, `webhook-signature` and so on',
      ),
    body: z.string().describe('The bytes that are signed, as text: verify it before you parse it'),
  })
  .meta({ id: 'PulledDelivery' });
export type PulledDelivery = z.output<typeof pulled>;

const one = { module: 'messages', params: idParams, access: RECEIVERS } as const;

export const pullDeliveries = defineRoute({
  ...one,
  id: 'pullDeliveries',
  method: 'post',
  path: '/v1/subscriptions/{id}/pull',
  summary: 'Fetch deliveries of a subscription that pulls, each leased to you',
  description:
    'In the order of acceptance. Nobody else gets one before its lease lapses; then it comes again, as the next attempt of the retry schedule. With `waitSeconds` the answer waits until there is something. At most as many as have about 1 MB together; an empty answer means that there is nothing now. A company may have a number of pulls under way at once (`ANIKA_MAX_POLLS`, 1,000 unless set otherwise, by process): 429 beyond. 409 where the subscription does not pull.',
  body: z
    .strictObject({
      max: z.number().int().min(1).max(100).default(10),
      waitSeconds: z.number().int().min(0).max(20).default(0),
      leaseSeconds: leaseSeconds.default(30),
    })
    .optional(),
  example: { body: { max: 10, waitSeconds: 0, leaseSeconds: 30 } },
  success: {
    status: 200,
    schema: z.object({ items: z.array(pulled) }),
    description: 'What there is, yours for the time of the lease',
  },
  failures: ['not-found', 'conflict'],
});

export const ackDeliveries = defineRoute({
  ...one,
  id: 'ackDeliveries',
  method: 'post',
  path: '/v1/subscriptions/{id}/ack',
  summary: 'Say what became of what was pulled, or lease it for longer',
  description:
    '`done`: delivered. `retry`: comes again after `delaySeconds`, or by the retry schedule; when that is used up the delivery is dead. `refuse`: dead at once, since no retry would help. `extend`: the lease lasts `leaseSeconds` (30 unless given) from now. Each item is judged for itself: 409 with `lease-lapsed` for one whose lease has lapsed or ended or is not known, and of a delivery that stands in the list twice.',
  body: z.strictObject({
    items: z
      .array(
        z.strictObject({
          deliveryId: z.string().max(200),
          lease: z.string().max(200),
          outcome: z.enum(ACK_OUTCOMES),
          delaySeconds: z
            .number()
            .int()
            .min(0)
            .max(MAX_DELAY_SECONDS)
            .optional()
            .describe('For `retry` only'),
          leaseSeconds: leaseSeconds.optional().describe('For `extend` only'),
        }),
      )
      .min(1)
      .max(100),
  }),
  example: {
    body: {
      items: [
        {
          deliveryId: 'dlv_01kb3v6m0eqx4tq2h7s9d5c8fz8d7nrnzp0fhz3y6h',
          lease: 'hR3yM0bW8J1cQxZ7dT5vLg',
          outcome: 'done',
        },
      ],
    },
  },
  success: {
    status: 200,
    schema: z.object({
      items: z.array(
        z.object({
          deliveryId: z.string(),
          status: z.union([z.literal(200), z.literal(409)]),
          code: z.literal('lease-lapsed').optional(),
        }),
      ),
    }),
    description: 'What came of each, in the order of the request',
  },
  failures: ['not-found', 'conflict'],
});
