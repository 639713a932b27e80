import { ERASURE_KINDS, ERASURE_STATES, RUNNING_ERASURES_MAX } from '@anika/core/erasure';
import { z } from 'zod';
import { id, idParams, pageOf, pageQuery } from './common.ts';
import { messageKey, recallReason } from './messages.ts';
import { ADMINS, defineRoute } from './route.ts';

export const erasure = z
  .object({
    id: z.string(),
    topicId: z.string().nullable().describe('Null: of all topics of the company'),
    by: z.enum(ERASURE_KINDS).describe('`topic`: all messages of a topic that was deleted'),
    criterionHash: z
      .string()
      .nullable()
      .describe('A keyed hash of what is looked for: equal for equal ones, and nobody can guess it'),
    reason: z.string(),
    state: z.enum(ERASURE_STATES),
    matched: z.number().int(),
    erased: z.number().int(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
    proof: z
      .object({
        at: z.string(),
        count: z.number().int(),
        hash: z
          .string()
          .describe(
            'Of the messages in the order of their topics, times and ids: SHA-256 of the hash before, a line break, the id, a space and the SHA-256 of the data. The first follows that of the erasure’s id',
          ),
      })
      .nullable()
      .describe('Null until it is done'),
  })
  .meta({ id: 'Erasure' });

export const erasurePreview = z
  .object({
    dryRun: z.literal(true),
    matched: z
      .number()
      .int()
      .describe('Messages that fit by now, of the topics that were counted to their end'),
    complete: z.boolean().describe('Whether everything was looked at within 5 seconds'),
  })
  .meta({ id: 'ErasurePreview' });

export const createErasure = defineRoute({
  id: 'createErasure',
  module: 'messages',
  method: 'post',
  path: '/v1/erasures',
  summary: 'Erase the messages of one person from own topics',
  description: `Messages whose \`key\` is this, or that have this \`value\` at \`path\` (\`data.…\`, as filters find it), lose their contents like those that are taken back one by one: what waits is cancelled, whoever had one is sent \`anika.message.recalled\`, reading one is 410. What was accepted before the request counts, scheduled ones too. It runs in the background; at most ${RUNNING_ERASURES_MAX} of a company at once. With \`dryRun\` nothing is erased: 200 with a count.`,
  access: ADMINS,
  body: z.strictObject({
    topicId: id('top').optional().describe('Of this topic only; default: all own topics'),
    key: messageKey.optional(),
    path: z.string().min(1).max(1000).optional(),
    value: z
      .union([z.string().max(1024), z.number(), z.boolean(), z.null()])
      .optional()
      .describe('With `path`'),
    reason: recallReason,
    dryRun: z.boolean().optional(),
  }),
  example: { body: { key: 'customer-4711', reason: 'Просьба клиента' } },
  success: {
    status: 202,
    schema: z.union([erasure, erasurePreview]),
    description: 'It has begun',
    also: { status: 200, schema: erasurePreview, description: 'With `dryRun`: what it would erase' },
  },
  failures: ['not-found', 'limit-reached'],
});

export const listErasures = defineRoute({
  id: 'listErasures',
  module: 'messages',
  method: 'get',
  path: '/v1/erasures',
  summary: 'Erasures of the own company, newest first',
  access: ADMINS,
  query: pageQuery,
  success: { status: 200, schema: pageOf(erasure), description: 'A page of erasures' },
});

export const getErasure = defineRoute({
  id: 'getErasure',
  module: 'messages',
  method: 'get',
  path: '/v1/erasures/{id}',
  summary: 'How far an erasure has come; when it is done, its proof',
  access: ADMINS,
  params: idParams,
  success: { status: 200, schema: erasure, description: 'The erasure' },
  failures: ['not-found'],
});
