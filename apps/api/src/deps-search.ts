import { createGrantStore } from '@anika/stores/postgres/grants';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { messageRoutes } from './messages/messages.routes.ts';
import { createReadMessage, type ReadMessage } from './messages/readable-messages.ts';
import { createSearchMessages } from './messages/search-messages.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** Reading and searching what was published. */
export function composeSearch(infrastructure: Infrastructure): {
  readMessage: ReadMessage;
  routes: BoundRoute[];
} {
  const { postgres, clock, messages, deliveries, searchMessages, searchLimit } = infrastructure;
  const topics = createTopicStore(postgres);
  const grants = createGrantStore(postgres);
  const readMessage = createReadMessage({
    locate: messages.locate,
    find: messages.find,
    findGrant: grants.find,
    listDeliveries: deliveries.list,
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
  const routes = messageRoutes({ read: readMessage, search, limit: searchLimit });
  return { readMessage, routes };
}
