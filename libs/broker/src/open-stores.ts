import type { CompanyLimits } from '@anika/core/company-limits';
import { TIMING } from '@anika/core/delivery/timing';
import type { SubscriptionId } from '@anika/core/ids';
import { openEndpoints as openWebhookEndpoints } from '@anika/destinations/webhook/open-endpoints';
import { createChanges } from '@anika/queue/changes';
import { createJobSeal } from '@anika/queue/job-seal';
import { createQueues } from '@anika/queue/queues';
import { connectRedis, pingRedis } from '@anika/queue/redis';
import { requireRedis } from '@anika/queue/require-redis';
import { systemClock } from '@anika/runtime/clock';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import { patiently } from '@anika/runtime/patiently';
import { createSecretBox } from '@anika/runtime/secret-box';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeferredStore } from '@anika/stores/mongo/deferred';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { createRecallStore } from '@anika/stores/mongo/recalls';
import { requireMongo } from '@anika/stores/mongo/require-mongo';
import { createWordBlockStore } from '@anika/stores/mongo/word-blocks';
import { connectPostgres } from '@anika/stores/postgres/client';
import { requirePostgres } from '@anika/stores/postgres/require-postgres';
import { requireSecretKeys } from '@anika/stores/postgres/require-secret-keys';
import { createRoutingStore } from '@anika/stores/postgres/routing';
import { createWebhookKeyStore } from '@anika/stores/postgres/webhook-keys';
import { createRouteCache } from './route-cache.ts';
import type { SharedConfig } from './shared-settings.ts';

export type Context = { readonly logger: Logger; readonly lifecycle: Lifecycle };
export type Stores = ReturnType<typeof openStores>;

/** The connections and stores that both programs have, opened once and closed in reverse. */
export function openStores(
  config: SharedConfig,
  { logger, lifecycle }: Context,
  more: { readonly companyLimits?: CompanyLimits } = {},
) {
  const clock = systemClock;
  const prefix = config.ANIKA_QUEUE_PREFIX;
  const secretBox = createSecretBox(config.ANIKA_SECRET_KEYS);
  const postgres = connectPostgres({ url: config.DATABASE_URL, ...more });
  lifecycle.onClose('PostgreSQL', postgres.close);
  const mongo = connectMongo({ url: config.MONGODB_URL });
  lifecycle.onClose('MongoDB', mongo.close);
  const producer = connectRedis({ url: config.REDIS_URL, role: 'producer' });
  const subscriber = connectRedis({ url: config.REDIS_URL, role: 'subscriber' });
  lifecycle.onClose('Redis', async () => {
    producer.disconnect();
    subscriber.disconnect();
  });
  const jobSeal = createJobSeal(config.ANIKA_SECRET_KEYS);
  const queues = createQueues({ connection: producer, prefix, seal: jobSeal });
  lifecycle.onClose('queues', queues.close);
  const changes = createChanges({ publisher: producer, subscriber, prefix, logger });
  const routing = createRoutingStore(postgres);
  const routes = createRouteCache({
    loadRoute: routing.loadRoute,
    routingVersions: routing.routingVersions,
    clock,
  });
  changes.onChange(routes.forget);
  let isPrepared = false;
  return {
    clock,
    prefix,
    logger,
    secretBox,
    jobSeal,
    postgres,
    mongo,
    producer,
    subscriber,
    queues,
    changes,
    routing,
    routes,
    messages: createMessageStore(mongo),
    deferred: createDeferredStore(mongo),
    recalls: createRecallStore(mongo),
    wordBlocks: createWordBlockStore(mongo),
    deliveries: createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs }),
    activeAmong: routing.activeAmong,
    loadTarget: async (id: SubscriptionId) => (await routing.loadTargets([id], clock.now())).get(id),
    /** Rejects with a ConfigError that says what to do when a store is not what ANIKA can work with. */
    async requireStores(): Promise<void> {
      await patiently(() => requirePostgres(postgres));
      await patiently(() => requireSecretKeys(postgres, secretBox));
      await patiently(() => requireMongo(mongo));
      await requireRedis(config.REDIS_URL, { connection: producer, logger });
    },
    /**
     * With much stored and new indexes it takes a while; nothing can be done for anybody before, nor before the `rest`
     * of what a program has to do first.
     */
    async prepare(rest: () => Promise<void> = async () => undefined): Promise<void> {
      await patiently(() =>
        mongo.prepare((seconds) =>
          logger.info({ seconds }, 'MongoDB is making indexes; this process goes on when they are there'),
        ),
      );
      await rest();
      isPrepared = true;
    },
    isPrepared: () => isPrepared,
    /** For who asks whether this process is ready. */
    indexes: {
      name: 'indexes',
      async ping() {
        if (!isPrepared) throw new Error('MongoDB is making them');
      },
    },
    readiness: [
      { name: 'postgres', ping: postgres.ping },
      { name: 'mongodb', ping: mongo.ping },
      { name: 'redis', ping: () => pingRedis(producer) },
    ],
  };
}

/** The one way out of a process: to endpoints, past the address guard. */
export function openEndpoints(
  config: SharedConfig,
  { postgres, secretBox, clock }: Pick<Stores, 'postgres' | 'secretBox' | 'clock'>,
  lifecycle: Lifecycle,
) {
  return openWebhookEndpoints({
    allow: config.ANIKA_EGRESS_ALLOW,
    deny: config.ANIKA_EGRESS_DENY,
    store: createWebhookKeyStore(postgres),
    secretBox,
    clock,
    lifecycle,
  });
}
