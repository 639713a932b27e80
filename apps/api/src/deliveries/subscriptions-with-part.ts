import { Failure } from '@anika/core/failures';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { SubscriptionStore } from '@anika/stores/postgres/subscriptions';

export type SubscriptionsWithPart = ReturnType<typeof createSubscriptionsWithPart>;

const MAX_SUBSCRIPTIONS = 20_000;
/** A message that is accepted while a subscription is being deleted may still get its delivery. */
const DELETED_LATE_MS = 60_000;

/** Which subscriptions may have deliveries of messages accepted from a time on: the deleted ones too. */
export function createSubscriptionsWithPart(needs: { readonly idsSince: SubscriptionStore['idsSince'] }) {
  return async (of: {
    readonly topicId: TopicId;
    /** Undefined: of all readers. */
    readonly partnerId: PartnerId | undefined;
    readonly fromMs: number;
  }): Promise<readonly SubscriptionId[]> => {
    const { topicId, partnerId, fromMs } = of;
    const sinceMs = fromMs - DELETED_LATE_MS;
    const found = await needs.idsSince({ topicId, partnerId, sinceMs, limit: MAX_SUBSCRIPTIONS + 1 });
    if (found.length <= MAX_SUBSCRIPTIONS) return found;
    const detail = `More than ${MAX_SUBSCRIPTIONS} subscriptions had a part in it: name a partnerId`;
    throw new Failure('too-many-deliveries', detail);
  };
}
