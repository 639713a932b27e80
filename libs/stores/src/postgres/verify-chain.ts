import { auditHash, GENESIS_HASH } from './audit.ts';
import type { AuditRow } from './audit-log.ts';

export type ChainCheck =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly seq: number; readonly problem: string };

/**
 * Checks entries of the audit log, oldest first: each must have the hash of its contents, and continue the
 * one before. A company sees the entries that concern it; across what it does not see there is no link to check.
 */
export function verifyChain(entries: Iterable<AuditRow>): ChainCheck {
  let previous: Pick<AuditRow, 'seq' | 'hash'> = { seq: 0, hash: GENESIS_HASH };
  let count = 0;
  for (const entry of entries) {
    const problem = problemOf(entry, previous);
    if (problem !== undefined) return { ok: false, seq: entry.seq, problem };
    previous = entry;
    count += 1;
  }
  return { ok: true, entries: count };
}

function problemOf(entry: AuditRow, previous: Pick<AuditRow, 'seq' | 'hash'>): string | undefined {
  if (entry.seq <= previous.seq) return `comes after entry ${previous.seq}, out of order`;
  if (entry.seq === previous.seq + 1 && entry.prevHash !== previous.hash) {
    return `does not continue entry ${previous.seq}`;
  }
  const { seq, at, action, actorId, actorPartnerId, topicId, subjectId, before, after, prevHash } = entry;
  const hash = auditHash({
    seq,
    at,
    action,
    actorId,
    actorPartnerId,
    topicId,
    subjectId,
    before,
    after,
    prevHash,
  });
  return hash === entry.hash ? undefined : 'was changed: its hash does not fit its contents';
}
