import { floorTo, STEP_MS } from '@anika/core/stats/figures';
import { createReadiness } from '@anika/runtime/readiness';
import { createProcessStore } from '@anika/stores/mongo/processes';
import { createStatRanking } from '@anika/stores/mongo/stat-ranking';
import { createStatStore } from '@anika/stores/mongo/stats';
import { createEndpointNames } from '@anika/stores/postgres/endpoint-names';
import { createPartnerStore } from '@anika/stores/postgres/partners';
import type { ApiConfig } from './config.ts';
import { pathId } from './http/path-id.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { metaRoutes } from './meta/meta.routes.ts';
import { createLookUp, type FoundJob, type LookUp } from './operators/look-up.ts';
import { operatorsRoutes } from './operators/operators.routes.ts';
import { createOverview } from './operators/overview.ts';
import { createRankEndpoints } from './operators/rank-endpoints.ts';
import { deliveryView, messageView } from './operators/views.ts';

const COMPANIES_SHOWN = 20;

function composeLookUp(infrastructure: Infrastructure): LookUp {
  const { postgres, messages, recalls, deliveries, queues } = infrastructure;
  const names = createEndpointNames(postgres);
  return createLookUp({
    findDelivery: deliveries.find,
    async findMessage(id) {
      const found = await messages.find(id);
      return found === 'recalled' ? recalls.find(id) : found;
    },
    listDeliveries: deliveries.list,
    names: names.ofSubscriptions,
    topicNames: names.ofTopic,
    findJob: queues.findJob,
  });
}

function jobUrlOf(publicUrl: string) {
  return ({ queue, id }: FoundJob) => `${publicUrl}/admin/queues/queue/${queue}/${encodeURIComponent(id)}`;
}

/** The same for their pages. */
export function composeShown(config: ApiConfig, infrastructure: Infrastructure) {
  const lookUp = composeLookUp(infrastructure);
  const jobUrl = jobUrlOf(config.ANIKA_PUBLIC_URL);
  return {
    deliveries: async (id: string) => deliveryView(await lookUp.delivery(pathId('dlv', id)), jobUrl),
    messages: async (id: string) => messageView(await lookUp.message(pathId('msg', id))),
  };
}

/** The operators' view of everything, and figures of the largest companies for Prometheus. */
export function composeOperators(config: ApiConfig, infrastructure: Infrastructure): BoundRoute[] {
  const { mongo, postgres, queues, readiness, metrics, clock } = infrastructure;
  const ranking = createStatRanking(mongo);
  const stats = createStatStore(mongo);
  const ready = createReadiness(readiness, clock);
  metrics.gauge('company_per_minute', 'Of the 20 companies with most, in the last complete minute', {
    labels: ['company', 'what'],
    async collect(gauge) {
      const toMs = floorTo('minute', clock.now()) - STEP_MS.minute;
      const found = await ranking.companies({ fromMs: toMs - STEP_MS.minute, toMs }, COMPANIES_SHOWN);
      gauge.reset();
      for (const { partnerId: company, accepted, delivered, failed } of found) {
        gauge.set({ company, what: 'accepted' }, accepted);
        gauge.set({ company, what: 'delivered' }, delivered);
        gauge.set({ company, what: 'failed' }, failed);
      }
    },
  });
  return operatorsRoutes({
    overview: createOverview({
      figures: (span) => stats.read({ kind: 'installation' }, span, 'minute'),
      queues: queues.depths,
      stores: async () => (await ready()).body.stores,
      processes: () => createProcessStore(mongo).list(clock.now()),
      clock,
    }),
    rank: createRankEndpoints({
      sums: ranking.subscriptions,
      names: createEndpointNames(postgres).ofSubscriptions,
      clock,
    }),
    lookUp: composeLookUp(infrastructure),
    jobUrl: jobUrlOf(config.ANIKA_PUBLIC_URL),
  });
}

export function composeMeta(config: ApiConfig, { mongo, postgres, clock }: Infrastructure): BoundRoute[] {
  const partners = createPartnerStore(postgres);
  const processes = createProcessStore(mongo);
  return metaRoutes({
    async limitsOf(partnerId) {
      const own = partnerId === undefined ? undefined : (await partners.find(partnerId))?.limits;
      return { ...postgres.companyLimits, ...own };
    },
    retrySchedule: async () =>
      (await processes.list(clock.now())).findLast((one) => one.retrySchedule !== undefined)?.retrySchedule,
    settings: {
      messageBytes: config.ANIKA_MAX_MESSAGE_BYTES,
      publishPerSecond: config.ANIKA_RATE_PUBLISH,
      readPerSecond: config.ANIKA_RATE_READ,
      managePerSecond: config.ANIKA_RATE_MANAGE,
      searches: config.ANIKA_MAX_SEARCHES,
      streams: config.ANIKA_MAX_STREAMS,
      subscriptionsPerTopic: config.ANIKA_MAX_SUBSCRIPTIONS,
    },
    egressAddresses: config.ANIKA_EGRESS_ADDRESSES,
  });
}
