import type { RouteContract } from '@anika/contracts/route';
import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';

type RateState = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
};
type RateLimit = { consume(who: string): Promise<RateState> };
export type Quota = { readonly name: string; readonly windowSeconds: number; readonly limit: RateLimit };

/** One quota for each kind of call. */
export type Quotas = {
  readonly publish: Quota;
  readonly read: Quota;
  readonly manage: Quota;
  readonly anonymous: Quota;
};

function quotaOf(contract: RouteContract, caller: Caller | undefined, quotas: Quotas): Quota {
  if (caller === undefined) return quotas.anonymous;
  if (contract.access !== 'public' && contract.access.scope === 'publish') return quotas.publish;
  return contract.method === 'get' ? quotas.read : quotas.manage;
}

/**
 * Counts a call against the quota of its partner or, for a key, its own; anonymous calls by address. The
 * headers follow draft-ietf-httpapi-ratelimit-headers-10.
 */
export function createAdmit(quotas: Quotas) {
  return async (
    contract: RouteContract,
    caller: Caller | undefined,
    remoteAddress: string | undefined,
  ): Promise<Readonly<Record<string, string>>> => {
    if (contract.quota === 'none') return {};
    const quota = quotaOf(contract, caller, quotas);
    const who = caller?.keyId ?? caller?.partnerId ?? caller?.userId ?? remoteAddress ?? 'unknown';
    const state = await quota.limit.consume(who);
    if (!state.allowed) {
      throw new Failure(
        'rate-limited',
        `At most ${state.limit} calls of this kind in ${quota.windowSeconds} s; try again in ${state.resetSeconds} s`,
        { retryAfterSeconds: state.resetSeconds },
      );
    }
    return {
      'RateLimit-Policy': `"${quota.name}";q=${state.limit};w=${quota.windowSeconds}`,
      RateLimit: `"${quota.name}";r=${state.remaining};t=${state.resetSeconds}`,
    };
  };
}
