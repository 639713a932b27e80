import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { z } from 'zod';
import { idParams } from './common.ts';
import { defineRoute, OPERATORS } from './route.ts';

const perSecond = z.number().describe('Over the last five complete minutes');

export const opsOverview = defineRoute({
  id: 'opsOverview',
  module: 'messages',
  method: 'get',
  path: '/v1/ops/overview',
  summary: 'How the installation is doing',
  access: OPERATORS,
  success: {
    status: 200,
    schema: z.object({
      at: z.string(),
      version: z.string(),
      acceptedPerSecond: perSecond,
      deliveredPerSecond: perSecond,
      failedPerSecond: perSecond,
      deadPerSecond: perSecond,
      queues: z.array(z.object({ queue: z.string(), jobs: z.record(z.string(), z.number().int()) })),
      stores: z.record(z.string(), z.enum(['ok', 'missing'])),
      processes: z.array(
        z.object({
          program: z.enum(['api', 'dispatcher']),
          version: z.string(),
          host: z.string(),
          pid: z.number().int(),
          startedAt: z.string(),
          seenAt: z.string().describe('Each says so every ten seconds'),
          eventLoopP99Ms: z.number().describe('How late its event loop was, of the ten seconds before'),
          eventLoopMaxMs: z.number(),
          cpuPercent: z.number().describe('Of one processor'),
          memoryBytes: z.number().int(),
        }),
      ),
    }),
    description: 'The overview',
  },
});

const figures = {
  delivered: z.number().int(),
  failed: z.number().int().describe('Attempts'),
  dead: z.number().int(),
  failedShare: z.number().describe('Of all attempts, 0 to 1'),
  p95Ms: z.number().nullable().describe('From acceptance to delivery, within 5 %'),
};

export const opsEndpoints = defineRoute({
  id: 'opsEndpoints',
  module: 'messages',
  method: 'get',
  path: '/v1/ops/endpoints',
  summary: 'Endpoints that fail or are slow, the worst first',
  access: OPERATORS,
  query: z.strictObject({
    order: z.enum(['failing', 'slow']).default('failing'),
    minutes: z.coerce.number().int().min(1).max(60).default(15).describe('Of the last so many minutes'),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  example: { query: { order: 'failing' } },
  success: {
    status: 200,
    schema: z.object({
      from: z.string(),
      to: z.string(),
      subscriptions: z.array(
        z.object({
          subscriptionId: z.string(),
          topicId: z.string(),
          topicName: z.string(),
          partnerId: z.string(),
          partnerName: z.string(),
          host: z.string().nullable(),
          state: z.string(),
          failingSince: z.string().nullable(),
          ...figures,
        }),
      ),
      hosts: z.array(z.object({ host: z.string(), subscriptions: z.number().int(), ...figures })),
    }),
    description: 'The ranking',
  },
});

const job = z
  .object({ queue: z.string(), id: z.string(), state: z.string(), url: z.string() })
  .nullable()
  .describe('In Bull Board; null: none, or it waits for its endpoint outside of the queue');

export const opsDelivery = defineRoute({
  id: 'opsDelivery',
  module: 'messages',
  method: 'get',
  path: '/v1/ops/deliveries/{id}',
  summary: 'What became of a delivery, without its content',
  access: OPERATORS,
  params: idParams,
  success: {
    status: 200,
    schema: z.object({
      id: z.string(),
      messageId: z.string(),
      topicId: z.string(),
      topicName: z.string().nullable(),
      ownerId: z.string(),
      ownerName: z.string().nullable(),
      partnerId: z.string(),
      partnerName: z.string().nullable(),
      subscriptionId: z.string(),
      host: z.string().nullable(),
      type: z.string(),
      state: z.enum(DELIVERY_STATES),
      reason: z.string().nullable(),
      generation: z.number().int(),
      attemptCount: z.number().int(),
      acceptedAt: z.string(),
      createdAt: z.string(),
      nextAttemptAt: z.string().nullable(),
      finishedAt: z.string().nullable(),
      attempts: z.array(
        z.object({
          n: z.number().int(),
          at: z.string(),
          durationMs: z.number(),
          status: z.number().int().nullable(),
          errorClass: z.string().nullable(),
        }),
      ),
      job,
    }),
    description: 'The delivery',
  },
  failures: ['not-found'],
});

export const opsMessage = defineRoute({
  id: 'opsMessage',
  module: 'messages',
  method: 'get',
  path: '/v1/ops/messages/{id}',
  summary: 'What became of a message, without its content',
  access: OPERATORS,
  params: idParams,
  success: {
    status: 200,
    schema: z.object({
      id: z.string(),
      topicId: z.string(),
      topicName: z.string().nullable(),
      ownerId: z.string(),
      ownerName: z.string().nullable(),
      type: z.string(),
      acceptedAt: z.string(),
      deliveries: z
        .array(
          z.object({
            id: z.string(),
            partnerId: z.string(),
            subscriptionId: z.string(),
            state: z.enum(DELIVERY_STATES),
            reason: z.string().nullable(),
            attemptCount: z.number().int(),
            finishedAt: z.string().nullable(),
          }),
        )
        .describe('The newest 200'),
    }),
    description: 'The message',
  },
  failures: ['not-found'],
});
