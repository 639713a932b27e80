import type { SubscriptionId, TopicId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { CancellationStore } from '@anika/stores/postgres/cancellations';

export type CancelWaitingNeeds = Pick<CancellationStore, 'findDue' | 'carryOut'> & {
  readonly cancelOpen: DeliveryStore['cancelOpen'];
  readonly cancelled: (id: SubscriptionId, reason: string) => void;
  readonly clock: { now(): number };
};

/**
 * Cancels what waits for subscriptions whose grant, topic or own life has ended, of one topic or of all. The api does
 * so right after the change, dispatchers again and again for what it left. No delivery waits for this to be refused:
 * each is authorised right before it is sent.
 */
export function createCancelWaiting(needs: CancelWaitingNeeds) {
  return async (topicId?: TopicId): Promise<void> => {
    for (const due of await needs.findDue(topicId)) {
      await needs.carryOut(due, async (reason) => {
        await needs.cancelOpen([due.id], reason, needs.clock.now());
        needs.cancelled(due.id, reason);
      });
    }
  };
}
