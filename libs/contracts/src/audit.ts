import { z } from 'zod';
import { id, instant, isStorable, NOT_STORABLE, pageOf, pageQuery } from './common.ts';
import { defineRoute } from './route.ts';

const companyId = z.string().meta({ example: 'par_01m3k2v8qjx4w7n5t9c6b0d1fz' });

const ownLink = z.object({
  partnerId: companyId,
  ownSeq: z.number().int(),
  sharedWith: z.array(companyId),
  prevOwnHash: z.string(),
  ownHash: z.string(),
});

export const auditEntry = z
  .object({
    seq: z
      .number()
      .int()
      .describe(
        'A company sees its own chain: 1, 2, 3 … of the entries that concern it. An operator sees the common one',
      ),
    chain: companyId
      .optional()
      .describe('Whose own chain it is; not in the common chain, which operators see'),
    at: z.string(),
    action: z.string(),
    actorId: z.string().nullable(),
    actorPartnerId: z.string().nullable(),
    remoteAddress: z
      .string()
      .nullable()
      .describe('From where; shown to the company that did it only, and not covered by the hash'),
    topicId: z.string().nullable(),
    subjectId: z.string().nullable(),
    before: z.unknown(),
    after: z.unknown(),
    sharedWith: z
      .array(companyId)
      .optional()
      .describe('In an own chain: who else sees the entry, as far as this company may know'),
    formerHash: z
      .string()
      .optional()
      .describe(
        'In an own chain: the hash by which an entry was known before companies had chains of their own',
      ),
    format: z
      .union([z.literal(1), z.literal(2)])
      .optional()
      .describe('In the common chain; 2: the hash covers `own` too'),
    own: z
      .array(ownLink)
      .optional()
      .describe("In the common chain: the entry's places in the chains of the companies it concerns"),
    prevHash: z.string().describe('The hash of the entry before in the same chain'),
    hash: z.string().describe('SHA-256 of the canonical JSON of all but `hash` and `remoteAddress`'),
  })
  .meta({ id: 'AuditEntry' });

const auditFilter = {
  topicId: id('top').optional(),
  partnerId: id('par')
    .optional()
    .describe('Only what is shared with this company, as far as the caller may know: see `sharedWith`'),
  action: z.string().max(100).refine(isStorable, NOT_STORABLE).optional(),
  from: instant.optional(),
  to: instant.optional(),
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
  success: { status: 200, contentType: 'application/x-ndjson', description: 'One entry a line' },
});
