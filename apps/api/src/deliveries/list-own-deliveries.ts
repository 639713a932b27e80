import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveriesOf } from '@anika/stores/mongo/deliveries-of-subscriptions';
import type { SubscriptionsWithPart } from './subscriptions-with-part.ts';

export type ListOwnDeliveriesNeeds = {
  readonly subscriptionsWithPart: SubscriptionsWithPart;
  readonly list: DeliveryStore['listOf'];
  /** Those of one company are bounded, as its searches are. */
  readonly listOfMany: (list: DeliveriesOf, partnerId: PartnerId) => ReturnType<DeliveryStore['listOf']>;
};

export type OwnDeliveriesQuery = Pick<DeliveriesOf, 'state' | 'fromMs' | 'toMs' | 'after' | 'limit'> & {
  readonly subscriptionId: SubscriptionId | undefined;
  readonly topicId: TopicId | undefined;
};

export type ListOwnDeliveries = ReturnType<typeof createListOwnDeliveries>;

/** So many cost a page no more than one would. */
const FEW = 100;

/** For a reader: the deliveries to its endpoints, each with its last attempt. */
export function createListOwnDeliveries(needs: ListOwnDeliveriesNeeds) {
  return async (query: OwnDeliveriesQuery, by: PartnerCaller): Promise<Delivery[]> => {
    const { subscriptionId, topicId, ...page } = query;
    const { partnerId } = by;
    // Whoever names another's subscription finds none, and nothing of it is looked through.
    const which = { subscriptionId, topicId, partnerId, fromMs: query.fromMs };
    const subscriptionIds = await needs.subscriptionsWithPart(which);
    const list: DeliveriesOf = { ...page, subscriptionIds, attempts: 'last' };
    return subscriptionIds.length <= FEW ? needs.list(list) : needs.listOfMany(list, partnerId);
  };
}
