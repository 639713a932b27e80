import { availableParallelism } from 'node:os';
import { createFirstFanOut } from '@anika/broker/first-fan-out';
import { createPark } from '@anika/broker/park';
import { createQueueOrder } from '@anika/broker/queue-order';
import { createAcceptedOrder } from '@anika/core/accepted-order';
import { isLive } from '@anika/core/delivery/lease';
import { TIMING } from '@anika/core/delivery/timing';
import { createBatcher } from '@anika/runtime/batcher';
import { within } from '@anika/runtime/deadline';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createWorkerPool } from '@anika/runtime/worker-pool';
import { createScheduleStore } from '@anika/stores/mongo/schedule';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { ApiConfig } from './config.ts';
import { deliveryRoutes } from './deliveries/deliveries.routes.ts';
import { createDeliveries } from './deliveries/deliveries.ts';
import { composeErasures } from './deps-erasures.ts';
import { composeStorePulled } from './deps-pulls.ts';
import { composeRecall } from './deps-recalls.ts';
import { composeLists, composeReceipts } from './deps-receipts.ts';
import { createMessageEvents } from './events.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { loadInstallationSecret } from './installation-secret.ts';
import { createMessageIds } from './messages/message-ids.ts';
import { messageRoutes } from './messages/messages.routes.ts';
import type { AcceptedMessage } from './messages/new-message.ts';
import { publishRoutes } from './messages/publish.routes.ts';
import { createPublishMessage } from './messages/publish-message.ts';
import { createReadMessage } from './messages/readable-messages.ts';
import { recallRoutes } from './messages/recall.routes.ts';
import { createSearchMessages } from './messages/search-messages.ts';
import { createCheckElsewhere, type SchemaAnswer } from './topics/check-elsewhere.ts';
import { createCheckData, type SchemaTask } from './topics/json-schema.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

const STORE_BATCH = { maxItems: 200, maxInFlight: 1, maxWaiting: 5000 };
/** Checks of data that take longer than is good for everybody else. */
const SCHEMA_POOL = {
  // One processor stays for everything else.
  size: Math.min(2, Math.max(1, availableParallelism() - 1)),
  taskMs: 500,
  maxWaiting: 50,
  maxMemoryMb: 128,
};
const FAN_OUT_BATCH = { maxItems: 200, maxInFlight: 2, maxWaiting: 20_000 };

function composeFanOut(infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { routes, deliveries, queues, messages, wordBlocks, clock, logger } = infrastructure;
  const order = createQueueOrder({ middleAgeMs: queues.middleAgeMs, clock });
  const first = createFirstFanOut({
    route: routes.get,
    insertDeliveries: deliveries.insert,
    order,
    park: createPark({ park: infrastructure.lanes.park, clock }),
    existing: deliveries.existing,
    addJobs: queues.addDeliveries,
    insertWords: wordBlocks.insert,
    markFannedOut: messages.markFannedOut,
    activeAmong: infrastructure.activeAmong,
    releaseHeld: deliveries.releaseHeld,
    storePulled: composeStorePulled(infrastructure, lifecycle),
    failed: (error) => logger.warn({ err: error }, 'deliveries not settled; the sweep does it'),
    clock,
  });
  lifecycle.onClose('unsettled deliveries', first.close);
  const openBatcher = () =>
    createBatcher<AcceptedMessage, void>(async (batch) => {
      await first.fanOut(batch);
      return batch.map(() => undefined);
    }, FAN_OUT_BATCH);
  // What a flood has to wait for is its own.
  const [floods, others] = [openBatcher(), openBatcher()];
  lifecycle.onClose('fan-out', async () => {
    await Promise.all([floods.drain(), others.drain()]);
  });
  return (message: AcceptedMessage) => {
    const batcher = order.isFlood(message.ownerId) ? floods : others;
    batcher.add(message).catch((error: unknown) => {
      logger.warn({ err: error, messageId: message.id }, 'fan-out not finished; the sweep goes on with it');
    });
  };
}

/** Grouped durable writes. Who has waited long enough leaves the queue, and hears that it is open what was done. */
function composeStore({ messages }: Infrastructure, lifecycle: Lifecycle) {
  const batcher = createBatcher(messages.insert, STORE_BATCH);
  lifecycle.onClose('message store', batcher.drain);
  return async (message: AcceptedMessage, gone: AbortSignal) => {
    const leave = new AbortController();
    const giveUp = () => leave.abort(gone.reason);
    gone.addEventListener('abort', giveUp, { once: true });
    try {
      return await within(batcher.add(message, leave.signal), { ms: TIMING.storeMs, what: 'MongoDB' });
    } catch (error) {
      leave.abort(error);
      throw error;
    } finally {
      gone.removeEventListener('abort', giveUp);
    }
  };
}

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

