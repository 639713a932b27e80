import type { PartnerId, TopicId } from '@anika/core/ids';
import { auditedBy, type Change } from './actor.ts';
import { type AuditInput, appendAudit } from './audit.ts';
import type { Postgres } from './client.ts';
import type { AuditEntry, Prisma } from './generated/client.ts';

/** An entry as its readers see it; `hash` covers all of it and the hash of the entry before. */
export type AuditRow = {
  readonly seq: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly action: string;
  readonly actorId: string | null;
  readonly actorPartnerId: string | null;
  /** From where, for those of the company that did it; the hash does not cover it. */
  readonly remoteAddress: string | null;
  readonly topicId: string | null;
  readonly subjectId: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly prevHash: string;
  readonly hash: string;
};

export type AuditFilter = {
  /** Who reads: only what concerns it. Undefined: an operator, who reads all. */
  readonly partnerId: PartnerId | undefined;
  readonly topicId?: TopicId | undefined;
  /** Only what concerns this company as well. */
  readonly aboutPartnerId?: PartnerId | undefined;
  readonly action?: string | undefined;
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
};

/** Something that happened without a change in this database, such as a login. */
export type AuditEvent = Pick<AuditInput, 'action' | 'topicId' | 'subjectId' | 'partnerIds' | 'after'>;

const EXPORT_PAGE = 500;

function toAuditRow(row: AuditEntry, { partnerId }: Pick<AuditFilter, 'partnerId'>): AuditRow {
  const isOwn = partnerId === undefined || row.actorPartnerId === partnerId;
  return {
    seq: Number(row.seq),
    at: row.at.toISOString(),
    action: row.action,
    actorId: row.actorId,
    actorPartnerId: row.actorPartnerId,
    remoteAddress: isOwn ? row.remoteAddress : null,
    topicId: row.topicId,
    subjectId: row.subjectId,
    before: row.before,
    after: row.after,
    prevHash: row.prevHash,
    hash: row.hash,
  };
}

function whereOf(filter: AuditFilter): Prisma.AuditEntryWhereInput {
  const { partnerId, aboutPartnerId, topicId, action, fromMs, toMs } = filter;
  const concerned = [partnerId, aboutPartnerId].filter((id) => id !== undefined);
  return {
    ...(concerned.length > 0 && { partnerIds: { hasEvery: concerned } }),
    ...(topicId !== undefined && { topicId }),
    ...(action !== undefined && { action }),
    at: {
      ...(fromMs !== undefined && { gte: new Date(fromMs) }),
      ...(toMs !== undefined && { lt: new Date(toMs) }),
    },
  };
}

export type AuditLog = ReturnType<typeof createAuditLog>;

export function createAuditLog(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Newest first, those before `beforeSeq`. */
    async list({
      beforeSeq,
      limit,
      ...filter
    }: AuditFilter & { beforeSeq?: number | undefined; limit: number }): Promise<AuditRow[]> {
      const rows = await db.auditEntry.findMany({
        where: { ...whereOf(filter), ...(beforeSeq !== undefined && { seq: { lt: beforeSeq } }) },
        orderBy: { seq: 'desc' },
        take: limit,
      });
      return rows.map((row) => toAuditRow(row, filter));
    },

    /** Oldest first, page by page: the whole log never is in memory. */
    async *export(filter: AuditFilter): AsyncIterable<AuditRow> {
      let lastSeq = 0n;
      for (;;) {
        const rows = await db.auditEntry.findMany({
          where: { ...whereOf(filter), seq: { gt: lastSeq } },
          orderBy: { seq: 'asc' },
          take: EXPORT_PAGE,
        });
        for (const row of rows) yield toAuditRow(row, filter);
        lastSeq = rows.at(-1)?.seq ?? lastSeq;
        if (rows.length < EXPORT_PAGE) return;
      }
    },

    async appendEvent(change: Change, event: AuditEvent): Promise<void> {
      await postgres.transaction((tx) => appendAudit(tx, { ...auditedBy(change), ...event }));
    },
  };
}
