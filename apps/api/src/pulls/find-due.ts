import type { Delivery } from '@anika/core/delivery/delivery';
import type { SubscriptionId } from '@anika/core/ids';
import type { PullStore } from '@anika/stores/mongo/pulls';
import type { FoundNone } from './found-none.ts';

export type FindDueNeeds = {
  readonly store: Pick<PullStore, 'findFirst' | 'findAgain'>;
  /** Of what comes again. */
  readonly foundNone: FoundNone;
};

/** What may be given to a puller, in the order of acceptance; nothing that is leased. */
export type FindDue = (id: SubscriptionId, nowMs: number, limit: number) => Promise<readonly Delivery[]>;

/** Of those that come again, so many are put in order with the others. */
const AGAIN_MAX = 100;
/** How long it is believed that nothing comes again, where something else fills the answer. */
export const NONE_AGAIN_MS = 100;

/**
 * To look for what comes again costs more the more leases have ended lately: the server steps over each entry that its
 * index had of them. Who takes a long backlog asks many times a second, and is not made to wait for that each time.
 */
export function createFindDue({ store, foundNone }: FindDueNeeds): FindDue {
  async function findAgain(id: SubscriptionId, nowMs: number): Promise<readonly Delivery[]> {
    const none = foundNone.look(id, nowMs + NONE_AGAIN_MS);
    const again = await store.findAgain(id, nowMs, AGAIN_MAX);
    if (again.length === 0) none();
    else foundNone.forget([id]);
    return again;
  }

  return async (id, nowMs, limit) => {
    const [first, found] = await Promise.all([
      store.findFirst(id, nowMs, limit),
      foundNone.isSo(id) ? undefined : findAgain(id, nowMs),
    ]);
    const again = found ?? (first.length < limit ? await findAgain(id, nowMs) : []);
    return again.length === 0 ? first : [...first, ...again].sort(byAcceptance).slice(0, limit);
  };
}

function byAcceptance(a: Delivery, b: Delivery): number {
  const byTime = a.acceptedAtMs - b.acceptedAtMs || (a.order ?? 0) - (b.order ?? 0);
  if (byTime !== 0) return byTime;
  return a.id < b.id ? -1 : 1;
}
