import type { Queues } from '@anika/queue/queues';
import type { DeliverNeeds } from './deliver-needs.ts';

type Needs = { readonly queues: Pick<Queues, 'addDelayed'>; readonly clock: { now(): number } };

/** A job for a delivery that has none, at a time. It keeps its place in the order: when it first became due. */
export function createQueueAgain({ queues, clock }: Needs): DeliverNeeds['queueAgain'] {
  return ({ deliveryId, messageId, subscriptionId, generation, dueMs }, atMs) => {
    const job = { deliveryId, messageId, subscriptionId, g: generation };
    return queues.addDelayed(dueMs === undefined ? job : { ...job, dueMs }, atMs - clock.now());
  };
}
