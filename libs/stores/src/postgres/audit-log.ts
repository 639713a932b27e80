import type { PartnerId, TopicId } from '@anika/core/ids';
import { auditedBy, type Happening } from './actor.ts';
import { type AuditInput, appendAudit } from './audit.ts';
import type { AuditContents, CommonLink, OwnLink } from './audit-hash.ts';
import { contentsForOwners } from './audit-links.ts';
import type { Postgres } from './client.ts';
import type { AuditEntry, AuditLink, Prisma } from './generated/client.ts';

type Shown = AuditContents & {
  /** From where, for those of the company that did it; no hash covers it. */
  readonly remoteAddress: string | null;
  readonly hash: string;
};

/** An entry as operators see it, in the common chain. `hash` covers all but `remoteAddress`. */
export type CommonAuditRow = Shown & CommonLink;

/** An entry as a company sees it, in its own chain. `hash` covers all but `remoteAddress`. */
export type OwnAuditRow = Shown & {
  /** Whose chain it is. */
  readonly chain: string;
  /** The number in this chain: 1, 2, 3 … without a gap. */
  readonly seq: number;
  readonly prevHash: string;
  /** Who else sees it, as far as this company may know. */
  readonly sharedWith: readonly string[];
  /** The hash by which an entry of a former version was known before it had a place in this chain. */
  readonly formerHash?: string;
};

export type AuditRow = CommonAuditRow | OwnAuditRow;

export type AuditFilter = {
  /** Who reads: only what concerns it, in its own chain. Undefined: an operator, who reads all. */
  readonly partnerId: PartnerId | undefined;
  readonly topicId?: TopicId | undefined;
  /** Only what concerns this company as well, and is known to do so by who reads. */
  readonly aboutPartnerId?: PartnerId | undefined;
  readonly action?: string | undefined;
  readonly fromMs?: number | undefined;
  /** Exclusive. */
  readonly toMs?: number | undefined;
};

/** Something that happened without a change in this database, such as a login. */
export type AuditEvent = Pick<AuditInput, 'action' | 'topicId' | 'subjectId' | 'partnerIds' | 'after'>;

const EXPORT_PAGE = 500;

function partsOf(contents: AuditContents): AuditContents {
  const { at, action, actorId, actorPartnerId, topicId, subjectId, before, after } = contents;
  return { at, action, actorId, actorPartnerId, topicId, subjectId, before, after };
}

function toOwnRow({ entry, ...link }: AuditLink & { entry: AuditEntry }): OwnAuditRow {
  return {
    chain: link.partnerId,
    seq: Number(link.ownSeq),
    ...partsOf(contentsForOwners(entry)),
    remoteAddress: entry.actorPartnerId === link.partnerId ? entry.remoteAddress : null,
    sharedWith: link.sharedWith,
    ...(entry.format === 1 && { formerHash: entry.hash }),
    prevHash: link.prevOwnHash,
    hash: link.ownHash,
  };
}

function toCommonRow({ links, ...entry }: AuditEntry & { links: AuditLink[] }): CommonAuditRow {
  return {
    format: entry.format === 1 ? 1 : 2,
    seq: Number(entry.seq),
    ...partsOf({ ...entry, at: entry.at.toISOString() }),
    remoteAddress: entry.remoteAddress,
    own: links.map(toOwnLink),
    prevHash: entry.prevHash,
    hash: entry.hash,
  };
}

function toOwnLink({ partnerId, ownSeq, sharedWith, prevOwnHash, ownHash }: AuditLink): OwnLink {
  return { partnerId, ownSeq: Number(ownSeq), sharedWith, prevOwnHash, ownHash };
}

function entriesLike({ topicId, action, fromMs, toMs }: AuditFilter): Prisma.AuditEntryWhereInput {
  return {
    ...(topicId !== undefined && { topicId }),
    ...(action !== undefined && { action }),
    at: {
      ...(fromMs !== undefined && { gte: new Date(fromMs) }),
      ...(toMs !== undefined && { lt: new Date(toMs) }),
    },
  };
}

/** What a company may know of who else sees an entry is in its link: a filter tells nothing beyond that. */
function linksLike(partnerId: PartnerId, filter: AuditFilter): Prisma.AuditLinkWhereInput {
  const { aboutPartnerId } = filter;
  const isAboutOther = aboutPartnerId !== undefined && aboutPartnerId !== partnerId;
  return {
    partnerId,
    ...(isAboutOther && { sharedWith: { has: aboutPartnerId } }),
    entry: entriesLike(filter),
  };
}

type Part = {
  readonly order: 'asc' | 'desc';
  readonly seq: { readonly lt?: number; readonly gt?: number };
  readonly limit: number;
};

/** A part of the chain of who reads: numbers and limits are those of that chain. */
async function read({ db }: Postgres, filter: AuditFilter, { order, seq, limit }: Part): Promise<AuditRow[]> {
  const { partnerId, aboutPartnerId } = filter;
  if (partnerId !== undefined) {
    const links = await db.auditLink.findMany({
      where: { ...linksLike(partnerId, filter), ownSeq: seq },
      include: { entry: true },
      orderBy: { ownSeq: order },
      take: limit,
    });
    return links.map(toOwnRow);
  }
  const entries = await db.auditEntry.findMany({
    where: {
      ...entriesLike(filter),
      ...(aboutPartnerId !== undefined && { partnerIds: { has: aboutPartnerId } }),
      seq,
    },
    include: { links: { orderBy: { partnerId: 'asc' } } },
    orderBy: { seq: order },
    take: limit,
  });
  return entries.map(toCommonRow);
}

export type AuditLog = ReturnType<typeof createAuditLog>;

export function createAuditLog(postgres: Postgres) {
  return {
    /** Newest first, those before `beforeSeq`. */
    list({
      beforeSeq,
      limit,
      ...filter
    }: AuditFilter & { beforeSeq?: number | undefined; limit: number }): Promise<AuditRow[]> {
      const seq = beforeSeq === undefined ? {} : { lt: beforeSeq };
      return read(postgres, filter, { order: 'desc', seq, limit });
    },

    /** Oldest first, page by page: the whole log never is in memory. */
    async *export(filter: AuditFilter): AsyncIterable<AuditRow> {
      let last = 0;
      for (;;) {
        const rows = await read(postgres, filter, { order: 'asc', seq: { gt: last }, limit: EXPORT_PAGE });
        yield* rows;
        last = rows.at(-1)?.seq ?? last;
        if (rows.length < EXPORT_PAGE) return;
      }
    },

    async appendEvent(change: Happening, event: AuditEvent): Promise<void> {
      await postgres.transaction((tx) => appendAudit(tx, { ...auditedBy(change), ...event }));
    },
  };
}
