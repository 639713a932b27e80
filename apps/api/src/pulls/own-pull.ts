import type { PartnerCaller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { Failure, notFound } from '@anika/core/failures';
import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import type { DeliveryType } from '@anika/core/subscription';
import { LRUCache } from 'lru-cache';

type Known = { readonly partnerId: PartnerId; readonly delivery: DeliveryType };

export type OwnPullNeeds = { readonly find: (id: SubscriptionId) => Promise<Known | undefined> };

export type OwnPull = {
  /** Rejects with `not-found` unless it is the caller's, with `conflict` unless it pulls. */
  require(id: SubscriptionId, by: PartnerCaller): Promise<void>;
  forget(change: Change): void;
};

/** How long it may go unnoticed that one is gone when its announcement is lost; nothing is given of it all the same. */
const CACHE_MS = 600_000;

/** Whose a subscription is and that it pulls never changes: whoever waits again and again costs no query. */
export function createOwnPull({ find }: OwnPullNeeds): OwnPull {
  const cache = new LRUCache<SubscriptionId, Known>({
    max: 20_000,
    ttl: CACHE_MS,
    ignoreFetchAbort: true,
    fetchMethod: (id) => find(id),
  });
  return {
    async require(id, by) {
      const found = await cache.fetch(id);
      if (found?.partnerId !== by.partnerId) throw notFound('subscription');
      if (found.delivery !== 'pull') {
        throw new Failure(
          'conflict',
          'Cannot pull: what comes for this subscription is sent to its endpoint',
        );
      }
    },
    forget({ kind, id }) {
      if (kind === 'subscription') cache.delete(id as SubscriptionId);
    },
  };
}
