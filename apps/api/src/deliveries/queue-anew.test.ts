import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { expect, it, vi } from 'vitest';
import { createQueueAnew } from './queue-anew.ts';

const started = {
  id: 'dlv_1' as DeliveryId,
  messageId: 'msg_1' as MessageId,
  subscriptionId: 'sub_1' as SubscriptionId,
  generation: 3,
};

function queueing(add: () => Promise<undefined> = async () => undefined) {
  const queues = { addDeliveries: vi.fn(add), removeDelivery: vi.fn(async () => undefined) };
  const later = vi.fn();
  return { queues, later, queueAnew: createQueueAnew({ queues, later }) };
}

it('the job of the generation before is taken away once there is a new one', async () => {
  const { queues, queueAnew } = queueing();
  await queueAnew(started);
  expect(queues.addDeliveries).toHaveBeenCalledWith([expect.objectContaining({ g: 3 })]);
  expect(queues.removeDelivery).toHaveBeenCalledWith({ deliveryId: 'dlv_1', g: 2 });
});

it('what is pulled has no job', async () => {
  const { queues, queueAnew } = queueing();
  await queueAnew({ ...started, pull: true });
  expect(queues.addDeliveries).not.toHaveBeenCalled();
});

it('without Redis the next sweep does it, and the job before stays', async () => {
  const { queues, later, queueAnew } = queueing(async () => {
    throw new Error('Redis is away');
  });
  await queueAnew(started);
  expect(later).toHaveBeenCalledOnce();
  expect(queues.removeDelivery).not.toHaveBeenCalled();
});
