import type { Delivery, DeliveryState } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createTidyDeadLetters } from './tidy-dead-letters.ts';

it('tidyDeadLetters() keeps what is dead in this very generation, over many pages', async () => {
  const states: (DeliveryState | undefined)[] = ['dead', 'pending', 'cancelled', undefined, 'dead'];
  const letters = Array.from({ length: 1700 }, (_, n) => ({ deliveryId: `dlv_${n}` as DeliveryId, g: 1 }));
  const stateOf = (id: DeliveryId) => states[Number(id.slice(4)) % states.length];
  const generationOf = (id: DeliveryId) => (Number(id.slice(4)) % states.length === 4 ? 2 : 1);
  let queue = [...letters];
  const tidy = createTidyDeadLetters({
    list: async (from, count) => queue.slice(from, from + count),
    findDeliveries: async (ids) =>
      new Map(
        ids.flatMap((id) => {
          const state = stateOf(id);
          return state === undefined ? [] : [[id, { state, generation: generationOf(id) } as Delivery]];
        }),
      ),
    async remove(past) {
      queue = queue.filter((letter) => !past.includes(letter));
    },
  });
  expect(await tidy()).toBe(1360);
  expect(queue).toHaveLength(340);
  expect(queue.every(({ deliveryId }) => Number(deliveryId.slice(4)) % 5 === 0)).toBe(true);
  expect(await tidy()).toBe(0);
});
