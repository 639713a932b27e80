import type { Delivery } from '@anika/core/delivery/delivery';
import { groupedWrite } from '@anika/runtime/grouped';
import type { DeadMarkStore } from '@anika/stores/postgres/dead-marks';

const NOTES = { maxItems: 500, maxInFlight: 1 } as const;

/** That something has died is noted for many at a time; each resolves once it cannot be forgotten to tell of it. */
export function createNoteDead(note: DeadMarkStore['note']) {
  const { add, drain } = groupedWrite(note, NOTES);
  return {
    drain,
    note: ({ subscriptionId: id }: Pick<Delivery, 'subscriptionId'>, sinceMs: number): Promise<void> =>
      add({ id, sinceMs }),
  };
}
