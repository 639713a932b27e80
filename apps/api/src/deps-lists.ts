import type { PartnerId } from '@anika/core/ids';
import type { DeliveriesOf } from '@anika/stores/mongo/deliveries-of-subscriptions';
import { createSubscriptionsWithPart as findWithPart } from '@anika/stores/postgres/subscriptions-with-part';
import { createTopicStore } from '@anika/stores/postgres/topics';
import { createListOwnDeliveries } from './deliveries/list-own-deliveries.ts';
import { createListTopicDeliveries } from './deliveries/list-topic-deliveries.ts';
import { createSubscriptionsWithPart } from './deliveries/subscriptions-with-part.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** Whose deliveries of a topic may be read, for lists and receipts. */
export function openTopicReaders({ postgres, clock }: Infrastructure) {
  const topics = createTopicStore(postgres);
  return {
    findTopic: topics.find,
    subscriptionsWithPart: createSubscriptionsWithPart({ find: findWithPart(postgres), clock }),
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
    clock,
  };
}

/** Lists of deliveries: of a topic for its owner, to own endpoints for a reader. */
export function composeLists(infrastructure: Infrastructure) {
  const { searchLimit, counts, deliveries } = infrastructure;
  const readers = openTopicReaders(infrastructure);
  const listOfMany = (list: DeliveriesOf, partnerId: PartnerId) =>
    searchLimit.run(partnerId, () => counts.deliveries.listOf(list));
  return {
    listOfTopic: createListTopicDeliveries({ ...readers, list: listOfMany }),
    listOwn: createListOwnDeliveries({ ...readers, list: deliveries.listOf, listOfMany }),
  };
}
