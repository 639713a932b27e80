import type { PartnerId } from '@anika/core/ids';
import { BUSY_PART } from '@anika/runtime/busy-part';

/** A part of the places of a dispatcher. */
const COMPANY_PART = 1 / 4;
/** So much of them must be in use before shares count: what nobody else needs may be had. */
const SPARE_PART = 1 / 2;

/** A job that is added begins within this time, or others wait for the places as well. */
const BEGINS_WITHIN_MS = 1000;

/** What is left of a share while this process is busy and others have work too. */
const LEAST_PART = 1 / 8;
const LOOK_MS = 100;
const WITH_OTHERS_MS = 1000;

type Needs = {
  readonly clock: { now(): number };
  /** The part of its time, 0 to 1, that this process was busy since it was asked last. */
  readonly busyPart: () => number;
};

export type Shares = {
  /** Counts work as under way until it ends. */
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Something of a reader's has come up, of a message of an owner's. */
  seen(partnerId: PartnerId, ownerId: PartnerId): void;
  /** So many that waited were called just now: they are not under way yet, and their places are not to spare. */
  called(count: number): void;
  /** Whether there were messages of several companies lately. */
  isOfSeveral(): boolean;
  /** How many places all endpoints of one company may have together, and how many more are to spare. */
  ofCompany(): { readonly share: number; readonly spare: number };
};

/**
 * The places of this dispatcher, and what one company may have of them: endpoints that hang must not hold them all. While
 * this process has more to do than it can, more at once would be no faster together: nothing is to spare then, and with
 * work of several companies a share is smaller, since each delivery of the others waits for all of it at every step.
 */
export function createShares(places: number, { clock, busyPart }: Needs): Shares {
  const most = Math.max(1, Math.floor(places * COMPANY_PART));
  const mostSpare = Math.floor(places * SPARE_PART);
  const step = Math.max(1, most / 16);
  let share = most;
  let toSpare = mostSpare;
  let lookedAtMs = Number.NEGATIVE_INFINITY;
  let underWay = 0;
  let calls: { readonly count: number; readonly atMs: number }[] = [];
  const readers = createMixed(clock);
  const owners = createMixed(clock);

  function calledLately(): number {
    const sinceMs = clock.now() - BEGINS_WITHIN_MS;
    calls = calls.filter(({ atMs }) => atMs > sinceMs);
    return calls.reduce((sum, { count }) => sum + count, 0);
  }

  function adapt(nowMs: number): void {
    if (nowMs - lookedAtMs < LOOK_MS) return;
    lookedAtMs = nowMs;
    const isBusy = busyPart() > BUSY_PART;
    const isCrowded = isBusy && readers.areMixed();
    share = isCrowded ? most * LEAST_PART : Math.min(most, share + step);
    toSpare = isBusy || share < most ? 0 : Math.min(mostSpare, toSpare + step);
  }

  return {
    isOfSeveral: owners.areMixed,
    seen(partnerId, ownerId) {
      readers.seen(partnerId);
      owners.seen(ownerId);
    },
    called(count) {
      if (count > 0) calls.push({ count, atMs: clock.now() });
    },
    async during(work) {
      underWay += 1;
      try {
        return await work();
      } finally {
        underWay -= 1;
      }
    },
    ofCompany() {
      adapt(clock.now());
      const spare = Math.max(0, Math.floor(toSpare) - underWay - calledLately());
      return { share: Math.max(1, Math.floor(share)), spare };
    },
  };
}

/** Whether there were several companies lately. */
function createMixed(clock: Needs['clock']) {
  let last: PartnerId | undefined;
  let untilMs = Number.NEGATIVE_INFINITY;
  return {
    seen(id: PartnerId): void {
      if (last !== undefined && id !== last) untilMs = clock.now() + WITH_OTHERS_MS;
      last = id;
    },
    areMixed: (): boolean => clock.now() < untilMs,
  };
}
