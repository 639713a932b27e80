import { Failure } from '@anika/core/failures';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import { type DeliveryCounts, type Health, healthOf } from '@anika/core/subscription/health';
import { Unavailable } from '@anika/runtime/unavailable';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';

export type ReadHealthNeeds = {
  readonly count: (id: SubscriptionId) => Promise<DeliveryCounts>;
  /** Counts of one company are bounded, as its searches are. */
  readonly limit: <R>(partnerId: PartnerId, work: () => Promise<R>) => Promise<R>;
  readonly clock: { now(): number };
};

export type ReadHealth = ReturnType<typeof createReadHealth>;

/** Whoever looks at a page again and again costs no more than one count in this time. */
const CACHE_MS = 2000;
const CACHED_MAX = 10_000;
const AT_ONCE = 4;

/** How subscriptions of one company do; one that cannot be counted now is not in the answer. */
export function createReadHealth({ count, limit, clock }: ReadHealthNeeds) {
  const cache = new LRUCache<SubscriptionId, DeliveryCounts>({ max: CACHED_MAX, ttl: CACHE_MS });

  async function countAll(ids: readonly SubscriptionId[]): Promise<[SubscriptionId, DeliveryCounts][]> {
    const each = pLimit(AT_ONCE);
    return Promise.all(
      ids.map((id) =>
        each(async (): Promise<[SubscriptionId, DeliveryCounts]> => {
          const counts = await count(id);
          cache.set(id, counts);
          return [id, counts];
        }),
      ),
    );
  }

  return async (
    subscriptions: readonly Subscription[],
    partnerId: PartnerId,
  ): Promise<ReadonlyMap<SubscriptionId, Health>> => {
    const known = new Map<SubscriptionId, DeliveryCounts>();
    for (const { id } of subscriptions) {
      const counts = cache.get(id);
      if (counts !== undefined) known.set(id, counts);
    }
    const missing = subscriptions.map(({ id }) => id).filter((id) => !known.has(id));
    const found = missing.length === 0 ? [] : await unlessPassing(limit(partnerId, () => countAll(missing)));
    for (const [id, counts] of found) known.set(id, counts);
    const nowMs = clock.now();
    return new Map(
      subscriptions.flatMap((subscription): [SubscriptionId, Health][] => {
        const counts = known.get(subscription.id);
        return counts === undefined ? [] : [[subscription.id, healthOf(subscription, counts, nowMs)]];
      }),
    );
  };
}

/** A subscription can be read without its figures while their store is away, or its company counts too much at once. */
async function unlessPassing<T>(work: Promise<T[]>): Promise<T[]> {
  try {
    return await work;
  } catch (error) {
    const isPassing =
      error instanceof Unavailable || (error instanceof Failure && error.code === 'rate-limited');
    if (isPassing) return [];
    throw error;
  }
}
