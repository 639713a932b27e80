export type Dead = {
  readonly id: string;
  readonly subscriptionId: string;
  readonly topicId: string;
  readonly reason: string | null;
  readonly acceptedAt: string;
  readonly finishedAt: string | null;
};

/** Dead letters of one cause. Times are ISO texts of UTC, which sort as they are. */
export type DeadGroup = {
  readonly subscriptionId: string;
  readonly topicId: string;
  readonly reason: string | null;
  readonly count: number;
  readonly firstAcceptedAt: string;
  readonly lastAcceptedAt: string;
  readonly lastFinishedAt: string | null;
  /** The newest of them. */
  readonly exampleId: string;
};

/** By endpoint and reason, the largest first. */
export function groupsOf(dead: readonly Dead[]): readonly DeadGroup[] {
  const groups = new Map<string, DeadGroup>();
  for (const one of dead) {
    const { subscriptionId, topicId, reason, acceptedAt, finishedAt, id } = one;
    const name = `${subscriptionId} ${reason}`;
    const before = groups.get(name);
    const isNewer = before === undefined || acceptedAt > before.lastAcceptedAt;
    groups.set(name, {
      subscriptionId,
      topicId,
      reason,
      count: (before?.count ?? 0) + 1,
      firstAcceptedAt:
        before !== undefined && before.firstAcceptedAt < acceptedAt ? before.firstAcceptedAt : acceptedAt,
      lastAcceptedAt: isNewer ? acceptedAt : before.lastAcceptedAt,
      lastFinishedAt: later(before?.lastFinishedAt ?? null, finishedAt),
      exampleId: isNewer ? id : before.exampleId,
    });
  }
  return [...groups.values()].sort((a, b) => b.count - a.count);
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
