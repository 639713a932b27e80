export type Dead = {
  readonly id: string;
  readonly subscriptionId: string;
  readonly topicId: string;
  readonly reason: string | null;
  readonly acceptedAt: string;
  readonly finishedAt: string | null;
  readonly lastAttempt: { readonly status: number | null; readonly errorClass: string | null } | null;
};

/** Dead letters of one cause. Times are ISO texts of UTC, which sort as they are. */
export type DeadGroup = {
  readonly subscriptionId: string;
  readonly topicId: string;
  readonly reason: string | null;
  /** What the endpoint answered at last, or why there was no answer. */
  readonly status: number | null;
  readonly errorClass: string | null;
  readonly count: number;
  readonly firstAcceptedAt: string;
  readonly lastAcceptedAt: string;
  readonly lastFinishedAt: string | null;
  /** The newest of them. */
  readonly exampleId: string;
};

/** By endpoint, reason and last answer, the largest first. */
export function groupsOf(dead: readonly Dead[]): readonly DeadGroup[] {
  const groups = new Map<string, DeadGroup>();
  for (const one of dead) {
    const { subscriptionId, topicId, reason, acceptedAt, finishedAt, id } = one;
    const { status = null, errorClass = null } = one.lastAttempt ?? {};
    const name = groupName({ subscriptionId, reason, status, errorClass });
    const before = groups.get(name);
    const isNewer = before === undefined || acceptedAt > before.lastAcceptedAt;
    groups.set(name, {
      subscriptionId,
      topicId,
      reason,
      status,
      errorClass,
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

export function groupName(
  of: Pick<DeadGroup, 'subscriptionId' | 'reason' | 'status' | 'errorClass'>,
): string {
  return `${of.subscriptionId} ${of.reason} ${of.status} ${of.errorClass}`;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
