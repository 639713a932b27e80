import type { PartnerId } from '@anika/core/ids';

const LEAST = 4;
const FIRST = 50;
/** From one look to the next: more than any machine does so far. */
const MOST = 200;

/** How many deliveries may be made of what is deferred, from one look to the next, by all companies and by each. */
export function createPace() {
  let rate = FIRST / 2;
  /** Of companies that have messages deferred: below zero while more were made than were due. */
  let credits = new Map<PartnerId, number>();
  return {
    /** A new look at the companies that have messages deferred. */
    next(owners: readonly PartnerId[], isBusy: boolean): void {
      rate = isBusy ? Math.max(LEAST, Math.floor(rate / 2)) : Math.min(MOST, rate * 2);
      const share = rate / owners.length;
      credits = new Map(owners.map((id) => [id, Math.min(share, (credits.get(id) ?? 0) + share)]));
    },
    /** None is due while this is not above zero. */
    dueOf(ownerId: PartnerId): number {
      return credits.get(ownerId) ?? 0;
    },
    /** A message has as many as it has readers: the next ones of its company wait for them. */
    made(ownerId: PartnerId, deliveries: number): void {
      credits.set(ownerId, (credits.get(ownerId) ?? 0) - deliveries);
    },
  };
}
