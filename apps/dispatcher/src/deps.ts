import { randomBytes } from 'node:crypto';
import { createFanOut } from '@anika/broker/fan-out';
import { createRouteCache } from '@anika/broker/route-cache';
import type { SubscriptionId } from '@anika/core/ids';
import { createChanges } from '@anika/queue/changes';
import { redisWasEmptied } from '@anika/queue/epoch';
import { createLanes } from '@anika/queue/lanes';
import { createQueues, MAINTENANCE } from '@anika/queue/queues';
import { connectRedis, pingRedis } from '@anika/queue/redis';
import { startDeliverWorker, startMaintenanceWorker } from '@anika/queue/workers';
import { systemClock } from '@anika/runtime/clock';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import { createMetrics, type Metrics } from '@anika/runtime/metrics';
import { createSecretBox } from '@anika/runtime/secret-box';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { connectPostgres } from '@anika/stores/postgres/client';
import { createRoutingStore } from '@anika/stores/postgres/routing';
import type { DispatcherConfig } from './config.ts';
import { composeDeliver } from './deps-deliver.ts';
import { startHealthServer } from './health/health-server.ts';
import { createDeliverJob } from './jobs/deliver.job.ts';
import { createExpire } from './sweep/expire.ts';
import { createSweep } from './sweep/sweep.ts';
import { startTicker } from './sweep/ticker.ts';

/** How long after its due time a delivery's job is taken for lost; the api uses the same. */
const SWEEP_GRACE_MS = 15_000;
const EXPIRE_EVERY_MS = 60_000;
const WAKE_EVERY_MS = 100;
const LANE_SLACK_MS = 10_000;

export type Context = { readonly logger: Logger; readonly lifecycle: Lifecycle };
export type Infrastructure = ReturnType<typeof openInfrastructure>;

function openInfrastructure(config: DispatcherConfig, { logger, lifecycle }: Context, metrics: Metrics) {
  const clock = systemClock;
  const prefix = config.ANIKA_QUEUE_PREFIX;
  const postgres = connectPostgres({ url: config.DATABASE_URL });
  lifecycle.onClose('PostgreSQL', postgres.close);
  const mongo = connectMongo({ url: config.MONGODB_URL });
  lifecycle.onClose('MongoDB', mongo.close);
  const producer = connectRedis({ url: config.REDIS_URL, role: 'producer' });
  const subscriber = connectRedis({ url: config.REDIS_URL, role: 'subscriber' });
  const worker = connectRedis({ url: config.REDIS_URL, role: 'worker' });
  lifecycle.onClose('Redis', async () => {
    for (const redis of [producer, subscriber, worker]) redis.disconnect();
  });
  const queues = createQueues({ connection: producer, prefix });
  lifecycle.onClose('queues', queues.close);
  const changes = createChanges({ publisher: producer, subscriber, prefix, logger });
  const routing = createRoutingStore(postgres);
  const routes = createRouteCache({
    loadRoute: routing.loadRoute,
    routingVersions: routing.routingVersions,
    clock,
  });
  changes.onChange(routes.forget);
  return {
    clock,
    prefix,
    logger,
    metrics,
    postgres,
    mongo,
    producer,
    worker,
    queues,
    changes,
    routing,
    routes,
    lanes: createLanes({ redis: producer, prefix }),
    messages: createMessageStore(mongo),
    deliveries: createDeliveryStore(mongo, { graceMs: SWEEP_GRACE_MS }),
    secretBox: createSecretBox(config.ANIKA_SECRET_KEYS),
    activeAmong: async (ids: readonly SubscriptionId[]) => {
      const targets = await routing.loadTargets(ids, clock.now());
      return ids.filter((id) => targets.get(id)?.subscription.state === 'active');
    },
  };
}

