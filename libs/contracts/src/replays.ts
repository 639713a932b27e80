import { REPLAY_KINDS, REPLAY_PACE, REPLAY_STATES } from '@anika/core/replay/replay';
import { z } from 'zod';
import { id, idParams, instant, jsonObject, noBody, pageOf, pageQuery } from './common.ts';
import { messageType } from './messages.ts';
import { BUILDERS_MANAGE, defineRoute, MEMBERS_READ } from './route.ts';

const count = z.number().int();

export const replay = z
  .object({
    id: z.string(),
    subscriptionId: z.string(),
    topicId: z.string(),
    state: z.enum(REPLAY_STATES),
    reason: z.string().nullable().describe('Why it is paused or stopped; docs/replay.md lists them'),
    from: z.string(),
    to: z.string(),
    types: z.array(z.string()),
    filter: jsonObject.nullable(),
    only: z.enum(REPLAY_KINDS),
    perSecond: count,
    matched: count.describe('Messages found so far that it sends'),
    isRead: z.boolean().describe('Nothing more will be found'),
    started: count.describe('Deliveries that it has started'),
    underWay: count.describe('Of these, those that have not ended'),
    delivered: count,
    dead: count,
    cancelled: count,
    createdAt: z.string(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'Replay' });

export const replayPreview = z
  .object({
    dryRun: z.literal(true),
    matched: count.describe('Messages it would send'),
    never: count.describe('Of these, those that never became a delivery'),
    dead: count,
    cancelled: count,
    delivered: count.describe('Those that have arrived, which `all` sends again'),
    complete: z.boolean().describe('Whether the whole time was looked at within 5 seconds'),
  })
  .meta({ id: 'ReplayPreview' });

const messages = { module: 'messages' } as const;

export const startReplay = defineRoute({
  ...messages,
  id: 'startReplay',
  method: 'post',
  path: '/v1/subscriptions/{id}/replays',
  summary: 'Send the messages of a time again: those that never arrived, or all',
  description:
    'What the subscription may have and wants now, in the order of acceptance, behind new messages, with the same `webhook-id`. `missing` is what was never delivered, also what never became a delivery; `all` what was delivered as well. One at a time for a subscription, which must be active; five of a company go on at a time, the others wait for their turn, and 50 may not have ended. At most 92 days. With `dryRun` nothing is started: 200 with counts.',
  access: BUILDERS_MANAGE,
  params: idParams,
  body: z.strictObject({
    from: instant.describe('Messages accepted from this time on'),
    to: instant.optional().describe('Before this time; now, if it is left out or lies in the future'),
    types: z.array(messageType).max(100).optional().describe('Only these types'),
    filter: jsonObject
      .nullable()
      .optional()
      .describe('As of a subscription, beside its own; it sees what you see'),
    only: z.enum(REPLAY_KINDS),
    dryRun: z.boolean().optional(),
    perSecond: z
      .number()
      .int()
      .min(REPLAY_PACE.min)
      .max(REPLAY_PACE.max)
      .default(REPLAY_PACE.usual)
      .describe('Deliveries started a second, at most'),
  }),
  example: {
    body: {
      from: '2026-11-26T00:00:00Z',
      to: '2026-11-27T00:00:00Z',
      types: ['car.selected'],
      filter: { 'data.price': { gte: 1000000 } },
      only: 'missing',
      perSecond: 50,
    },
  },
  success: {
    status: 202,
    schema: z.union([replay, replayPreview]),
    description: 'The replay, which goes on by itself',
    also: { status: 200, schema: replayPreview, description: 'With `dryRun`: what it would send' },
  },
  failures: ['not-found', 'conflict', 'limit-reached'],
});

export const listReplays = defineRoute({
  ...messages,
  id: 'listReplays',
  method: 'get',
  path: '/v1/replays',
  summary: 'List own replays, newest first',
  description: 'Those that ended more than 92 days ago are not kept.',
  access: MEMBERS_READ,
  query: pageQuery.extend({ subscriptionId: id('sub').optional() }),
  success: { status: 200, schema: pageOf(replay), description: 'A page of replays' },
});

const one = { ...messages, params: idParams } as const;
const answer = { status: 200, schema: replay, description: 'The replay' } as const;

export const getReplay = defineRoute({
  ...one,
  id: 'getReplay',
  method: 'get',
  path: '/v1/replays/{id}',
  summary: 'Read a replay with what has become of its deliveries',
  access: MEMBERS_READ,
  success: answer,
  failures: ['not-found'],
});

const asked = { ...one, method: 'post', access: BUILDERS_MANAGE, body: noBody, success: answer } as const;

export const pauseReplay = defineRoute({
  ...asked,
  id: 'pauseReplay',
  path: '/v1/replays/{id}/pause',
  summary: 'Pause a replay: nothing more is started; what is under way ends as usual',
  failures: ['not-found', 'conflict'],
});

export const resumeReplay = defineRoute({
  ...asked,
  id: 'resumeReplay',
  path: '/v1/replays/{id}/resume',
  summary: 'Resume a paused replay; of its deliveries those that failed start again at once',
  failures: ['not-found', 'conflict'],
});

export const stopReplay = defineRoute({
  ...asked,
  id: 'stopReplay',
  path: '/v1/replays/{id}/stop',
  summary: 'Stop a replay for good; what is under way ends as usual',
  failures: ['not-found', 'conflict'],
});
