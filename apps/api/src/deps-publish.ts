import { availableParallelism } from 'node:os';
import { createAcceptedOrder } from '@anika/core/accepted-order';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createWorkerPool } from '@anika/runtime/worker-pool';
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
import { createCheckElsewhere, type SchemaAnswer } from './topics/check-elsewhere.ts';
import { createCheckData, type SchemaTask } from './topics/json-schema.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

/** Checks of data that take longer than is good for everybody else. */
const SCHEMA_POOL = {
  // One processor stays for everything else.
  size: Math.min(2, Math.max(1, availableParallelism() - 1)),
  taskMs: 500,
  maxWaiting: 50,
  maxMemoryMb: 128,
};

/** In the bundle the worker's program lies beside this one. */
const SCHEMA_WORKER = import.meta.url.endsWith('.ts') ? './topics/schema-worker.ts' : './schema-worker.js';

function composeCheckData(lifecycle: Lifecycle) {
  const pool = createWorkerPool<SchemaTask, SchemaAnswer>({
    file: new URL(SCHEMA_WORKER, import.meta.url),
    ...SCHEMA_POOL,
  });
  lifecycle.onClose('schema checks', pool.close);
  return createCheckData(createCheckElsewhere(pool));
}

/** Publishing. */
export function composePublish(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): BoundRoute[] {
  const { postgres, mongo, clock, messages, routes, metrics, logger } = infrastructure;
  // Opened before the store, and closed after it: what is stored to the last is fanned out.
  const fanOut = composeFanOut(infrastructure, lifecycle);
  const { store, drain } = createStoreMessages(messages.insert);
  lifecycle.onClose('message store', drain);
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
      checkData: composeCheckData(lifecycle),
      countScheduled: createScheduleStore(mongo).countScheduled,
      accepted: createMessageEvents({ logger, metrics, clock }),
      ids: createMessageIds(() => loadInstallationSecret(infrastructure)),
      order: createAcceptedOrder(),
      clock,
    }),
  });
}
