import type { Delivery } from '@anika/core/delivery/delivery';
import type { Queues } from '@anika/queue/queues';
import type { DeliverNeeds } from './deliver-needs.ts';

type Needs = {
  readonly queues: Pick<Queues, 'addDeadLetters' | 'removeDeadLetters'>;
  /** Resolves once it cannot be forgotten to tell its company. */
  readonly noteDead: (delivery: Delivery, sinceMs: number) => Promise<void>;
};

/** A dead letter is shown to operators and told to its company, until another generation takes its place. */
export function createDeadLetters({ queues, noteDead }: Needs): DeliverNeeds['deadLetters'] {
  return {
    async add(delivery, { reason, atMs }) {
      const { id: deliveryId, messageId, subscriptionId, generation: g } = delivery;
      await Promise.all([
        queues.addDeadLetters([{ deliveryId, messageId, subscriptionId, g, reason }]),
        noteDead(delivery, atMs),
      ]);
    },
    removePrevious: ({ id, generation }) => queues.removeDeadLetters([{ deliveryId: id, g: generation - 1 }]),
  };
}
