import { compileRoute, type Matcher } from '@anika/core/audience/matching';
import type { Change } from '@anika/core/change';
import type { TopicId } from '@anika/core/ids';
import type { Route } from '@anika/core/route';
import { LRUCache } from 'lru-cache';

export type CompiledRoute = { readonly route: Route; readonly matchers: readonly Matcher[] };

type Needs = {
  readonly loadRoute: (topicId: TopicId) => Promise<Route | undefined>;
  readonly routingVersions: (topicIds: readonly TopicId[]) => Promise<ReadonlyMap<TopicId, number>>;
  readonly clock: { now(): number };
};

type Entry = { readonly compiled: CompiledRoute | undefined; checkedAtMs: number };

/** How old a route may be before its version is compared with the database. */
const FRESH_MS = 500;
const MAX_TOPICS = 5000;

export type RouteCache = {
  /** Undefined: there is no such topic. */
  get(topicId: TopicId): Promise<CompiledRoute | undefined>;
  forget(change: Change): void;
};

/**
 * Topics with their grants and subscriptions, compiled. A change is announced and forgotten at once; should
 * the announcement be lost, the version is compared every half second, which reads one number and not
 * 10,000 subscriptions.
 */
export function createRouteCache(needs: Needs): RouteCache {
  const cache = new LRUCache<TopicId, Entry>({ max: MAX_TOPICS });
  const loading = new Map<TopicId, Promise<CompiledRoute | undefined>>();
  let generation = 0;

  async function load(topicId: TopicId): Promise<CompiledRoute | undefined> {
    const cached = cache.get(topicId);
    if (cached?.compiled !== undefined) {
      const version = (await needs.routingVersions([topicId])).get(topicId);
      if (version === cached.compiled.route.topic.routingVersion) {
        cached.checkedAtMs = needs.clock.now();
        return cached.compiled;
      }
    }
    const startedIn = generation;
    const route = await needs.loadRoute(topicId);
    const compiled = route === undefined ? undefined : { route, matchers: compileRoute(route) };
    if (startedIn === generation) cache.set(topicId, { compiled, checkedAtMs: needs.clock.now() });
    return compiled;
  }

  return {
    async get(topicId) {
      const cached = cache.get(topicId);
      if (cached !== undefined && needs.clock.now() - cached.checkedAtMs < FRESH_MS) return cached.compiled;
      const underWay = loading.get(topicId);
      if (underWay !== undefined) return underWay;
      const promise = load(topicId).finally(() => loading.delete(topicId));
      loading.set(topicId, promise);
      return promise;
    },
    forget(change) {
      if (change.kind !== 'topic' && change.kind !== 'partner') return;
      generation += 1;
      loading.clear();
      if (change.kind === 'topic') cache.delete(change.id as TopicId);
      if (change.kind === 'partner') cache.clear();
    },
  };
}
