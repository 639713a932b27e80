import type { NewDelivery } from '@anika/core/delivery/delivery';
import { groupedWrite } from '@anika/runtime/grouped';

/** Of what one company floods, no more waits than this: the rest is stored a moment later, with what is missing. */
const STORED = { maxItems: 500, maxInFlight: 2, maxWaiting: 10_000 } as const;

/** Stores what readers fetch as soon as it is there, many at a time. */
export function createStorePulled(insert: (batch: readonly NewDelivery[]) => Promise<unknown>) {
  const { add, drain } = groupedWrite(insert, STORED);
  return {
    drain,
    store: (pulled: readonly NewDelivery[]) => Promise.all(pulled.map((one) => add(one))),
  };
}
