import { auditHash, GENESIS_HASH } from './audit.ts';
import type { AuditRow } from './audit-log.ts';

export type ChainCheck =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly seq: number; readonly problem: string };

/** Checks entries of the audit log, oldest first: see `createChainCheck`. */
export function verifyChain(entries: Iterable<AuditRow>): ChainCheck {
  const check = createChainCheck();
  let count = 0;
  for (const entry of entries) {
    const problem = check(entry);
    if (problem !== undefined) return { ok: false, seq: entry.seq, problem };
    count += 1;
  }
  return { ok: true, entries: count };
}

/**
 * A check to be given one entry of the audit log after another, oldest first; it returns what is wrong. Each entry
 * must have the hash of its contents and continue the one before. A company sees the entries that concern it;
 * across what it does not see there is no link to check.
 */
export function createChainCheck(): (entry: AuditRow) => string | undefined {
  let previous: Pick<AuditRow, 'seq' | 'hash'> = { seq: 0, hash: GENESIS_HASH };
  return (entry) => {
    const problem = problemOf(entry, previous);
    previous = entry;
    return problem;
  };
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
