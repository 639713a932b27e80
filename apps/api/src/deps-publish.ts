import { createAcceptedOrder } from '@anika/core/accepted-order';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createScheduleStore } from '@anika/stores/mongo/schedule';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { ApiConfig } from './config.ts';
import { composeFanOut } from './deps-fan-out.ts';
import { createMessageEvents } from './events.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { loadInstallationSecret } from './installation-secret.ts';
import { createMessageIds } from './messages/message-ids.ts';
import { publishRoutes } from './messages/publish.routes.ts';
import { createPublishMessage } from './messages/publish-message.ts';
import { createStoreMessages } from './messages/store-messages.ts';
import { createCheckElsewhere } from './topics/check-elsewhere.ts';
import { createCheckData } from './topics/json-schema.ts';
import { openSchemaPool } from './topics/open-schema-pool.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** Publishing. */
export function composePublish(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): BoundRoute[] {
  const { postgres, mongo, clock, messages, routes, metrics, logger } = infrastructure;
  // Opened before the store, and closed after it: what is stored to the last is fanned out.
  const fanOut = composeFanOut(config, infrastructure, lifecycle);
  const { store, drain } = createStoreMessages(messages.insert);
  lifecycle.onClose('message store', drain);
  const schemaPool = openSchemaPool();
  lifecycle.onClose('schema checks', schemaPool.close);
  return publishRoutes({
    maxMessageBytes: config.ANIKA_MAX_MESSAGE_BYTES,
    failed: (failure) =>
      logger.error({ code: failure.code, err: failure.cause ?? failure }, 'a message of a batch failed'),
    publish: createPublishMessage({
      route: routes.get,
      store,
      find: messages.find,
      fanOut,
      refuse: createRefuseTopic({ seenAs: createTopicStore(postgres).seenAs, clock }),
      checkData: createCheckData(createCheckElsewhere(schemaPool)),
      countScheduled: createScheduleStore(mongo).countScheduled,
      accepted: createMessageEvents({ logger, metrics, clock }),
      ids: createMessageIds(() => loadInstallationSecret(infrastructure)),
      order: createAcceptedOrder(),
      clock,
    }),
  });
}
