import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { z } from 'zod';
import { id, idParams, pageOf, pageQuery, timeRange } from './common.ts';
import { delivery, sharedAttempt } from './deliveries.ts';
import { defineRoute, MEMBERS_READ } from './route.ts';

export const listTopicDeliveries = defineRoute({
  id: 'listTopicDeliveries',
  module: 'messages',
  method: 'get',
  path: '/v1/topics/{id}/deliveries',
  summary: 'What became of an own topic’s messages at all readers, newest first',
  description:
    'By the time of acceptance. Of attempts what both sides see, and neither endpoints nor their answers; the last 50 are kept. A company has as many of these under way at once as of searches.',
  access: MEMBERS_READ,
  params: idParams,
  query: pageQuery.extend({
    partnerId: id('par').optional().describe('To this reader alone'),
    state: z.enum(DELIVERY_STATES).optional(),
    ...timeRange,
  }),
  example: { query: { state: 'dead', from: '2026-11-01T00:00:00Z' } },
  success: {
    status: 200,
    schema: pageOf(
      delivery
        .omit({ lastAttempt: true })
        .extend({ attempts: z.array(sharedAttempt) })
        .meta({
          id: 'TopicDelivery',
        }),
    ),
    description: 'A page of deliveries',
  },
  failures: ['not-found', 'too-many-deliveries'],
});