/** Everything of one dispatcher process, put together by hand and started. */
export async function startDispatcher(config: DispatcherConfig, context: Context): Promise<void> {
  const { logger, lifecycle } = context;
  const metrics = createMetrics('dispatcher');
  const infrastructure = openInfrastructure(config, context, metrics);
  const { mongo, postgres, producer, worker, prefix, clock } = infrastructure;
  await mongo.prepare();
  const stores = [
    { name: 'postgres', ping: postgres.ping },
    { name: 'mongodb', ping: mongo.ping },
    { name: 'redis', ping: () => pingRedis(producer) },
  ];
  const health = { stores, metrics, metricsToken: config.ANIKA_METRICS_TOKEN };
  const address = { host: config.ANIKA_HOST, port: config.ANIKA_DISPATCHER_PORT };
  lifecycle.onClose('health server', await startHealthServer(health, address));

  const deliver = composeDeliver(config, infrastructure, lifecycle);
  const maintain = composeMaintenance(infrastructure);
  const workerOptions = { connection: worker, prefix, logger };
  const maintenance = startMaintenanceWorker(maintain, workerOptions);
  lifecycle.onClose('maintenance worker', () => maintenance.close(5000));
  const unreadable = (data: unknown) => logger.error({ data }, 'a deliver job cannot be read');
  const deliveries = startDeliverWorker(createDeliverJob(deliver, unreadable), {
    ...workerOptions,
    concurrency: config.ANIKA_CONCURRENCY,
  });
  lifecycle.onClose('deliver worker', () => deliveries.close(config.ANIKA_SHUTDOWN_SECONDS * 1000));
  startTickers(config, infrastructure, lifecycle);
  logger.info({ port: config.ANIKA_DISPATCHER_PORT, startedAt: clock.now() }, 'delivering');
}

function composeMaintenance(infrastructure: Infrastructure): (name: string) => Promise<void> {
  const { clock, deliveries, messages, queues, routing, producer, prefix, metrics, logger } = infrastructure;
  const { activeAmong, routes } = infrastructure;
  const repaired = metrics.counter('repaired_total', 'What the sweep found without its job', ['what']);
  const fanOut = createFanOut({
    route: routes.get,
    insertDeliveries: deliveries.insert,
    addJobs: queues.addDeliveries,
    markFannedOut: messages.markFannedOut,
    activeAmong,
    releaseHeld: deliveries.releaseHeld,
    clock,
  });
  const sweep = createSweep({
    queueWasEmptied: () => redisWasEmptied(producer, prefix),
    sweepAllOpen: deliveries.sweepAllOpen,
    findNotFannedOut: messages.findNotFannedOut,
    fanOut,
    findOverdue: deliveries.findOverdue,
    queue: (overdue) =>
      queues.addDeliveries(
        overdue.map(({ id, messageId, subscriptionId, generation }) => ({
          deliveryId: id,
          messageId,
          subscriptionId,
          g: generation,
        })),
      ),
    postponeSweep: deliveries.postponeSweep,
    repaired: (what, count) => repaired.inc({ what }, count),
    logger,
    clock,
  });
  const expire = createExpire({
    topics: routing.activeTopics,
    deleteMessages: messages.deleteOlderThan,
    deleteDeliveries: deliveries.deleteOlderThan,
    subscriptionsWithHeld: deliveries.subscriptionsWithHeld,
    activeAmong,
    releaseHeld: deliveries.releaseHeld,
    logger,
    clock,
  });
  return (name) => (name === MAINTENANCE.expire ? expire() : sweep());
}

function startTickers(config: DispatcherConfig, infrastructure: Infrastructure, lifecycle: Lifecycle): void {
  const { queues, lanes, clock, logger } = infrastructure;
  const sweepMs = config.ANIKA_SWEEP_SECONDS * 1000;
  // Again and again: a Redis without its data has forgotten the schedule too.
  const schedule = () => queues.scheduleMaintenance({ sweepMs, expireMs: EXPIRE_EVERY_MS });
  const wake = async () => {
    const jobs = await lanes.wake({ nowMs: clock.now(), ttlMs: LANE_SLACK_MS });
    await queues.addUnparked(jobs, randomBytes(6).toString('hex'));
  };
  lifecycle.onClose('schedule', startTicker(schedule, { everyMs: sweepMs, logger }));
  lifecycle.onClose('lanes', startTicker(wake, { everyMs: WAKE_EVERY_MS, logger }));
}
