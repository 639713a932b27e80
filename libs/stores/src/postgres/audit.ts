import { type ChainHead, commonHash, GENESIS_HASH, linksOf } from './audit-hash.ts';
import { linkFormerEntries } from './audit-links.ts';
import type { Tx } from './client.ts';
import type { Prisma } from './generated/client.ts';

/** What happened, to be chained onto the log. `partnerIds` are the companies that may read the entry. */
export type AuditInput = {
  readonly at: Date;
  readonly action: string;
  readonly actorId: string | undefined;
  readonly actorPartnerId: string | undefined;
  readonly remoteAddress: string | undefined;
  readonly topicId?: string | undefined;
  readonly subjectId?: string | undefined;
  readonly partnerIds: readonly string[];
  /**
   * Never a secret: these are shown to both companies. Never an email either: what is in the chain cannot be
   * erased, so people are named by their ids.
   */
  readonly before?: Prisma.InputJsonValue | undefined;
  readonly after?: Prisma.InputJsonValue | undefined;
};

const AUDIT_LOCK = 7_201_001;

/** From here to the end of the transaction nobody else appends to the log. */
export async function lockAudit(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK})`;
}

/**
 * Appends to the log within the transaction of the change itself, so that neither exists without the other: to the
 * common chain and to the own one of each company it concerns. An advisory lock keeps the chains without gaps;
 * changes that are audited therefore run one at a time.
 */
export async function appendAudit(tx: Tx, input: AuditInput): Promise<void> {
  await lockAudit(tx);
  const partnerIds = [...new Set(input.partnerIds)];
  const { last, heads } = await currentHeads(tx, partnerIds);
  const contents = contentsOf(input);
  const own = linksOf({ ...contents, partnerIds }, heads);
  const place = { format: 2, seq: last.seq + 1, prevHash: last.hash, own } as const;
  const hash = commonHash(contents, place);
  // One statement for the entry and its links: the lock is held for every round trip less.
  await tx.$executeRaw`
    WITH entry AS (
      INSERT INTO audit_entries (seq, at, action, actor_id, actor_partner_id, remote_address, topic_id, subject_id,
        partner_ids, before, after, prev_hash, hash, format)
      VALUES (${place.seq}::bigint, ${contents.at}::timestamptz, ${contents.action}, ${contents.actorId}::text,
        ${contents.actorPartnerId}::text, ${input.remoteAddress ?? null}::text, ${contents.topicId}::text,
        ${contents.subjectId}::text, ${partnerIds}::text[], ${jsonText(input.before)}::jsonb,
        ${jsonText(input.after)}::jsonb, ${place.prevHash}, ${hash}, 2)
      RETURNING seq)
    INSERT INTO audit_links (partner_id, own_seq, seq, shared_with, prev_own_hash, own_hash)
    SELECT l."partnerId", l."ownSeq", entry.seq, l."sharedWith", l."prevOwnHash", l."ownHash"
    FROM entry CROSS JOIN jsonb_to_recordset(${JSON.stringify(own)}::jsonb)
      AS l("partnerId" text, "ownSeq" bigint, "sharedWith" text[], "prevOwnHash" text, "ownHash" text)`;
}

/** As it is stored and read again, so that both have one hash. */
function contentsOf(input: AuditInput) {
  return {
    at: input.at.toISOString(),
    action: input.action,
    actorId: input.actorId ?? null,
    actorPartnerId: input.actorPartnerId ?? null,
    topicId: input.topicId ?? null,
    subjectId: input.subjectId ?? null,
    before: asStored(input.before),
    after: asStored(input.after),
  };
}

function jsonText(value: Prisma.InputJsonValue | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

function asStored(value: Prisma.InputJsonValue | undefined): unknown {
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}

type Heads = { readonly last: ChainHead; readonly heads: ReadonlyMap<string, ChainHead> };

async function currentHeads(tx: Tx, partnerIds: readonly string[]): Promise<Heads> {
  const found = await readHeads(tx, partnerIds);
  if (found.lastFormat === 2) return found;
  // Of a process of the version before, which may run on for a while during an upgrade.
  while ((await linkFormerEntries(tx)) > 0);
  return readHeads(tx, partnerIds);
}

async function readHeads(
  tx: Tx,
  partnerIds: readonly string[],
): Promise<Heads & { readonly lastFormat: number }> {
  const rows = await tx.$queryRaw<{ chain: string | null; seq: bigint; hash: string; format: number }[]>`
    (SELECT NULL AS chain, seq, hash, format FROM audit_entries ORDER BY seq DESC LIMIT 1)
    UNION ALL
    SELECT head.partner_id, head.own_seq, head.own_hash, 2
    FROM unnest(${[...partnerIds]}::text[]) AS concerned(id) CROSS JOIN LATERAL (
      SELECT partner_id, own_seq, own_hash FROM audit_links
      WHERE partner_id = concerned.id ORDER BY own_seq DESC LIMIT 1) AS head`;
  const last = rows.find(({ chain }) => chain === null);
  return {
    last: last === undefined ? { seq: 0, hash: GENESIS_HASH } : { seq: Number(last.seq), hash: last.hash },
    lastFormat: last?.format ?? 2,
    heads: new Map(
      rows.flatMap(({ chain, seq, hash }) => (chain === null ? [] : [[chain, { seq: Number(seq), hash }]])),
    ),
  };
}
