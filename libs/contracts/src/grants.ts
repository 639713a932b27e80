import { MASK_MAX_PATH_LENGTH, MASK_MAX_PATHS } from '@anika/core/field-mask';
import { z } from 'zod';
import {
  futureInstant,
  idAndPartnerParams,
  idParams,
  instant,
  isStorable,
  jsonObject,
  NOT_STORABLE,
  noBody,
  pageOf,
  pageQuery,
  pathWarning,
  prose,
} from './common.ts';
import { messageType } from './messages.ts';
import { ADMINS, defineRoute, GRANTERS, MEMBERS_READ } from './route.ts';

const fieldPath = z.string().min(1).max(MASK_MAX_PATH_LENGTH).refine(isStorable, NOT_STORABLE);
const fieldPaths = z.array(fieldPath).max(MASK_MAX_PATHS);
/** Parsed in depth (paths, filter) by core when it is used. */
export const grantBody = z.strictObject({
  expiresAt: futureInstant.nullable().optional(),
  purpose: prose(1000).nullable().optional(),
  fields: z
    .union([z.strictObject({ include: fieldPaths }), z.strictObject({ exclude: fieldPaths })])
    .nullable()
    .optional()
    .describe(
      'Which parts of a message the reader sees: paths as in filters, `data.customer.phone`, `*` for array items, or `key`. With `include` whatever is not named is hidden, `key` too.',
    )
    .meta({ example: { exclude: ['data.customer.phone', 'key'] } }),
  types: z.array(messageType).max(100).optional(),
  filter: jsonObject.nullable().optional(),
  history: z.boolean().optional().describe('May the reader see messages from before the grant? Default true'),
});

export const grant = z
  .object({
    id: z.string(),
    topicId: z.string(),
    partnerId: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    version: z.number().int(),
    purpose: z.string().nullable(),
    fields: jsonObject.nullable(),
    types: z.array(z.string()),
    filter: jsonObject.nullable(),
    history: z.boolean(),
    createdAt: z.string(),
    updatedAt: z.string(),
    expiresAt: z.string().nullable(),
    revokedAt: z.string().nullable(),
    revokedBy: z
      .enum(['owner', 'reader'])
      .nullable()
      .describe('Who ended a revoked grant: its owner, or its reader, who declined it'),
  })
  .meta({ id: 'Grant' });

export const maskWarning = pathWarning.meta({
  id: 'MaskWarning',
  example: { path: 'data.customer.fone', reason: 'the topic has no schema, …' },
});

const warnings = z
  .array(maskWarning)
  .describe('Paths of `fields` that neither the schema of the topic nor its newest messages have');

const TERMS = {
  purpose: 'Предложить кредит на выбранную машину',
  fields: { exclude: ['data.customer.phone', 'key'] },
  types: ['car.selected'],
  filter: { 'data.price': { gte: 1000000 } },
  history: false,
};

export const putGrant = defineRoute({
  id: 'putGrant',
  module: 'topics',
  method: 'put',
  path: '/v1/topics/{id}/grants/{partnerId}',
  summary: 'Let a partner read a topic, or change how',
  access: GRANTERS,
  params: idAndPartnerParams,
  body: grantBody.optional(),
  example: { body: TERMS },
  success: { status: 200, schema: grant.extend({ warnings }), description: 'The grant' },
  failures: ['limit-reached', 'not-found', 'conflict'],
});

const seen = z.object({ type: z.string(), key: z.string().nullable(), data: z.unknown() });

export const previewGrant = defineRoute({
  id: 'previewGrant',
  module: 'topics',
  method: 'post',
  path: '/v1/topics/{id}/grants/{partnerId}/preview',
  summary: 'See what a grant would show, before giving it',
  description:
    'Judges the newest messages of the topic, at most 1,000, by the terms in the body; nothing is written. `history` is left out of account, as it would leave out every message there is.',
  access: GRANTERS,
  params: idAndPartnerParams,
  body: grantBody.optional(),
  example: { body: TERMS },
  success: {
    status: 200,
    schema: z.object({
      considered: z.number().int().describe('Messages looked at'),
      matching: z.number().int().describe('Of these, what the partner would see'),
      samples: z
        .array(z.object({ messageId: z.string(), before: seen, after: seen }))
        .describe('The newest of them, at most three, as the owner and as the partner would see them'),
      warnings: z
        .array(maskWarning)
        .describe('Paths of `fields` and `filter` and types that lead nowhere; texts compared with numbers'),
    }),
    description: 'The preview',
  },
  failures: ['not-found'],
});

export const deleteGrant = defineRoute({
  id: 'deleteGrant',
  module: 'topics',
  method: 'delete',
  path: '/v1/topics/{id}/grants/{partnerId}',
  summary: 'Revoke a grant',
  description: 'Within a second nothing more is delivered, retried, found or redriven.',
  access: GRANTERS,
  params: idAndPartnerParams,
  success: { status: 204, description: 'Revoked' },
  failures: ['not-found'],
});

