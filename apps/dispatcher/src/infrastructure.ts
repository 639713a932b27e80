import { createRouteCache } from '@anika/broker/route-cache';
import { wakePullers } from '@anika/broker/wake-pullers';
import { TIMING } from '@anika/core/delivery/timing';
import { createChanges } from '@anika/queue/changes';
import { createFindLost } from '@anika/queue/find-lost';
import { createJobSeal } from '@anika/queue/job-seal';
import { createLanes } from '@anika/queue/lanes';
import { createQueues } from '@anika/queue/queues';
import { connectRedis } from '@anika/queue/redis';
import { requireRedis } from '@anika/queue/require-redis';
import { createWake } from '@anika/queue/wake-ups';
import { createBusyPart } from '@anika/runtime/busy-part';
import { systemClock } from '@anika/runtime/clock';
import { within } from '@anika/runtime/deadline';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import type { Metrics } from '@anika/runtime/metrics';
import { patiently } from '@anika/runtime/patiently';
import { createSecretBox } from '@anika/runtime/secret-box';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { createPullStore } from '@anika/stores/mongo/pulls';
import { createRecallStore } from '@anika/stores/mongo/recalls';
import { requireMongo } from '@anika/stores/mongo/require-mongo';
import { createWordBlockStore } from '@anika/stores/mongo/word-blocks';
import { connectPostgres } from '@anika/stores/postgres/client';
import { requirePostgres } from '@anika/stores/postgres/require-postgres';
import { requireSecretKeys } from '@anika/stores/postgres/require-secret-keys';
import { createRoutingStore } from '@anika/stores/postgres/routing';
import type { DispatcherConfig } from './config.ts';
import { createShares } from './deliver/shares.ts';

export type Context = { readonly logger: Logger; readonly lifecycle: Lifecycle };
export type Infrastructure = ReturnType<typeof openInfrastructure>;

/** The connections and stores of this process, opened once and closed in reverse. */
export function openInfrastructure(
  config: DispatcherConfig,
  { logger, lifecycle }: Context,
  metrics: Metrics,
) {
  const clock = systemClock;
  const prefix = config.ANIKA_QUEUE_PREFIX;
  const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
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
  const jobSeal = createJobSeal(config.ANIKA_SECRET_KEYS);
  const queues = createQueues({ connection: producer, prefix, seal: jobSeal });
  lifecycle.onClose('queues', queues.close);
  const shares = createShares(config.ANIKA_CONCURRENCY, { clock, busyPart: createBusyPart() });
  // On the worker's own connection: a place is given back in one write with the end of its job.
  const lanes = createLanes({ redis: worker, prefix, shares });
  lifecycle.onClose('lanes', () => within(lanes.drain(), { ms: TIMING.lanesClosingMs, what: 'Redis' }));
  const changes = createChanges({ publisher: producer, subscriber, prefix, logger });
  const wake = createWake({ publisher: producer, prefix, logger });
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
    wake,
    routing,
    routes,
    jobSeal,
    shares,
    lanes,
    findLost: createFindLost({ redis: producer, prefix }),
    messages: createMessageStore(mongo),
    recalls: createRecallStore(mongo),
    wordBlocks: createWordBlockStore(mongo),
    deliveries: wakePullers(createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs }), wake),
    pulls: createPullStore(mongo),
    secretBox,
    /** Rejects with a ConfigError that says what to do when a store is not what this program can work with. */
    async requireStores(): Promise<void> {
      await patiently(() => requirePostgres(postgres));
      await patiently(() => requireSecretKeys(postgres, secretBox));
      await patiently(() => requireMongo(mongo));
      await requireRedis(config.REDIS_URL, { connection: producer, logger });
    },
    activeAmong: routing.activeAmong,
  };
}
