import type { SubscriptionId } from '@anika/core/ids';
import { LRUCache } from 'lru-cache';

export type FoundNone = {
  /** Said before it is looked at what is due until then; what is returned says that this look has found nothing. */
  look(id: SubscriptionId, untilMs: number): () => void;
  /** Whether a look up to a later time has found nothing, and nobody has said since it began that there is something. */
  isSo(id: SubscriptionId): boolean;
  /** There may be something of these, also what a look that is under way does not see. */
  forget(ids: readonly SubscriptionId[]): void;
};

type Looks = { latest: object | undefined; noneUntilMs: number | undefined };

const MAX_KNOWN = 20_000;

/** For which subscriptions it need not be looked again, unless somebody is woken for one of them. */
export function createFoundNone(clock: { now(): number }): FoundNone {
  const known = new LRUCache<SubscriptionId, Looks>({ max: MAX_KNOWN });
  return {
    look(id, untilMs) {
      const look = {};
      const looks = known.get(id) ?? { latest: undefined, noneUntilMs: undefined };
      looks.latest = look;
      known.set(id, looks);
      return () => {
        const now = known.get(id);
        if (now?.latest === look) now.noneUntilMs = untilMs;
      };
    },
    isSo(id) {
      const noneUntilMs = known.get(id)?.noneUntilMs;
      return noneUntilMs !== undefined && clock.now() < noneUntilMs;
    },
    forget(ids) {
      for (const id of ids) known.delete(id);
    },
  };
}
