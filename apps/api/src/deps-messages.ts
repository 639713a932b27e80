import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { ApiConfig } from './config.ts';
import { composeDeliveries } from './deps-deliveries.ts';
import { composeErasures } from './deps-erasures.ts';
import { composePublish } from './deps-publish.ts';
import { composeRecall } from './deps-recalls.ts';
import { composeReceipts } from './deps-receipts.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { messageRoutes } from './messages/messages.routes.ts';
import { createReadMessage } from './messages/readable-messages.ts';
import { recallRoutes } from './messages/recall.routes.ts';
import { createSearchMessages } from './messages/search-messages.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** The messages part: publishing, searching, deliveries. */
export function composeMessages(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): BoundRoute[] {
  const { postgres, clock, messages, deliveries, searchMessages, searchLimit } = infrastructure;
  const topics = createTopicStore(postgres);
  const grants = createGrantStore(postgres);
  const readMessage = createReadMessage({
    locate: messages.locate,
    find: messages.find,
    findGrant: grants.find,
    wasFor: async (messageId, partnerId) =>
      (await deliveries.list({ messageId, partnerId, limit: 1 })).length > 0,
    clock,
  });
  const search = createSearchMessages({
    search: searchMessages,
    findTopic: topics.find,
    findGrant: grants.find,
    ownTopicIds: topics.ownIds,
    activeGrants: grants.activeOf,
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
    clock,
  });
  return [
    ...composePublish(config, infrastructure, lifecycle),
    ...messageRoutes({
      read: readMessage,
      search,
      limit: searchLimit,
    }),
    ...composeReceipts(config, infrastructure),
    ...recallRoutes(composeRecall(infrastructure, readMessage)),
    ...composeErasures(infrastructure),
    ...composeDeliveries(infrastructure, readMessage),
  ];
}
