import type { SubscriptionId } from '@anika/core/ids';
import type { Due } from '@anika/stores/mongo/pulls';

/** How often it is looked for all who wait, and so how late something is noticed that nobody is woken for. */
export const LOOK_MS = 2000;
/** A timer may be early, and who is woken early finds nothing. */
const EARLY_MS = 2;

/** Wakes whoever waits when it is time. A process does not stay for it. */
export function wakeAt(
  { id, atMs }: Due,
  wake: (ids: readonly SubscriptionId[]) => void,
  clock: { now(): number },
): void {
  const inMs = atMs - clock.now();
  if (inMs <= 0) wake([id]);
  else setTimeout(() => wake([id]), inMs + EARLY_MS).unref();
}

/** What comes later than the next look is found by it, in whatever process somebody waits. */
export function createWakeForNext(wake: (ids: readonly SubscriptionId[]) => void, clock: { now(): number }) {
  return (id: SubscriptionId, atMs: number): void => {
    if (atMs - clock.now() <= LOOK_MS) wakeAt({ id, atMs }, wake, clock);
  };
}
