import type { SubscriptionId } from '@anika/core/ids';

export type ReleaseIfActiveNeeds = {
  readonly activeAmong: (ids: readonly SubscriptionId[]) => Promise<readonly SubscriptionId[]>;
  /** How many it let go. */
  readonly releaseHeld: (id: SubscriptionId) => Promise<number>;
  /** Told that some are due now, which have no job. */
  readonly released?: () => Promise<unknown>;
};

/** After something was written as held: lets it go if the subscription was resumed in between. */
export function createReleaseIfActive(needs: ReleaseIfActiveNeeds) {
  return async (id: SubscriptionId): Promise<void> => {
    const active = await needs.activeAmong([id]);
    if (active.length > 0 && (await needs.releaseHeld(id)) > 0) await needs.released?.();
  };
}
