import type { Subscription } from '../subscription.ts';

/** An endpoint that has only failed for this long is given up. */
export const GIVE_UP_MS = 5 * 24 * 3_600_000;
/** Who has not had its first attempt after this time waits longer than it should. */
const LAGGING_MS = 30_000;

/** Of more it is only said that there are more. */
export const COUNTED_MAX = 1000;

/** `isMore`: there are more than `count`. */
export type Counted = { readonly count: number; readonly isMore: boolean };

/** What is known of the deliveries of a subscription. */
export type DeliveryCounts = {
  /** Pending or retrying. */
  readonly open: Counted;
  readonly held: Counted;
  readonly dead: Counted;
  /** When the message was accepted that has waited longest for its first attempt. */
  readonly oldestPendingMs: number | undefined;
  /** When the newest of what was delivered was delivered, as far as it was looked for. */
  readonly lastDeliveredMs: number | undefined;
};

export const HEALTH_STATES = [
  'unverified',
  'paused',
  'disabled',
  'failing',
  'lagging',
  'healthy',
  'idle',
] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export type Health = DeliveryCounts & {
  readonly state: HealthState;
  /** Every attempt since then has failed. */
  readonly failingSinceMs: number | undefined;
  /** Unless one succeeds before. */
  readonly willBeDisabledAtMs: number | undefined;
};

type Known = Pick<Subscription, 'state' | 'failingSinceMs'>;

/** How a subscription does, in one word and the figures behind it. */
export function healthOf(subscription: Known, counts: DeliveryCounts, nowMs: number): Health {
  const { state, failingSinceMs } = subscription;
  const ends = state === 'active' && failingSinceMs !== undefined;
  return {
    ...counts,
    state: healthState(subscription, counts, nowMs),
    failingSinceMs,
    willBeDisabledAtMs: ends ? failingSinceMs + GIVE_UP_MS : undefined,
  };
}

function healthState({ state, failingSinceMs }: Known, counts: DeliveryCounts, nowMs: number): HealthState {
  switch (state) {
    case 'pending':
      return 'unverified';
    case 'paused':
    case 'disabled':
      return state;
    case 'active':
      return failingSinceMs === undefined ? unlessFailing(counts, nowMs) : 'failing';
  }
}

function unlessFailing({ oldestPendingMs, lastDeliveredMs }: DeliveryCounts, nowMs: number): HealthState {
  if (oldestPendingMs !== undefined && nowMs - oldestPendingMs > LAGGING_MS) return 'lagging';
  return lastDeliveredMs === undefined ? 'idle' : 'healthy';
}
