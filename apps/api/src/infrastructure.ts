import { randomBytes } from 'node:crypto';
import { type Context, openStores } from '@anika/broker/open-stores';
import { wakePullers } from '@anika/broker/wake-pullers';
import type { CompanyLimits } from '@anika/core/company-limits';
import { TIMING } from '@anika/core/delivery/timing';
import { type IdMaker, newId } from '@anika/core/ids';
import { createBoardRouter } from '@anika/queue/board';
import { createLanes } from '@anika/queue/lanes';
import { createRateLimit } from '@anika/queue/rate-limits';
import { createWakeUps } from '@anika/queue/wake-ups';
import { createMetrics } from '@anika/runtime/metrics';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createErasureWalk } from '@anika/stores/mongo/erasure-walk';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { createEndpointNames } from '@anika/stores/postgres/endpoint-names';
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
export function openInfrastructure(config: ApiConfig, context: Context) {
  const { logger, lifecycle } = context;
  const stores = openStores(config, context, { companyLimits: limitsOf(config) });
  const { clock, prefix, postgres, producer, subscriber, queues } = stores;
  // Searches have connections of their own: costly ones take none from those that store.
  const searchMongo = connectMongo({ url: config.MONGODB_URL, poolMax: SEARCH_CONNECTIONS });
  lifecycle.onClose('MongoDB for searches', searchMongo.close);
  const countedDeliveries = createDeliveryStore(searchMongo, { graceMs: TIMING.sweepGraceMs });
  const countedMessages = createMessageStore(searchMongo);
  const wakeUps = createWakeUps({ publisher: producer, subscriber, prefix, logger });
  const newIdNow: IdMaker = (kind) => newId(kind, clock.now(), randomBytes(10));
  return {
    ...stores,
    metrics: createMetrics('api'),
    lanes: createLanes({ redis: producer, prefix }),
    wakeUps,
    deliveries: wakePullers(stores.deliveries, wakeUps.wake),
    searchMessages: countedMessages.search,
    /** What reads much has connections of its own: publishing never waits for them. */
    counts: {
      deliveries: countedDeliveries,
      listBetween: countedMessages.listBetween,
      wantedByErasure: createErasureWalk(searchMongo).countWanted,
    },
    searchLimit: createSearchLimit({
      max: config.ANIKA_MAX_SEARCHES,
      msPerSecond: config.ANIKA_SEARCH_MS_PER_SECOND,
      clock,
    }),
    /** E-mails; nobody waits for them. */
    postbox: openPostbox(config, context),
    newId: newIdNow,
    rateLimit: (rule: { name: string; points: number; perSeconds: number }) =>
      createRateLimit(rule, { redis: producer, prefix }),
    board: createBoardRouter({
      queues,
      basePath: '/admin/queues',
      readOnly: !config.ANIKA_BOARD_WRITABLE,
      titles: createEndpointTitles(createEndpointNames(postgres).ofSubscriptions),
      consoleUrl: '/console',
      deliveryUrl: (id) => `/console/deliveries/${id}`,
    }),
  };
}
