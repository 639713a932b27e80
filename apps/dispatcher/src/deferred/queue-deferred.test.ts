import type { Job } from '@anika/broker/fan-out';
import { DEFERRED } from '@anika/broker/queue-order';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createQueueDeferred } from './queue-deferred.ts';

const job = (n: number, subscriptionId: string): Job => ({
  deliveryId: `dlv_${n}` as DeliveryId,
  messageId: `msg_${n}` as MessageId,
  subscriptionId: subscriptionId as SubscriptionId,
  g: 1,
  dueMs: 1000 + n,
});

it('makes jobs behind all that is new, and none for an endpoint that has many waiting', async () => {
  const asked: unknown[] = [];
  const added: Job[] = [];
  const queue = createQueueDeferred({
    async park(place, time) {
      asked.push({ id: place.deliveryId, generation: place.generation, ...time });
      return place.subscriptionId === 'sub_slow';
    },
    addJobs: async (jobs) => void added.push(...jobs),
  });
  await queue([job(1, 'sub_slow'), job(2, 'sub_quick')]);
  expect(added).toEqual([{ ...job(2, 'sub_quick'), priority: DEFERRED }]);
  expect(asked).toEqual([
    { id: 'dlv_1', generation: 1, order: 1001, least: 100 },
    { id: 'dlv_2', generation: 1, order: 1002, least: 100 },
  ]);
  await queue([job(3, 'sub_slow')]);
  expect(added).toHaveLength(1);
});
