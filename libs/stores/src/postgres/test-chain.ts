import { type ChainHead, commonHash, GENESIS_HASH, linksOf } from './audit-hash.ts';
import type { CommonAuditRow, OwnAuditRow } from './audit-log.ts';

export type TestEntry = {
  readonly partnerIds: readonly string[];
  readonly action?: string;
  readonly actorPartnerId?: string;
  readonly after?: unknown;
};

/** The common chain of a log of these entries, oldest first, made by the code that writes it. */
export function commonChain(entries: readonly TestEntry[]): CommonAuditRow[] {
  const heads = new Map<string, ChainHead>();
  let prevHash = GENESIS_HASH;
  return entries.map(({ partnerIds, ...given }, index) => {
    const contents = {
      at: new Date(index).toISOString(),
      action: given.action ?? 'topic.updated',
      actorId: null,
      actorPartnerId: given.actorPartnerId ?? null,
      topicId: 'top_1',
      subjectId: null,
      before: { name: 'a', b: [1, { c: null }] },
      after: given.after ?? { purpose: 'кредит' },
    };
    const own = linksOf({ ...contents, partnerIds }, heads);
    for (const { partnerId, ownSeq, ownHash } of own) heads.set(partnerId, { seq: ownSeq, hash: ownHash });
    const place = { format: 2, seq: index + 1, prevHash, own } as const;
    prevHash = commonHash(contents, place);
    return { ...contents, ...place, remoteAddress: '192.0.2.1', hash: prevHash };
  });
}

/** What one company sees of it. */
export function ownChain(log: readonly CommonAuditRow[], partnerId: string): OwnAuditRow[] {
  return log.flatMap(({ own, format: _format, ...entry }) =>
    own
      .filter((link) => link.partnerId === partnerId)
      .map(({ ownSeq, sharedWith, prevOwnHash, ownHash }) => ({
        ...entry,
        chain: partnerId,
        seq: ownSeq,
        sharedWith,
        prevHash: prevOwnHash,
        hash: ownHash,
      })),
  );
}
