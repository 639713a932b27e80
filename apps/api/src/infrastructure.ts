import { randomBytes } from 'node:crypto';
import { createRouteCache } from '@anika/broker/route-cache';
import { wakePullers } from '@anika/broker/wake-pullers';
import type { CompanyLimits } from '@anika/core/company-limits';
import { TIMING } from '@anika/core/delivery/timing';
import type { IdMaker } from '@anika/core/ids';
import { newId } from '@anika/core/ids';
import { createBoardRouter } from '@anika/queue/board';
import { createChanges } from '@anika/queue/changes';
import { createJobSeal } from '@anika/queue/job-seal';
import { createLanes } from '@anika/queue/lanes';
import { createQueues } from '@anika/queue/queues';
import { createRateLimit } from '@anika/queue/rate-limits';
import { connectRedis, pingRedis } from '@anika/queue/redis';
import { requireRedis } from '@anika/queue/require-redis';
import { createWakeUps } from '@anika/queue/wake-ups';
import { systemClock } from '@anika/runtime/clock';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import { createMetrics } from '@anika/runtime/metrics';
import { patiently } from '@anika/runtime/patiently';
import { createSecretBox } from '@anika/runtime/secret-box';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { createRecallStore } from '@anika/stores/mongo/recalls';
import { requireMongo } from '@anika/stores/mongo/require-mongo';
import { createWordBlockStore } from '@anika/stores/mongo/word-blocks';
import { connectPostgres } from '@anika/stores/postgres/client';
import { createEndpointNames } from '@anika/stores/postgres/endpoint-names';
import { requirePostgres } from '@anika/stores/postgres/require-postgres';
import { requireSecretKeys } from '@anika/stores/postgres/require-secret-keys';
import { createRoutingStore } from '@anika/stores/postgres/routing';
import type { ApiConfig } from './config.ts';
import { createSearchLimit } from './messages/limit-searches.ts';
import { openPostbox } from './open-mail.ts';
import { createEndpointTitles } from './operators/endpoint-titles.ts';

const SEARCH_CONNECTIONS = 8;

function limitsOf(config: ApiConfig): CompanyLimits {
  return {
    keys: config.ANIKA_MAX_KEYS,
    users: config.ANIKA_MAX_USERS,
    topics: config.ANIKA_MAX_TOPICS,
    grants: config.ANIKA_MAX_GRANTS,
    subscriptions: config.ANIKA_MAX_COMPANY_SUBSCRIPTIONS,
  };
}

export type Infrastructure = ReturnType<typeof openInfrastructure>;

/** The connections and stores of this process, opened once and closed in reverse. */
export function openInfrastructure(config: ApiConfig, context: { logger: Logger; lifecycle: Lifecycle }) {
  const { logger, lifecycle } = context;
  const clock = systemClock;
  const prefix = config.ANIKA_QUEUE_PREFIX;

  const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
  const postgres = connectPostgres({ url: config.DATABASE_URL, companyLimits: limitsOf(config) });
  lifecycle.onClose('PostgreSQL', postgres.close);
  const mongo = connectMongo({ url: config.MONGODB_URL });
  lifecycle.onClose('MongoDB', mongo.close);
  // Searches have connections of their own: costly ones take none from those that store.
  const searchMongo = connectMongo({ url: config.MONGODB_URL, poolMax: SEARCH_CONNECTIONS });
  lifecycle.onClose('MongoDB for searches', searchMongo.close);

  const producer = connectRedis({ url: config.REDIS_URL, role: 'producer' });
  const subscriber = connectRedis({ url: config.REDIS_URL, role: 'subscriber' });
  lifecycle.onClose('Redis', async () => {
    producer.disconnect();
    subscriber.disconnect();
  });
  const queues = createQueues({
    connection: producer,
    prefix,
    seal: createJobSeal(config.ANIKA_SECRET_KEYS),
  });
  lifecycle.onClose('queues', queues.close);
  const changes = createChanges({ publisher: producer, subscriber, prefix, logger });
  const wakeUps = createWakeUps({ publisher: producer, subscriber, prefix, logger });

  const countedDeliveries = createDeliveryStore(searchMongo, { graceMs: TIMING.sweepGraceMs });
  const countedMessages = createMessageStore(searchMongo);

  const routing = createRoutingStore(postgres);
  const routes = createRouteCache({
    loadRoute: routing.loadRoute,
    routingVersions: routing.routingVersions,
    clock,
  });
  changes.onChange(routes.forget);

  const newIdNow: IdMaker = (kind) => newId(kind, clock.now(), randomBytes(10));
  return {
    clock,
    logger,
    metrics: createMetrics('api'),
    postgres,
    mongo,
    queues,
    lanes: createLanes({ redis: producer, prefix }),
    changes,
    wakeUps,
    routing,
    routes,
    messages: createMessageStore(mongo),
    recalls: createRecallStore(mongo),
    searchMessages: countedMessages.search,
    /** What reads much has connections of its own: publishing never waits for them. */
    counts: {
      deliveries: countedDeliveries,
      listBetween: countedMessages.listBetween,
    },
    searchLimit: createSearchLimit({
      max: config.ANIKA_MAX_SEARCHES,
      msPerSecond: config.ANIKA_SEARCH_MS_PER_SECOND,
      clock,
    }),
    wordBlocks: createWordBlockStore(mongo),
    deliveries: wakePullers(createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs }), wakeUps.wake),
    secretBox,
    /** E-mails; nobody waits for them. */
    postbox: openPostbox(config, context),
    activeAmong: routing.activeAmong,
    /** Rejects with a ConfigError that says what to do when a store is not what this program can work with. */
    async requireStores(): Promise<void> {
      await patiently(() => requirePostgres(postgres));
      await patiently(() => requireSecretKeys(postgres, secretBox));
      await patiently(() => requireMongo(mongo));
      await requireRedis(config.REDIS_URL, { connection: producer, logger });
    },
    newId: newIdNow,
    rateLimit: (rule: { name: string; points: number; perSeconds: number }) =>
      createRateLimit(rule, { redis: producer, prefix }),
    board: createBoardRouter({
      queues,
      basePath: '/admin/queues',
      readOnly: !config.ANIKA_BOARD_WRITABLE,
      titles: createEndpointTitles(createEndpointNames(postgres).ofSubscriptions),
      deliveryUrl: (id) => `/admin/deliveries/${id}`,
    }),
    readiness: [
      { name: 'postgres', ping: postgres.ping },
      { name: 'mongodb', ping: mongo.ping },
      { name: 'redis', ping: () => pingRedis(producer) },
    ],
  };
}
