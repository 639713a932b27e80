import { type ChainHead, formerContents, linksOf } from './audit-hash.ts';
import type { Tx } from './client.ts';
import type { AuditEntry } from './generated/client.ts';

const BATCH = 500;

/**
 * Gives the oldest entries that have none their places in the chains of the companies; how many it saw, 0: all
 * have theirs. Such entries are of the version before, which knew the common chain only. The caller holds the
 * log's lock.
 */
export async function linkFormerEntries(tx: Tx): Promise<number> {
  const newest = await tx.auditLink.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true } });
  const entries = await tx.auditEntry.findMany({
    where: { seq: { gt: newest?.seq ?? 0n }, format: 1, partnerIds: { isEmpty: false } },
    orderBy: { seq: 'asc' },
    take: BATCH,
  });
  if (entries.length === 0) return 0;
  const heads = await headsOf(tx, [...new Set(entries.flatMap(({ partnerIds }) => partnerIds))]);
  const links = entries.flatMap((entry) => {
    const own = linksOf({ ...contentsForOwners(entry), partnerIds: entry.partnerIds }, heads, entry.hash);
    for (const { partnerId, ownSeq, ownHash } of own) heads.set(partnerId, { seq: ownSeq, hash: ownHash });
    return own.map((link) => ({ ...link, sharedWith: [...link.sharedWith], seq: entry.seq }));
  });
  await tx.auditLink.createMany({ data: links });
  return entries.length;
}

/** What happened, as the companies that an entry concerns see and hash it. */
export function contentsForOwners(entry: AuditEntry) {
  const contents = { ...entry, at: entry.at.toISOString() };
  return entry.format === 1 ? formerContents(contents) : contents;
}

async function headsOf(tx: Tx, partnerIds: readonly string[]): Promise<Map<string, ChainHead>> {
  const rows = await tx.$queryRaw<{ partnerId: string; ownSeq: bigint; ownHash: string }[]>`
    SELECT head.* FROM unnest(${[...partnerIds]}::text[]) AS concerned(id) CROSS JOIN LATERAL (
      SELECT partner_id AS "partnerId", own_seq AS "ownSeq", own_hash AS "ownHash" FROM audit_links
      WHERE partner_id = concerned.id ORDER BY own_seq DESC LIMIT 1) AS head`;
  return new Map(
    rows.map(({ partnerId, ownSeq, ownHash }) => [partnerId, { seq: Number(ownSeq), hash: ownHash }]),
  );
}
