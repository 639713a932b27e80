import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import { UNVERIFIED } from '@anika/core/subscription/unverified';
import type { Logger } from '@anika/runtime/logger';

export type ExpireUnverifiedNeeds = {
  /** Subscriptions whose endpoint has never answered its challenge. */
  readonly neverVerified: () => Promise<readonly { id: SubscriptionId; partnerId: PartnerId }[]>;
  /** Cancels what is held for these and was accepted before; returns how many. */
  readonly cancelHeld: (ids: readonly SubscriptionId[], beforeMs: number) => Promise<number>;
  /** When the newest of those was accepted that are more than `count` held for these; undefined: there are none. */
  readonly heldBeyond: (ids: readonly SubscriptionId[], count: number) => Promise<number | undefined>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

/** What is held for endpoints that have never proved themselves has an end: in time, and in number by company. */
export function createExpireUnverified(needs: ExpireUnverifiedNeeds): () => Promise<void> {
  return async () => {
    const ofCompany = new Map<PartnerId, SubscriptionId[]>();
    for (const { id, partnerId } of await needs.neverVerified()) {
      ofCompany.set(partnerId, [...(ofCompany.get(partnerId) ?? []), id]);
    }
    for (const [partnerId, ids] of ofCompany) {
      const cancelled = await cancelOf(ids, needs);
      if (cancelled > 0)
        needs.logger.warn({ partnerId, cancelled }, 'held too long for unverified endpoints');
    }
  };
}

async function cancelOf(ids: readonly SubscriptionId[], needs: ExpireUnverifiedNeeds): Promise<number> {
  const late = await needs.cancelHeld(ids, needs.clock.now() - UNVERIFIED.holdMs);
  const beyondMs = await needs.heldBeyond(ids, UNVERIFIED.heldMax);
  return beyondMs === undefined ? late : late + (await needs.cancelHeld(ids, beyondMs + 1));
}
