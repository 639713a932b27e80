import type { PartnerId } from '@anika/core/ids';

/**
 * Dispatchers have enough to do when the middle of the queue is older than this. In jobs it cannot be said: as many as are
 * done in a quarter of a second on one machine take half a minute where it is busy, a store is slow or a dispatcher is
 * missing.
 */
const BUSY_MS = 25;
/** That long after it, and after something went to wait at its endpoint: that is in no queue, and cannot be seen. */
const STAYS_BUSY_MS = 2000;
/** A company may add so many jobs a second whatever others do. */
const SMALL = 20;
/** More than this part of what all companies add is more than its share. */
const SHARE = 1 / 4;
const WINDOW_MS = 1000;
const LOOK_MS = 100;
/** BullMQ takes jobs without a priority first, then the lower number. */
const AT_ONCE = 0;
/** For what is sent again, which nobody waits for: it never delays what is new, whoever has published it. */
export const BEHIND_ALL = 1000;

type Needs = {
  /** How old the middle one is of the jobs that wait. */
  readonly middleAgeMs: (nowMs: number) => Promise<number>;
  readonly clock: { now(): number };
};

export type Order = {
  /** Of its jobs; 0: in the order of their coming. */
  readonly priority: number;
  /** What would only wait for its endpoint waits there at once, and is no job before its turn. */
  readonly waitsOutside: boolean;
};

export type QueueOrder = {
  /** The order of this many more jobs of a company's messages. */
  orderOf(ownerId: PartnerId, jobs: number): Order;
  /** Told when some of these went to wait outside: others waited there already. */
  haveParked(): void;
  /** Whether a company adds more than its share by now, however long the queue is. */
  isFlood(ownerId: PartnerId): boolean;
};

const AS_IT_COMES: Order = { priority: AT_ONCE, waitsOutside: false };

/**
 * While jobs have to wait, those of a company that adds more than its share wait behind those of the others: a flood
 * delays whoever makes it. With a short queue they run as soon as any.
 */
export function createQueueOrder({ middleAgeMs, clock }: Needs): QueueOrder {
  let busyUntilMs = Number.NEGATIVE_INFINITY;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let windowStartMs = clock.now();
  let current = newWindow();
  let previous = newWindow();

  function stayBusy(): void {
    busyUntilMs = clock.now() + STAYS_BUSY_MS;
  }

  function look(nowMs: number): void {
    if (nowMs - lookedAtMs < LOOK_MS) return;
    lookedAtMs = nowMs;
    middleAgeMs(nowMs).then(
      (age) => {
        if (age >= BUSY_MS) stayBusy();
      },
      () => undefined, // away: the jobs cannot be added either
    );
  }

  function turnWindow(nowMs: number): void {
    const passed = Math.floor((nowMs - windowStartMs) / WINDOW_MS);
    if (passed <= 0) return;
    previous = passed === 1 ? current : newWindow();
    current = newWindow();
    windowStartMs += passed * WINDOW_MS;
  }

  /** Jobs of the last second. */
  function lately(): { readonly of: (ownerId: PartnerId) => number; readonly all: number } {
    const nowMs = clock.now();
    turnWindow(nowMs);
    const stillCounts = 1 - (nowMs - windowStartMs) / WINDOW_MS;
    return {
      of: (ownerId) => (current.of.get(ownerId) ?? 0) + stillCounts * (previous.of.get(ownerId) ?? 0),
      all: current.all + stillCounts * previous.all,
    };
  }

  function floodOf(ownerId: PartnerId): number {
    const { of, all } = lately();
    const own = of(ownerId);
    return own > Math.max(SMALL, all * SHARE) ? own : 0;
  }

  return {
    orderOf(ownerId, jobs) {
      const nowMs = clock.now();
      look(nowMs);
      turnWindow(nowMs);
      current.of.set(ownerId, (current.of.get(ownerId) ?? 0) + jobs);
      current.all += jobs;
      if (nowMs >= busyUntilMs) return AS_IT_COMES;
      const own = floodOf(ownerId);
      if (own === 0) return AS_IT_COMES;
      return { priority: 1 + Math.floor(Math.log2(own)), waitsOutside: true };
    },
    haveParked: stayBusy,
    isFlood: (ownerId) => floodOf(ownerId) > 0,
  };
}

/** Jobs that were added in one second. */
function newWindow() {
  return { of: new Map<PartnerId, number>(), all: 0 };
}
