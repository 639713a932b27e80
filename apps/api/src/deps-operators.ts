import { createReadiness } from '@anika/runtime/readiness';
import { createProcessStore } from '@anika/stores/mongo/processes';
import { createStatRanking } from '@anika/stores/mongo/stat-ranking';
import { createStatStore } from '@anika/stores/mongo/stats';
import { createEndpointNames } from '@anika/stores/postgres/endpoint-names';
import type { ApiConfig } from './config.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { showCompanies } from './operators/company-figures.ts';
import { jobUrlOf } from './operators/job-url.ts';
import { createLookUp } from './operators/look-up.ts';
import { operatorsRoutes } from './operators/operators.routes.ts';
import { createOverview } from './operators/overview.ts';
import { createRankEndpoints } from './operators/rank-endpoints.ts';

/** For the operators' routes, and for their pages. */
export function openLookUp({ postgres, messages, recalls, deliveries, queues }: Infrastructure) {
  const names = createEndpointNames(postgres);
  return createLookUp({
    findDelivery: deliveries.find,
    findMessage: messages.find,
    findRecalled: recalls.find,
    listDeliveries: deliveries.list,
    names: names.ofSubscriptions,
    topicNames: names.ofTopic,
    findJob: queues.findJob,
  });
}

/** The operators' view of everything, and figures of the largest companies for Prometheus. */
export function composeOperators(config: ApiConfig, infrastructure: Infrastructure): BoundRoute[] {
  const { mongo, postgres, queues, readiness, metrics, clock } = infrastructure;
  const ranking = createStatRanking(mongo);
  const stats = createStatStore(mongo);
  showCompanies({ metrics, companies: ranking.companies, clock });
  return operatorsRoutes({
    overview: createOverview({
      figures: (span) => stats.read({ kind: 'installation' }, span, 'minute'),
      queues: queues.depths,
      readiness: createReadiness(readiness, clock),
      processes: () => createProcessStore(mongo).list(clock.now()),
      clock,
    }),
    rank: createRankEndpoints({
      sums: ranking.subscriptions,
      names: createEndpointNames(postgres).ofSubscriptions,
      clock,
    }),
    lookUp: openLookUp(infrastructure),
    jobUrl: jobUrlOf(config.ANIKA_PUBLIC_URL),
  });
}
