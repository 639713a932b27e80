import type { Delivery } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';

type DeadLetter = { readonly deliveryId: DeliveryId; readonly g: number };

export type TidyNeeds = {
  /** The queue's jobs from this place on, in an order that stays while nothing is removed. */
  readonly list: (from: number, count: number) => Promise<readonly DeadLetter[]>;
  readonly findDeliveries: (ids: readonly DeliveryId[]) => Promise<ReadonlyMap<DeliveryId, Delivery>>;
  readonly remove: (letters: readonly DeadLetter[]) => Promise<void>;
};

const PAGE = 500;

/**
 * Takes out of the dead-letter queue what is not dead any more: redriven, cancelled, or no longer kept. Returns how
 * many. Nobody works on that queue; without this it would grow for ever.
 */
export function createTidyDeadLetters(needs: TidyNeeds): () => Promise<number> {
  return async () => {
    let removed = 0;
    for (let from = 0; ; ) {
      const letters = await needs.list(from, PAGE);
      if (letters.length === 0) return removed;
      const deliveries = await needs.findDeliveries(letters.map((letter) => letter.deliveryId));
      const past = letters.filter((letter) => !isOf(letter, deliveries.get(letter.deliveryId)));
      await needs.remove(past);
      removed += past.length;
      from += letters.length - past.length;
    }
  };
}

function isOf(letter: DeadLetter, delivery: Delivery | undefined): boolean {
  return delivery?.state === 'dead' && delivery.generation === letter.g;
}
