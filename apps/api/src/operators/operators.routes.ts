import * as contract from '@anika/contracts/ops';
import { VERSION } from '@anika/core/version';
import { pathId } from '../http/path-id.ts';
import { type BoundRoute, bindRoute } from '../http/route.ts';
import type { FoundJob, LookUp } from './look-up.ts';
import type { Overview } from './overview.ts';
import type { Ranking, RankQuery } from './rank-endpoints.ts';
import { deliveryView, messageView, overviewView, rankingView } from './views.ts';

export type OperatorsNeeds = {
  readonly overview: () => Promise<Overview>;
  readonly rank: (query: RankQuery) => Promise<Ranking>;
  readonly lookUp: LookUp;
  readonly jobUrl: (job: FoundJob) => string;
};

export function operatorsRoutes({ overview, rank, lookUp, jobUrl }: OperatorsNeeds): BoundRoute[] {
  return [
    bindRoute(contract.opsOverview, async () => ({ body: overviewView(await overview(), VERSION) })),
    bindRoute(contract.opsEndpoints, async ({ query }) => ({ body: rankingView(await rank(query)) })),
    bindRoute(contract.opsDelivery, async ({ params }) => ({
      body: deliveryView(await lookUp.delivery(pathId('dlv', params.id)), jobUrl),
    })),
    bindRoute(contract.opsMessage, async ({ params }) => ({
      body: messageView(await lookUp.message(pathId('msg', params.id))),
    })),
  ];
}
