import type { RouteContract } from '@anika/contracts/route';
import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import { addressKey } from '@anika/runtime/address-key';

export type RateState = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
};
type RateLimit = { consume(who: string): Promise<RateState> };
export type Quota = { readonly name: string; readonly windowSeconds: number; readonly limit: RateLimit };

/** One quota for each kind of call, and for a caller's company that of all its callers together. */
export type Quotas = {
  readonly publish: Quota & { readonly company: Quota };
  readonly read: Quota & { readonly company: Quota };
  readonly manage: Quota & { readonly company: Quota };
  readonly anonymous: Quota;
};

export function quotaFailure(quota: Quota, { limit, resetSeconds }: RateState): Failure {
  return new Failure(
    'rate-limited',
    `At most ${limit} calls of this kind in ${quota.windowSeconds} s; try again in ${resetSeconds} s`,
    { retryAfterSeconds: resetSeconds },
  );
}

type Counted = { readonly quota: Quota; readonly who: string };

/** A key for itself, the users of a company together, and its keys and users once more together. */
function countedOf(
  contract: RouteContract,
  caller: Caller | undefined,
  { quotas, remoteAddress }: { quotas: Quotas; remoteAddress: string | undefined },
): Counted[] {
  if (caller === undefined) return [{ quota: quotas.anonymous, who: addressKey(remoteAddress) }];
  const quota = quotas[kindOf(contract)];
  const { keyId, partnerId, userId } = caller;
  const own = { quota, who: keyId ?? partnerId ?? userId };
  return partnerId === undefined ? [own] : [own, { quota: quota.company, who: partnerId }];
}

function kindOf({ access, method }: RouteContract): 'publish' | 'read' | 'manage' {
  if (access !== 'public' && access.scope === 'publish') return 'publish';
  if (access !== 'public' && access.scope === 'receive') return 'read';
  return method === 'get' ? 'read' : 'manage';
}

/**
 * Counts a call; anonymous ones by address. The headers follow draft-ietf-httpapi-ratelimit-headers-10 and tell of the
 * quota that is nearest its end.
 */
export function createAdmit(quotas: Quotas) {
  return async (
    contract: RouteContract,
    caller: Caller | undefined,
    remoteAddress: string | undefined,
  ): Promise<Readonly<Record<string, string>>> => {
    if (contract.quota === 'none') return {};
    let nearest: { readonly quota: Quota; readonly state: RateState } | undefined;
    for (const { quota, who } of countedOf(contract, caller, { quotas, remoteAddress })) {
      const state = await quota.limit.consume(who);
      if (!state.allowed) throw quotaFailure(quota, state);
      if (nearest === undefined || state.remaining < nearest.state.remaining) nearest = { quota, state };
    }
    if (nearest === undefined) return {};
    const { name, windowSeconds } = nearest.quota;
    const { limit, remaining, resetSeconds } = nearest.state;
    return {
      'RateLimit-Policy': `"${name}";q=${limit};w=${windowSeconds}`,
      RateLimit: `"${name}";r=${remaining};t=${resetSeconds}`,
    };
  };
}
