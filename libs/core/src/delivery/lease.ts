import type { Answer } from './attempt-result.ts';
import { decideOutcome } from './decide-outcome.ts';
import type { Attempt, Delivery, Lease, StatusIn } from './delivery.ts';
import type { RetrySchedule } from './retry-schedule.ts';

/** What a puller may say of what it was given. */
export const ACK_OUTCOMES = ['done', 'retry', 'refuse', 'extend'] as const;
export type AckOutcome = (typeof ACK_OUTCOMES)[number];
/** What ends a lease. */
export type LeaseEndKind = Exclude<AckOutcome, 'extend'> | 'lapsed';

/** Why an attempt that was pulled came to nothing. */
export const PULL_ERRORS = {
  'lease-lapsed': 'the lease lapsed before the delivery was acknowledged',
  'reader-retry': 'its reader asked to get it again',
  'reader-refused': 'its reader refused it',
} as const;
export type PullErrorClass = keyof typeof PULL_ERRORS;

export function isLive(lease: Lease | undefined, nowMs: number): lease is Lease {
  return lease !== undefined && lease.untilMs > nowMs;
}

/** How a lease ended, and what was asked for with it. */
export type LeaseEnd =
  | { readonly kind: 'done' | 'refuse' | 'lapsed' }
  | { readonly kind: 'retry'; readonly delayMs?: number | undefined };

type Circumstances = {
  readonly schedule: RetrySchedule;
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
};

/**
 * What becomes of a delivery when its lease ends, as of one whose request was answered. One whose lease lapsed comes
 * again at once: its reader has had the time of the lease already.
 */
export function statusAfter(
  { n }: Pick<Lease, 'n'>,
  end: LeaseEnd,
  { schedule, nowMs, random }: Circumstances,
): StatusIn<'delivered' | 'retrying' | 'dead'> {
  const outcome = decideOutcome({ answer: ANSWER_OF[end.kind], attemptsMade: n, schedule, nowMs, random });
  switch (outcome.kind) {
    case 'delivered':
      return { state: 'delivered', finishedAtMs: nowMs };
    case 'dead':
      return { state: 'dead', reason: outcome.reason, finishedAtMs: nowMs };
    case 'retry':
      return { state: 'retrying', nextAttemptAtMs: againAtMs(end, outcome.atMs, nowMs) };
  }
}

const ANSWER_OF: Readonly<Record<LeaseEndKind, Answer>> = {
  done: { kind: 'accepted' },
  retry: { kind: 'failed' },
  lapsed: { kind: 'failed' },
  refuse: { kind: 'refused', reason: 'refused' },
};

function againAtMs(end: LeaseEnd, scheduledMs: number, nowMs: number): number {
  if (end.kind === 'lapsed') return nowMs;
  const delayMs = end.kind === 'retry' ? end.delayMs : undefined;
  return delayMs === undefined ? scheduledMs : nowMs + delayMs;
}

const ERROR_OF: Readonly<Record<LeaseEndKind, PullErrorClass | undefined>> = {
  done: undefined,
  retry: 'reader-retry',
  refuse: 'reader-refused',
  lapsed: 'lease-lapsed',
};

/** Why the attempt came to nothing, if it did. */
export function attemptError(kind: LeaseEndKind): Pick<Attempt, 'errorClass' | 'errorMessage'> {
  const errorClass = ERROR_OF[kind];
  return { errorClass, errorMessage: errorClass && PULL_ERRORS[errorClass] };
}

/** The attempt that a lease was, as it is kept. */
export function attemptOf(lease: Lease, kind: LeaseEndKind, endedAtMs: number): Attempt {
  return {
    n: lease.n,
    atMs: lease.atMs,
    durationMs: Math.max(0, endedAtMs - lease.atMs),
    status: undefined,
    ...attemptError(kind),
    responseStart: undefined,
    bodyHash: lease.bodyHash,
    signature: lease.signature,
    spanId: lease.spanId,
    grantVersion: lease.grantVersion,
  };
}

/** The number of the attempt that a delivery's next lease is. A lease of an earlier generation counts no more. */
export function nextAttempt({
  generation,
  attemptCount,
  lease,
}: Pick<Delivery, 'generation' | 'attemptCount' | 'lease'>): number {
  const made = lease?.generation === generation ? Math.max(attemptCount, lease.n) : attemptCount;
  return made + 1;
}
