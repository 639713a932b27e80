import { z } from 'zod';
import { noBody } from './common.ts';
import { BUILDERS_MANAGE, defineRoute } from './route.ts';
import { answer, CHALLENGES, one } from './subscriptions.ts';

export const verifySubscription = defineRoute({
  ...one,
  id: 'verifySubscription',
  method: 'post',
  path: '/v1/subscriptions/{id}/verify',
  summary: 'Send the challenge again',
  description: `${CHALLENGES} 409 for one that pulls: it has no endpoint.`,
  access: BUILDERS_MANAGE,
  body: noBody,
  success: answer,
  failures: ['not-found', 'endpoint-refused', 'conflict'],
});

export const pauseSubscription = defineRoute({
  ...one,
  id: 'pauseSubscription',
  method: 'post',
  path: '/v1/subscriptions/{id}/pause',
  summary: 'Pause: deliveries are held, nothing is lost',
  access: BUILDERS_MANAGE,
  body: noBody,
  success: answer,
  failures: ['not-found', 'conflict'],
});

export const resumeSubscription = defineRoute({
  ...one,
  id: 'resumeSubscription',
  method: 'post',
  path: '/v1/subscriptions/{id}/resume',
  summary: 'Resume: held deliveries go out, the oldest first',
  description:
    'Up to 1,000 arrive strictly one after the other, in the order of acceptance; of more, the first 1,000.',
  access: BUILDERS_MANAGE,
  body: noBody,
  success: answer,
  failures: ['not-found', 'conflict'],
});

export const testSubscription = defineRoute({
  ...one,
  id: 'testSubscription',
  method: 'post',
  path: '/v1/subscriptions/{id}/test',
  summary: 'Send one signed test event now and report what the endpoint answered',
  description:
    'Only to an endpoint that has answered its challenge: 409 before that, and for one that pulls.',
  access: BUILDERS_MANAGE,
  body: noBody,
  success: {
    status: 200,
    schema: z.object({
      delivered: z.boolean(),
      status: z.number().int().nullable(),
      error: z.string().nullable(),
      durationMs: z.number(),
      response: z.string().nullable(),
    }),
    description: 'What came of it',
  },
  failures: ['not-found', 'endpoint-refused', 'conflict'],
});