export const declineGrant = defineRoute({
  id: 'declineGrant',
  module: 'topics',
  method: 'delete',
  path: '/v1/grants/{id}',
  summary: 'Decline a grant given to me',
  description:
    'Ends it as a revocation by its owner does: nothing more of the topic is delivered or found, and what waits is cancelled. Both companies see it in the audit log as `grant.declined`.',
  access: ADMINS,
  params: idParams,
  success: { status: 204, description: 'Declined' },
  failures: ['not-found'],
});

export const resendCancelled = defineRoute({
  id: 'resendCancelled',
  module: 'topics',
  method: 'post',
  path: '/v1/topics/{id}/grants/{partnerId}/resend',
  summary: 'Send a reader what was cancelled when its grant ended',
  description:
    'A renewed grant does not send what the end of the one before cancelled; only its owner can have it sent. Each delivery is authorised again under the present grant. Times are those of acceptance.',
  access: GRANTERS,
  params: idAndPartnerParams,
  body: z
    .strictObject({
      from: instant.optional(),
      to: instant.optional(),
    })
    .optional(),
  success: {
    status: 202,
    schema: z.object({ resent: z.number().int().describe('Deliveries started again') }),
    description: 'Started',
  },
  failures: ['not-found', 'conflict'],
});

export const listTopicGrants = defineRoute({
  id: 'listTopicGrants',
  module: 'topics',
  method: 'get',
  path: '/v1/topics/{id}/grants',
  summary: 'Grants of an own topic',
  access: MEMBERS_READ,
  params: idParams,
  query: pageQuery,
  success: { status: 200, schema: pageOf(grant), description: 'A page of grants' },
  failures: ['not-found'],
});

export const listMyGrants = defineRoute({
  id: 'listMyGrants',
  module: 'topics',
  method: 'get',
  path: '/v1/grants',
  summary: 'Grants given to me',
  access: MEMBERS_READ,
  query: pageQuery,
  success: { status: 200, schema: pageOf(grant), description: 'A page of grants' },
});

export const accessRequest = z
  .object({
    id: z.string(),
    topicId: z.string(),
    partnerId: z.string(),
    ownerId: z.string(),
    purpose: z.string(),
    until: z.string().nullable(),
    state: z.enum(['requested', 'approved', 'refused', 'withdrawn']),
    reason: z.string().nullable(),
    createdAt: z.string(),
    decidedAt: z.string().nullable(),
  })
  .meta({ id: 'AccessRequest' });

export const requestAccess = defineRoute({
  id: 'requestAccess',
  module: 'topics',
  method: 'post',
  path: '/v1/topics/{id}/access-requests',
  summary: 'Ask the owner of a listed topic for access',
  access: ADMINS,
  params: idParams,
  body: z.strictObject({ purpose: prose(1000).min(1), until: futureInstant.optional() }),
  success: { status: 201, schema: accessRequest, description: 'The request' },
  failures: ['not-found', 'conflict'],
});

export const listAccessRequests = defineRoute({
  id: 'listAccessRequests',
  module: 'topics',
  method: 'get',
  path: '/v1/access-requests',
  summary: 'Access requests made by me (out) or to me (in)',
  access: MEMBERS_READ,
  query: pageQuery.extend({
    direction: z.enum(['in', 'out']).default('in'),
    state: z.enum(['requested', 'approved', 'refused', 'withdrawn']).optional(),
  }),
  success: { status: 200, schema: pageOf(accessRequest), description: 'A page of requests' },
});

export const approveAccessRequest = defineRoute({
  id: 'approveAccessRequest',
  module: 'topics',
  method: 'post',
  path: '/v1/access-requests/{id}/approve',
  summary: 'Approve: a grant comes into being, on my conditions',
  description: 'A `purpose` and an `expiresAt` that are not given are those that were asked for.',
  access: GRANTERS,
  params: idParams,
  body: grantBody.optional(),
  example: { body: TERMS },
  success: {
    status: 200,
    schema: accessRequest.extend({ grant, warnings }),
    description: 'The request and its grant',
  },
  failures: ['limit-reached', 'not-found', 'conflict'],
});

export const refuseAccessRequest = defineRoute({
  id: 'refuseAccessRequest',
  module: 'topics',
  method: 'post',
  path: '/v1/access-requests/{id}/refuse',
  summary: 'Refuse, with a reason',
  access: GRANTERS,
  params: idParams,
  body: z.strictObject({ reason: prose(1000).min(1) }),
  success: { status: 200, schema: accessRequest, description: 'The request' },
  failures: ['not-found', 'conflict'],
});

export const withdrawAccessRequest = defineRoute({
  id: 'withdrawAccessRequest',
  module: 'topics',
  method: 'post',
  path: '/v1/access-requests/{id}/withdraw',
  summary: 'Withdraw an own request',
  access: ADMINS,
  params: idParams,
  body: noBody,
  success: { status: 200, schema: accessRequest, description: 'The request' },
  failures: ['not-found', 'conflict'],
});
