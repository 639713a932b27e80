import { createCancelWaiting } from '@anika/broker/cancel-waiting';
import type { TopicId } from '@anika/core/ids';
import { createCancellationStore } from '@anika/stores/postgres/cancellations';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createTopicStore } from '@anika/stores/postgres/topics';
import { createNewestMessages } from './grants/newest-messages.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

export type TopicParts = ReturnType<typeof openTopicParts>;

/** What topics, grants and subscriptions have in common. */
export function openTopicParts({ postgres, clock, deliveries, searchMessages, logger }: Infrastructure) {
  const topics = createTopicStore(postgres);
  const cancel = createCancelWaiting({
    ...createCancellationStore(postgres),
    cancelOpen: deliveries.cancelOpen,
    cancelled: (subscriptionId, reason) => logger.info({ subscriptionId, reason }, 'deliveries cancelled'),
    clock,
  });
  return {
    topics,
    subscriptions: createSubscriptionStore(postgres),
    findTopic: topics.findOfAny,
    findGrant: createGrantStore(postgres).find,
    newest: createNewestMessages({ search: searchMessages, clock }),
    cancelWaiting: (topicId: TopicId) =>
      cancel(topicId).catch((error: unknown) =>
        logger.warn({ err: error, topicId }, 'a dispatcher cancels what waits'),
      ),
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
  };
}
