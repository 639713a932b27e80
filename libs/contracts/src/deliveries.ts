import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { z } from 'zod';
import { id, idParams, instant, noBody, pageOf, pageQuery, timeRange } from './common.ts';
import { BUILDERS_MANAGE, defineRoute, MEMBERS_READ } from './route.ts';

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
    traceparent: z
      .string()
      .nullable()
      .describe('As it was sent (W3C Trace Context); null of attempts of earlier versions'),
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

export const redriveSubscription = defineRoute({
  id: 'redriveSubscription',
  module: 'messages',
  method: 'post',
  path: '/v1/subscriptions/{id}/redrive',
  summary: 'Start the dead deliveries of a subscription again',
  access: BUILDERS_MANAGE,
  params: idParams,
  body: z
    .strictObject({
      from: instant.optional(),
      to: instant.optional(),
      states: z.array(z.literal('dead')).min(1).max(1).optional(),
    })
    .optional(),
  success: {
    status: 202,
    schema: z.object({ redriven: z.number().int().describe('Deliveries started again') }),
    description: 'Started',
  },
  failures: ['not-found', 'conflict'],
});
