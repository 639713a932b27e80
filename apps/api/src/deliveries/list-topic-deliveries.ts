import type { PartnerCaller } from '@anika/core/access';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { PartnerId, TopicId } from '@anika/core/ids';
import type { Topic } from '@anika/core/topic';
import type { DeliveryStore } from '@anika/stores/mongo/deliveries';
import type { TopicDeliveryList } from '@anika/stores/mongo/topic-deliveries';
import type { RefuseTopic } from '../topics/refuse-topic.ts';
import type { SubscriptionsWithPart } from './subscriptions-with-part.ts';

export type ListTopicDeliveriesNeeds = {
  readonly findTopic: (id: TopicId) => Promise<Topic | undefined>;
  readonly subscriptionsWithPart: SubscriptionsWithPart;
  /** Those of one company are bounded, as its searches are. */
  readonly list: (list: TopicDeliveryList, partnerId: PartnerId) => ReturnType<DeliveryStore['listOfTopic']>;
  readonly refuse: RefuseTopic;
  readonly clock: { now(): number };
};

export type TopicDeliveriesQuery = Omit<TopicDeliveryList, 'subscriptionIds'> & {
  readonly topicId: TopicId;
  /** Undefined: to all readers. */
  readonly partnerId: PartnerId | undefined;
};

export type ListTopicDeliveries = ReturnType<typeof createListTopicDeliveries>;

const DAY_MS = 86_400_000;

/** For the owner of a topic: what became of its messages at its readers. */
export function createListTopicDeliveries(needs: ListTopicDeliveriesNeeds) {
  return async (query: TopicDeliveriesQuery, by: PartnerCaller): Promise<Delivery[]> => {
    const { topicId, partnerId, ...list } = query;
    const topic = await needs.findTopic(topicId);
    if (topic?.owner.id !== by.partnerId) throw await needs.refuse(topicId, by, 'ownership');
    // What is older is not kept, but for what is being deleted just now.
    const keptMs = needs.clock.now() - (topic.retentionDays + 1) * DAY_MS;
    const fromMs = query.fromMs ?? keptMs;
    const subscriptionIds = await needs.subscriptionsWithPart({ topicId, partnerId, fromMs });
    return needs.list({ ...list, subscriptionIds }, by.partnerId);
  };
}
