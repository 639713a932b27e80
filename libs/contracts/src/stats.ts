import { STAT_SCOPES, STEPS } from '@anika/core/stats/figures';
import { z } from 'zod';
import { id, instant } from './common.ts';
import { defineRoute, EVERYBODY_SIGNED_IN } from './route.ts';

const counts = z.array(z.number().int());
const times = z.array(z.number().int().nullable());

export const stats = defineRoute({
  id: 'stats',
  module: 'messages',
  method: 'get',
  path: '/v1/stats',
  summary: 'Figures by minute, hour or day',
  description:
    'Columns of one length. `accepted`: messages, by the time of their acceptance; for a pair or a subscription those ' +
    'meant for it. `delivered` and `dead`: deliveries, `failed`: attempts, each by the time of its ending. `p50`, `p95`, ' +
    '`p99`: milliseconds from acceptance to delivery, within 5 %; null where nothing was delivered. Counted once a ' +
    'minute from what is stored, so the last two minutes may still grow. Both sides of a pair read the same figures.',
  access: EVERYBODY_SIGNED_IN,
  query: z.strictObject({
    scope: z
      .enum(STAT_SCOPES)
      .describe(
        '`topic`: its owner; `pair`: a topic and one reader, for both; `subscription`: its company and the owner of its ' +
          'topic; `installation`: operators',
      ),
    id: z.string().max(80).optional().describe('Of the topic or the subscription'),
    partnerId: id('par').optional().describe('For a pair: the reader; a reader itself may leave it out'),
    from: instant.describe('Not before this time (ISO 8601), rounded down to a step'),
    to: instant.describe(
      'Before this time; at most a day after `from` by minute, 31 days by hour, 366 by day',
    ),
    step: z
      .enum(STEPS)
      .default('minute')
      .describe('Minutes are kept for 7 days, hours for 92, days for 1,100'),
  }),
  example: {
    query: {
      scope: 'topic',
      id: 'top_01kb3v6m0eqx4tq2h7s9d5c8fz',
      from: '2026-11-27T10:00:00Z',
      to: '2026-11-27T11:00:00Z',
      step: 'minute',
    },
  },
  success: {
    status: 200,
    schema: z.object({
      t: z.array(z.string()),
      accepted: counts,
      delivered: counts,
      failed: counts,
      dead: counts,
      p50: times,
      p95: times,
      p99: times,
    }),
    description: 'The figures',
  },
  failures: ['not-found'],
});
