import type { PartnerId } from '@anika/core/ids';
import { LRUCache } from 'lru-cache';

/**
 * Dispatchers have enough to do when the middle of the queue is older than this. In jobs it cannot be said: as many as are
 * done in a quarter of a second on one machine take half a minute where it is busy, a store is slow or a dispatcher is
 * missing.
 */
const BUSY_MS = 25;
const STAYS_BUSY_MS = 2000;
/** What would wait for longer is deferred. */
const LONG_MS = 250;
/** A company may add so many jobs a second whatever others do. */
const SMALL = 20;
/** More than this part of what all companies add is more than its share. */
const SHARE = 1 / 4;
const WINDOW_MS = 1000;
const LOOK_MS = 100;
const DEFERRED_LOOK_MS = 500;
const DEFERRING_MAX = 1000;
/** BullMQ takes jobs without a priority first, then the lower number. */
const AT_ONCE = 0;
/** For what was deferred: behind all that is new. */
export const DEFERRED = 999;
/** For what is sent again, which nobody waits for: it never delays what is new, whoever has published it. */
export const BEHIND_ALL = 1000;

type Needs = {
  /** How old the middle one is of the jobs that wait before a priority. */
  readonly middleAgeMs: (nowMs: number, priority: number) => Promise<number>;
  /** The companies of which messages are deferred, and since when the oldest waits. */
  readonly deferring: () => Promise<readonly { readonly ownerId: PartnerId; readonly oldestAtMs: number }[]>;
  /** Of a flood of more jobs a second through this process. */
  readonly deferAbove: number;
  readonly clock: { now(): number };
};

/** Who brings a job about: whoever publishes, or who has ever more subscriptions to it. */
export type Cause = PartnerId | `reader ${PartnerId}`;

export type QueueOrder = {
  /** The priority of this many more jobs; 0: in the order of their coming. */
  priorityOf(cause: Cause, jobs: number): number;
  /** Whether the messages of a company are not to become jobs now, but are fanned out as there is time for them. */
  isDeferred(ownerId: PartnerId): boolean;
  /** Whether a company publishes more than its share by now, however long the queue is, or has messages deferred. */
  isFlood(ownerId: PartnerId): boolean;
};

/**
 * While jobs have to wait, those of a company that adds more than its share wait behind those of the others: a flood
 * delays whoever makes it. With a short queue they run as soon as any. What would wait for longer than a moment is not
 * made into jobs and deliveries at all before there is time for them: to store what waits costs the others more than to
 * send it.
 */
export function createQueueOrder({ middleAgeMs, deferring, deferAbove, clock }: Needs): QueueOrder {
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let lookedForDeferredAtMs = Number.NEGATIVE_INFINITY;
  let isLong = false;
  /** Until when a company's messages are deferred: a little longer than until the next look, which may say it again. */
  const deferredUntilMs = new LRUCache<PartnerId, number>({ max: DEFERRING_MAX });
  let windowStartMs = clock.now();
  let current = newWindow();
  let previous = newWindow();

  function look(nowMs: number): void {
    lookForDeferred(nowMs);
    if (nowMs - lookedAtMs < LOOK_MS) return;
    lookedAtMs = nowMs;
    middleAgeMs(nowMs, DEFERRED).then(
      (age) => {
        isLong = age >= LONG_MS;
        if (age >= BUSY_MS) busyUntilMs = clock.now() + STAYS_BUSY_MS;
      },
      () => undefined, // away: the jobs cannot be added either
    );
  }

  function lookForDeferred(nowMs: number): void {
    if (nowMs - lookedForDeferredAtMs < DEFERRED_LOOK_MS) return;
    lookedForDeferredAtMs = nowMs;
    deferring().then(
      (found) => {
        for (const { ownerId, oldestAtMs } of found) if (nowMs - oldestAtMs > LONG_MS) keepDeferring(ownerId);
      },
      () => undefined, // away: nothing can be deferred either
    );
  }

  function keepDeferring(ownerId: PartnerId): void {
    deferredUntilMs.set(ownerId, clock.now() + 2 * DEFERRED_LOOK_MS);
  }

  function hasDeferred(ownerId: PartnerId): boolean {
    return clock.now() < (deferredUntilMs.get(ownerId) ?? 0);
  }

  function turnWindow(nowMs: number): void {
    const passed = Math.floor((nowMs - windowStartMs) / WINDOW_MS);
    if (passed <= 0) return;
    previous = passed === 1 ? current : newWindow();
    current = newWindow();
    windowStartMs += passed * WINDOW_MS;
  }

  /** Jobs of the last second. */
  function lately(): { readonly of: (cause: Cause) => number; readonly all: number } {
    const nowMs = clock.now();
    turnWindow(nowMs);
    const stillCounts = 1 - (nowMs - windowStartMs) / WINDOW_MS;
    return {
      of: (cause) => (current.of.get(cause) ?? 0) + stillCounts * (previous.of.get(cause) ?? 0),
      all: current.all + stillCounts * previous.all,
    };
  }

  function floodOf(cause: Cause): number {
    const { of, all } = lately();
    const own = of(cause);
    return own > Math.max(SMALL, all * SHARE) ? own : 0;
  }

  return {
    priorityOf(cause, jobs) {
      const nowMs = clock.now();
      look(nowMs);
      turnWindow(nowMs);
      current.of.set(cause, (current.of.get(cause) ?? 0) + jobs);
      current.all += jobs;
      const own = nowMs < busyUntilMs ? floodOf(cause) : 0;
      return own === 0 ? AT_ONCE : 1 + Math.floor(Math.log2(own));
    },
    isDeferred(ownerId) {
      look(clock.now());
      if (isLong && floodOf(ownerId) > deferAbove) keepDeferring(ownerId);
      return hasDeferred(ownerId);
    },
    isFlood: (ownerId) => floodOf(ownerId) > 0 || hasDeferred(ownerId),
  };
}

/** Jobs that were added in one second. */
function newWindow() {
  return { of: new Map<Cause, number>(), all: 0 };
}
