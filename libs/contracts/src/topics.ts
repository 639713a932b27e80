import { z } from 'zod';
import {
  futureInstant,
  id,
  idAndPartnerParams,
  idParams,
  label,
  noBody,
  pageOf,
  pageQuery,
  prose,
} from './common.ts';
import { ADMINS, BUILDERS_MANAGE, defineRoute, MEMBERS_READ } from './route.ts';

const jsonObject = z.record(z.string(), z.unknown());

export const topic = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    visibility: z.enum(['private', 'listed']),
    retentionDays: z.number().int(),
    schema: jsonObject.nullable(),
    owner: z.object({ id: z.string(), name: z.string() }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .meta({ id: 'Topic' });

const topicFields = {
  name: label(200),
  description: prose(2000).nullable(),
  visibility: z.enum(['private', 'listed']),
  retentionDays: z.number().int().min(1).max(3650),
  schema: jsonObject.nullable().describe('JSON Schema (2020-12 or draft-07) that `data` must fit'),
};

export const createTopic = defineRoute({
  id: 'createTopic',
  module: 'topics',
  method: 'post',
  path: '/v1/topics',
  summary: 'Create a topic',
  access: BUILDERS_MANAGE,
  body: z.strictObject({
    name: topicFields.name,
    description: topicFields.description.optional(),
    visibility: topicFields.visibility.default('private'),
    retentionDays: topicFields.retentionDays.default(30),
    schema: topicFields.schema.optional(),
  }),
  success: { status: 201, schema: topic, description: 'The topic' },
  failures: ['conflict'],
});

export const listTopics = defineRoute({
  id: 'listTopics',
  module: 'topics',
  method: 'get',
  path: '/v1/topics',
  summary: 'List own topics and those granted to me',
  access: MEMBERS_READ,
  query: pageQuery,
  success: { status: 200, schema: pageOf(topic), description: 'A page of topics' },
});

export const getTopic = defineRoute({
  id: 'getTopic',
  module: 'topics',
  method: 'get',
  path: '/v1/topics/{id}',
  summary: 'Read a topic',
  access: MEMBERS_READ,
  params: idParams,
  success: { status: 200, schema: topic, description: 'The topic' },
  failures: ['not-found'],
});

export const updateTopic = defineRoute({
  id: 'updateTopic',
  module: 'topics',
  method: 'patch',
  path: '/v1/topics/{id}',
  summary: 'Change a topic',
  access: BUILDERS_MANAGE,
  params: idParams,
  body: z.strictObject(topicFields).partial(),
  success: { status: 200, schema: topic, description: 'The topic' },
  failures: ['not-found', 'conflict'],
});

export const deleteTopic = defineRoute({
  id: 'deleteTopic',
  module: 'topics',
  method: 'delete',
  path: '/v1/topics/{id}',
  summary: 'Delete a topic with its subscriptions',
  description: 'What was not delivered yet ends `cancelled`.',
  access: BUILDERS_MANAGE,
  params: idParams,
  success: { status: 204, description: 'Deleted' },
  failures: ['not-found'],
});

export const catalog = defineRoute({
  id: 'catalog',
  module: 'topics',
  method: 'get',
  path: '/v1/catalog',
  summary: 'Listed topics of all partners, with my access',
  access: MEMBERS_READ,
  query: pageQuery.extend({ q: z.string().trim().max(100).optional().describe('Part of the name') }),
  success: {
    status: 200,
    schema: pageOf(
      topic
        .pick({ id: true, name: true, description: true, owner: true })
        .extend({ access: z.enum(['owner', 'granted', 'requested', 'none']) }),
    ),
    description: 'A page of the catalogue',
  },
});

const fieldPath = z.string().min(1).max(200);
/** Parsed in depth (paths, filter) by core when it is used. */
export const grantBody = z.strictObject({
  expiresAt: futureInstant.nullable().optional(),
  purpose: prose(1000).nullable().optional(),
  fields: z
    .union([
      z.strictObject({ include: z.array(fieldPath).max(100) }),
      z.strictObject({ exclude: z.array(fieldPath).max(100) }),
    ])
    .nullable()
    .optional()
    .describe('Which parts of `data` the reader sees; paths, `*` for array items'),
  types: z
    .array(z.string().regex(/^[A-Za-z0-9_.-]{1,128}$/))
    .max(100)
    .optional(),
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
  })
  .meta({ id: 'Grant' });

export const putGrant = defineRoute({
  id: 'putGrant',
  module: 'topics',
  method: 'put',
  path: '/v1/topics/{id}/grants/{partnerId}',
  summary: 'Let a partner read a topic, or change how',
  access: ADMINS,
  params: idAndPartnerParams,
  body: grantBody.optional(),
  success: { status: 200, schema: grant, description: 'The grant' },
  failures: ['not-found', 'conflict'],
});

export const deleteGrant = defineRoute({
  id: 'deleteGrant',
  module: 'topics',
  method: 'delete',
  path: '/v1/topics/{id}/grants/{partnerId}',
  summary: 'Revoke a grant',
  description: 'Within a second nothing more is delivered, retried, found or redriven.',
  access: ADMINS,
  params: idAndPartnerParams,
  success: { status: 204, description: 'Revoked' },
  failures: ['not-found'],
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
  access: ADMINS,
  params: idParams,
  body: grantBody.optional(),
  success: { status: 200, schema: accessRequest.extend({ grant }), description: 'The request and its grant' },
  failures: ['not-found', 'conflict'],
});

export const refuseAccessRequest = defineRoute({
  id: 'refuseAccessRequest',
  module: 'topics',
  method: 'post',
  path: '/v1/access-requests/{id}/refuse',
  summary: 'Refuse, with a reason',
  access: ADMINS,
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

export const auditEntry = z
  .object({
    seq: z.number().int(),
    at: z.string(),
    action: z.string(),
    actorId: z.string().nullable(),
    actorPartnerId: z.string().nullable(),
    topicId: z.string().nullable(),
    subjectId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });

const auditFilter = {
  topicId: id('top').optional(),
  partnerId: id('par').optional(),
  action: z.string().max(100).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
};

export const listAudit = defineRoute({
  id: 'listAudit',
  module: 'topics',
  method: 'get',
  path: '/v1/audit',
  summary: 'Audit log of what concerns my company',
  access: { roles: ['operator', 'admin'], scope: 'none' },
  query: pageQuery.extend(auditFilter),
  success: { status: 200, schema: pageOf(auditEntry), description: 'A page of entries, newest first' },
});

export const exportAudit = defineRoute({
  id: 'exportAudit',
  module: 'topics',
  method: 'get',
  path: '/v1/audit/export',
  summary: 'The same as NDJSON, oldest first',
  access: { roles: ['operator', 'admin'], scope: 'none' },
  query: z.strictObject(auditFilter),
  success: { status: 200, description: 'application/x-ndjson, one entry a line' },
});
