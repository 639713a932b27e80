import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { DeliveriesOf } from '@anika/stores/mongo/deliveries-of-subscriptions';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { SubscriptionsWithPart } from './subscriptions-with-part.ts';

export type ListTopicDeliveriesNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly subscriptionsWithPart: SubscriptionsWithPart;
  /** Those of one company are bounded, as its searches are. */
  readonly list: (list: DeliveriesOf, partnerId: PartnerId) => ReturnType<DeliveryStore['listOf']>;
  readonly refuse: RefuseTopic;
};

export type TopicDeliveriesQuery = Pick<DeliveriesOf, 'state' | 'fromMs' | 'toMs' | 'after' | 'limit'> & {
  readonly topicId: TopicId;
  /** Undefined: to all readers. */
  readonly partnerId: PartnerId | undefined;
};

export type ListTopicDeliveries = ReturnType<typeof createListTopicDeliveries>;

/** For the owner of a topic: what became of its messages at its readers. */
export function createListTopicDeliveries(needs: ListTopicDeliveriesNeeds) {
  return async (query: TopicDeliveriesQuery, by: PartnerCaller): Promise<Delivery[]> => {
    const { topicId, partnerId, ...list } = query;
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id !== by.partnerId) throw await needs.refuse(topicId, by, 'ownership');
    const { fromMs } = query;
    const subscriptionIds = await needs.subscriptionsWithPart({ topicId, partnerId, fromMs });
    return needs.list({ ...list, subscriptionIds, attempts: 'all' }, by.partnerId);
  };
}
