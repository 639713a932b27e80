import type { Delivery } from '@anika/core/delivery/delivery';
import { expect, it } from 'vitest';
import { createDeadLetters } from './dead-letters.ts';

const delivery = {
  id: 'dlv_1',
  messageId: 'msg_1',
  subscriptionId: 'sub_1',
  generation: 3,
} as Delivery;

function letters(addDeadLetters = async () => {}) {
  const calls: unknown[] = [];
  const made = createDeadLetters({
    queues: {
      async addDeadLetters(list) {
        calls.push(['shown', list]);
        await addDeadLetters();
      },
      removeDeadLetters: async (list) => void calls.push(['removed', list]),
    },
    noteDead: async ({ id }, sinceMs) => void calls.push(['noted', id, sinceMs]),
  });
  return { made, calls };
}

it('is shown to operators, and noted to be told to its company', async () => {
  const { made, calls } = letters();
  await made.add(delivery, { reason: 'attempts-exhausted', atMs: 7 });
  const letter = { deliveryId: 'dlv_1', messageId: 'msg_1', subscriptionId: 'sub_1', g: 3 };
  expect(calls).toEqual([
    ['shown', [{ ...letter, reason: 'attempts-exhausted' }]],
    ['noted', 'dlv_1', 7],
  ]);
});

it('that the queue is away is not hidden, and the company is told all the same', async () => {
  const { made, calls } = letters(async () => {
    throw new Error('Redis is away');
  });
  await expect(made.add(delivery, { reason: 'attempts-exhausted', atMs: 7 })).rejects.toThrow(
    'Redis is away',
  );
  expect(calls).toContainEqual(['noted', 'dlv_1', 7]);
});

it('takes the place of that of the generation before', async () => {
  const { made, calls } = letters();
  await made.removePrevious(delivery);
  expect(calls).toEqual([['removed', [{ deliveryId: 'dlv_1', g: 2 }]]]);
});
