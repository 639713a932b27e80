import type { Delivery } from '@anika/core/delivery/delivery';
import type { Queues } from '@anika/queue/queues';

type Needs = {
  readonly queues: Pick<Queues, 'addDeliveries' | 'removeDelivery'>;
  /** Told of a queue that is away: the next sweep does it. */
  readonly later: (error: unknown) => void;
};
type Started = Pick<Delivery, 'id' | 'messageId' | 'subscriptionId' | 'generation' | 'pull'>;

/** A job for a delivery that was started again, in place of the one before; what is pulled has none. */
export function createQueueAnew({ queues, later }: Needs) {
  return async ({ id, messageId, subscriptionId, generation, pull }: Started): Promise<void> => {
    if (pull) return;
    try {
      await queues.addDeliveries([{ deliveryId: id, messageId, subscriptionId, g: generation }]);
      await queues.removeDelivery({ deliveryId: id, g: generation - 1 });
    } catch (error) {
      later(error);
    }
  };
}
