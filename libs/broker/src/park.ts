import { orderedAtMs } from '@anika/core/accepted-order';
import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';
import type { Lanes } from '@anika/queue/lanes';

/** Of deliveries that have no job yet, those that wait at their endpoints now, since others wait there already. */
export function createPark(needs: { readonly park: Lanes['park']; readonly clock: { now(): number } }) {
  return async (pending: readonly NewDelivery[]): Promise<ReadonlySet<DeliveryId>> => {
    const time = { nowMs: needs.clock.now(), ttlMs: 0 };
    const parked = await Promise.all(
      pending.map((delivery) => {
        const order = orderedAtMs(delivery.acceptedAtMs, delivery.order);
        return needs.park({ ...delivery, deliveryId: delivery.id, generation: 1 }, { ...time, order });
      }),
    );
    return new Set(pending.filter((_, index) => parked[index]).map(({ id }) => id));
  };
}