/** The messages part: publishing, searching, deliveries. */
export function composeMessages(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): BoundRoute[] {
  const { postgres, mongo, clock, messages, deliveries, routes, routing, queues, lanes } = infrastructure;
  const { metrics, logger } = infrastructure;
  const topics = createTopicStore(postgres);
  const grants = createGrantStore(postgres);
  const subscriptions = createSubscriptionStore(postgres);
  const audit = createAuditLog(postgres);

  const refuse = createRefuseTopic({ seenAs: topics.seenAs, clock });

  const fanOut = composeFanOut(infrastructure, lifecycle);

  const readMessage = createReadMessage({
    locate: messages.locate,
    find: messages.find,
    findGrant: grants.find,
    wasFor: async (messageId, partnerId) =>
      (await deliveries.list({ messageId, partnerId, limit: 1 })).length > 0,
    clock,
  });
  const { searchLimit } = infrastructure;
  const search = createSearchMessages({
    search: infrastructure.searchMessages,
    findTopic: topics.find,
    findGrant: grants.find,
    ownTopicIds: topics.ownIds,
    activeGrants: grants.activeOf,
    refuse,
    clock,
  });
  const maxMessageBytes = config.ANIKA_MAX_MESSAGE_BYTES;
  const laterBySweep = (error: unknown) =>
    logger.warn({ err: error }, 'not queued yet; the next sweep does it');
  return [
    ...publishRoutes({
      maxMessageBytes,
      failed: (failure) =>
        logger.error({ code: failure.code, err: failure.cause ?? failure }, 'a message of a batch failed'),
      publish: createPublishMessage({
        route: routes.get,
        store: composeStore(infrastructure, lifecycle),
        find: messages.find,
        fanOut,
        refuse,
        checkData: composeCheckData(lifecycle),
        countScheduled: createScheduleStore(mongo).countScheduled,
        accepted: createMessageEvents({ logger, metrics, clock }),
        ids: createMessageIds(() => loadInstallationSecret(infrastructure)),
        order: createAcceptedOrder(),
        clock,
      }),
    }),
    ...messageRoutes({
      read: readMessage,
      search: (query, by) => searchLimit.run(by.partnerId, () => search(query, by)),
      charge: searchLimit.charge,
    }),
    ...composeReceipts(config, infrastructure),
    ...recallRoutes(composeRecall(infrastructure, readMessage)),
    ...composeErasures(infrastructure),
    ...deliveryRoutes(
      createDeliveries({
        store: deliveries,
        readMessage,
        ...composeLists(infrastructure),
        findSubscription: subscriptions.find,
        loadTarget: async (id) => (await routing.loadTargets([id], clock.now())).get(id),
        isUnderWay: async ({ id, subscriptionId, pull, lease }) =>
          pull
            ? isLive(lease, clock.now())
            : lanes.isUnderWay({ deliveryId: id, subscriptionId }, clock.now()),
        async queueAnew({ id, messageId, subscriptionId, generation, pull }) {
          if (pull) return;
          try {
            await queues.addDeliveries([{ deliveryId: id, messageId, subscriptionId, g: generation }]);
            await queues.removeDelivery({ deliveryId: id, g: generation - 1 });
          } catch (error) {
            laterBySweep(error);
          }
        },
        requestSweep: () => queues.requestSweep().catch(laterBySweep),
        async recordResent({ id, topicId, partnerId, ownerId }, by) {
          await audit.appendEvent(
            { by, atMs: clock.now() },
            { action: 'delivery.resent', topicId, subjectId: id, partnerIds: [partnerId, ownerId] },
          );
        },
        async recordRedrive({ id, topicId, partnerId }, redriven, by) {
          const topic = await topics.find(topicId);
          const partnerIds = topic === undefined ? [partnerId] : [partnerId, topic.owner.id];
          await audit.appendEvent(
            { by, atMs: clock.now() },
            { action: 'subscription.redriven', topicId, subjectId: id, partnerIds, after: { redriven } },
          );
        },
        clock,
      }),
    ),
  ];
}
