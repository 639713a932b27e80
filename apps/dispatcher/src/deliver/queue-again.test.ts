import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createQueueAgain } from './queue-again.ts';

const command = {
  deliveryId: 'dlv_1' as DeliveryId,
  messageId: 'msg_1' as MessageId,
  subscriptionId: 'sub_1' as SubscriptionId,
  generation: 2,
  isFresh: true,
};
const job = { deliveryId: 'dlv_1', messageId: 'msg_1', subscriptionId: 'sub_1', g: 2 };

it.each([
  [4000, { ...job, dueMs: 4000 }],
  [undefined, job],
])('one that became due at %s comes back after the rest of the time, with that', async (dueMs, made) => {
  const added: unknown[] = [];
  const queueAgain = createQueueAgain({
    queues: { addDelayed: async (...args) => void added.push(args) },
    clock: { now: () => 5000 },
  });
  await queueAgain({ ...command, dueMs }, 5250);
  expect(added).toEqual([[made, 250]]);
});
