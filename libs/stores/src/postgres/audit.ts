import { createHash } from 'node:crypto';
import type { Tx } from './client.ts';
import type { AuditEntry, Prisma } from './generated/client.ts';

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
  /** Never a secret: these are shown to both companies. */
  readonly before?: Prisma.InputJsonValue | undefined;
  readonly after?: Prisma.InputJsonValue | undefined;
};

/** The hash before the first entry. */
export const GENESIS_HASH = '0'.repeat(64);
const AUDIT_LOCK = 7_201_001;

/** JSON with sorted keys and without undefined, so that both sides hash the same text (after RFC 8785). */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** What an entry's hash covers: everything a reader of the log sees, and the hash before it. */
export function auditHash(entry: {
  seq: number;
  at: string;
  action: string;
  actorId: string | null;
  actorPartnerId: string | null;
  topicId: string | null;
  subjectId: string | null;
  before: unknown;
  after: unknown;
  prevHash: string;
}): string {
  return createHash('sha256').update(canonicalJson(entry)).digest('hex');
}

/**
 * Appends to the log within the transaction of the change itself, so that neither exists without the other.
 * An advisory lock keeps the chain without gaps; changes that are audited therefore run one at a time.
 */
export async function appendAudit(tx: Tx, input: AuditInput): Promise<AuditEntry> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${AUDIT_LOCK})`;
  const last = await tx.auditEntry.findFirst({ orderBy: { seq: 'desc' }, select: { seq: true, hash: true } });
  const seq = (last?.seq ?? 0n) + 1n;
  const prevHash = last?.hash ?? GENESIS_HASH;
  const hash = auditHash({
    seq: Number(seq),
    at: input.at.toISOString(),
    action: input.action,
    actorId: input.actorId ?? null,
    actorPartnerId: input.actorPartnerId ?? null,
    topicId: input.topicId ?? null,
    subjectId: input.subjectId ?? null,
    before: input.before ?? null,
    after: input.after ?? null,
    prevHash,
  });
  return tx.auditEntry.create({
    data: {
      seq,
      at: input.at,
      action: input.action,
      actorId: input.actorId ?? null,
      actorPartnerId: input.actorPartnerId ?? null,
      remoteAddress: input.remoteAddress ?? null,
      topicId: input.topicId ?? null,
      subjectId: input.subjectId ?? null,
      partnerIds: [...new Set(input.partnerIds)],
      ...(input.before === undefined ? {} : { before: input.before }),
      ...(input.after === undefined ? {} : { after: input.after }),
      prevHash,
      hash,
    },
  });
}
