import type { PartnerId } from '@anika/core/ids';
import { quotaFailure } from '../http/admit.ts';
import { memoryQuota } from '../http/memory-quota.ts';

const PER_SECOND = 1;

/** To catch up reads the store's log: rejects with `rate-limited` when a company does so too often. */
export function createAdmitCatchUp() {
  const quota = memoryQuota('catch-up', PER_SECOND);
  return async (partnerId: PartnerId): Promise<void> => {
    const state = await quota.limit.consume(partnerId);
    if (!state.allowed) throw quotaFailure(quota, state);
  };
}
