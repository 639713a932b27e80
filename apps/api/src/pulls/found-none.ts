import type { SubscriptionId } from '@anika/core/ids';
import { LRUCache } from 'lru-cache';

export type FoundNone = {
  /** Said before it is looked; what is returned says that this look has found nothing. */
  look(id: SubscriptionId): () => void;
  /** Whether a look of late has found nothing, and nobody has said since it began that there is something. */
  isSo(id: SubscriptionId): boolean;
  /** There may be something of these, also what a look that is under way does not see. */
  forget(ids: readonly SubscriptionId[]): void;
};

type Looks = { latest: object | undefined; noneAtMs: number | undefined };

const MAX_KNOWN = 20_000;

/** For which subscriptions it need not be looked again: for so long, unless somebody is woken for one of them. */
export function createFoundNone(forMs: number, clock: { now(): number }): FoundNone {
  const known = new LRUCache<SubscriptionId, Looks>({ max: MAX_KNOWN });
  return {
    look(id) {
      const atMs = clock.now();
      const look = {};
      const looks = known.get(id) ?? { latest: undefined, noneAtMs: undefined };
      looks.latest = look;
      known.set(id, looks);
      return () => {
        const now = known.get(id);
        if (now?.latest === look) now.noneAtMs = atMs;
      };
    },
    isSo(id) {
      const noneAtMs = known.get(id)?.noneAtMs;
      return noneAtMs !== undefined && clock.now() - noneAtMs < forMs;
    },
    forget(ids) {
      for (const id of ids) known.delete(id);
    },
  };
}
