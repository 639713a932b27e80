import { Failure } from '@anika/core/failures';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { WithPart } from '@anika/stores/postgres/subscriptions-with-part';

export type SubscriptionsWithPart = ReturnType<typeof createSubscriptionsWithPart>;

const MAX_SUBSCRIPTIONS = 20_000;
/** A message that is accepted while a subscription is being deleted may still get its delivery. */
const DELETED_LATE_MS = 60_000;

export type WithPartNeeds = {
  readonly find: (of: WithPart) => Promise<readonly SubscriptionId[]>;
  readonly clock: { now(): number };
};

/** Which subscriptions may have deliveries of messages accepted from a time on: the deleted ones too. */
export function createSubscriptionsWithPart({ find, clock }: WithPartNeeds) {
  return async (of: {
    readonly subscriptionId?: SubscriptionId | undefined;
    readonly topicId?: TopicId | undefined;
    readonly partnerId?: PartnerId | undefined;
    /** Undefined: from as long ago as anything is kept. */
    readonly fromMs: number | undefined;
  }): Promise<readonly SubscriptionId[]> => {
    const { fromMs = 0, ...which } = of;
    const sinceMs = fromMs - DELETED_LATE_MS;
    const limit = MAX_SUBSCRIPTIONS + 1;
    const found = await find({ ...which, sinceMs, nowMs: clock.now(), limit });
    if (found.length < limit) return found;
    const name = which.topicId === undefined ? 'topicId' : 'partnerId';
    const detail = `More than ${MAX_SUBSCRIPTIONS} subscriptions had a part in it: name a ${name}`;
    throw new Failure('too-many-deliveries', detail);
  };
}
