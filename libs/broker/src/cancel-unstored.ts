import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import type { SubscriptionId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { CarryOutRecallNeeds } from './carry-out-recall.ts';
import { deliveryChunks, type FanOutMessage, type FanOutNeeds, isPending, toJob } from './fan-out.ts';

export type CancelUnstoredNeeds = Pick<FanOutNeeds, 'route' | 'clock'> &
  Pick<CarryOutRecallNeeds, 'removeJobs'> & { readonly record: DeliveryStore['record'] };

/**
 * Deliveries of a message of a moment ago may not be stored yet, while their jobs are in the queue: they are stored as
 * cancelled, before anybody makes them, and their jobs go.
 */
export function createCancelUnstored(needs: CancelUnstoredNeeds) {
  return async (message: FanOutMessage): Promise<void> => {
    const finishedAtMs = needs.clock.now();
    if (finishedAtMs - message.acceptedAtMs > TIMING.unstoredMs) return;
    // One that is scheduled has none.
    if (message.publishedAtMs !== undefined && message.acceptedAtMs > finishedAtMs) return;
    const later = await madeSince(message, needs);
    for await (const chunk of deliveryChunks([message], needs)) {
      const pending = chunk.filter((one) => isPending(one) && !later.has(one.subscriptionId));
      await needs.record(
        pending.map(
          (unstored): DeliveryRecord => ({
            id: unstored.id,
            generation: 1,
            state: 'cancelled',
            reason: 'recalled',
            finishedAtMs,
            unstored,
          }),
        ),
      );
      await needs.removeJobs(pending.map(toJob));
    }
  };
}

/** Subscriptions that were not there when the message was fanned out. */
async function madeSince(
  { topicId, acceptedAtMs }: FanOutMessage,
  { route }: Pick<CancelUnstoredNeeds, 'route'>,
): Promise<Set<SubscriptionId>> {
  const { subscriptions = [] } = (await route(topicId))?.route ?? {};
  return new Set(subscriptions.flatMap(({ id, createdAtMs }) => (createdAtMs > acceptedAtMs ? [id] : [])));
}
