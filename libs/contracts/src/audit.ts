import { z } from 'zod';
import { id, instant, isStorable, NOT_STORABLE, pageOf, pageQuery } from './common.ts';
import { defineRoute } from './route.ts';

export const auditEntry = z
  .object({
    seq: z.number().int(),
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
    prevHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });

const auditFilter = {
  topicId: id('top').optional(),
  partnerId: id('par').optional(),
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
  success: { status: 200, description: 'application/x-ndjson, one entry a line' },
});
