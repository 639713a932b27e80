import type { SubscriptionId } from '@anika/core/ids';
import { addHistograms, type Histogram, quantileOf } from '@anika/core/stats/histogram';
import type { SubscriptionSums } from '@anika/stores/mongo/stat-ranking';
import type { EndpointNames } from '@anika/stores/postgres/endpoint-names';

export type RankNeeds = {
  readonly sums: (span: { fromMs: number; toMs: number }) => Promise<readonly SubscriptionSums[]>;
  readonly names: (ids: readonly SubscriptionId[]) => Promise<ReadonlyMap<SubscriptionId, EndpointNames>>;
  readonly clock: { now(): number };
};

export type RankQuery = {
  readonly order: 'failing' | 'slow';
  readonly minutes: number;
  readonly limit: number;
};

export type EndpointFigures = {
  readonly delivered: number;
  readonly failed: number;
  readonly dead: number;
  readonly failedShare: number;
  readonly p95Ms: number | undefined;
};

export type Ranking = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly subscriptions: readonly (EndpointNames & EndpointFigures)[];
  readonly hosts: readonly (EndpointFigures & { readonly host: string; readonly subscriptions: number })[];
};

type Sums = Pick<SubscriptionSums, 'delivered' | 'failed' | 'dead'> & { readonly times: Histogram };

function figuresOf({ delivered, failed, dead, times }: Sums): EndpointFigures {
  const attempts = delivered + failed;
  const failedShare = attempts === 0 ? 0 : Math.round((failed / attempts) * 1000) / 1000;
  return { delivered, failed, dead, failedShare, p95Ms: quantileOf(times, 0.95) };
}

/** The worst first: by failed attempts, or by the time that deliveries take. */
function compare(order: RankQuery['order']) {
  return (a: EndpointFigures, b: EndpointFigures) =>
    order === 'failing' ? b.failed - a.failed || b.dead - a.dead : (b.p95Ms ?? 0) - (a.p95Ms ?? 0);
}

export function createRankEndpoints(needs: RankNeeds): (query: RankQuery) => Promise<Ranking> {
  return async ({ order, minutes, limit }) => {
    const toMs = needs.clock.now();
    const fromMs = toMs - minutes * 60_000;
    const sums = await needs.sums({ fromMs, toMs });
    const names = await needs.names(sums.map(({ subscriptionId }) => subscriptionId));
    const known = sums.flatMap((one) => {
      const name = names.get(one.subscriptionId);
      return name === undefined ? [] : [{ ...name, sums: one }];
    });
    const subscriptions = known.map(({ sums: one, ...name }) => ({ ...name, ...figuresOf(one) }));
    return {
      fromMs,
      toMs,
      subscriptions: subscriptions.toSorted(compare(order)).slice(0, limit),
      hosts: byHost(known).toSorted(compare(order)).slice(0, limit),
    };
  };
}

function byHost(known: readonly (EndpointNames & { readonly sums: SubscriptionSums })[]): Ranking['hosts'] {
  const hosts = new Map<string, { sums: Sums; subscriptions: number }>();
  for (const { host, sums } of known) {
    if (host === undefined) continue;
    const before = hosts.get(host);
    if (before === undefined) hosts.set(host, { sums, subscriptions: 1 });
    else hosts.set(host, { sums: add(before.sums, sums), subscriptions: before.subscriptions + 1 });
  }
  return [...hosts].map(([host, { sums, subscriptions }]) => ({ host, subscriptions, ...figuresOf(sums) }));
}

function add(a: Sums, b: Sums): Sums {
  return {
    delivered: a.delivered + b.delivered,
    failed: a.failed + b.failed,
    dead: a.dead + b.dead,
    times: addHistograms(a.times, b.times),
  };
}
