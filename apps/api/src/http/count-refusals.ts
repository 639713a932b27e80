import { createHash } from 'node:crypto';
import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import { addressKey } from '@anika/runtime/address-key';
import { LRUCache } from 'lru-cache';
import { type Quota, quotaFailure } from './admit.ts';

type Authenticate = (authorization: string | undefined, remoteAddress?: string) => Promise<Caller>;

type Returnable = Quota & { readonly limit: { giveBack(who: string): Promise<void> } };

/** How long a credential that was good is taken for one that may be, and how many are remembered. */
const KNOWN = { max: 20_000, ttl: 600_000 } as const;

/**
 * Counts what is refused by address, in the quota of those without a credential, and then looks at no credential from
 * there any more: to try a made-up one must not cost a query each. One that was good a moment ago is looked at all the
 * same, so that others behind the same address do not lock out whoever has it.
 */
export function countRefusals(authenticate: Authenticate, anonymous: Returnable): Authenticate {
  const known = new LRUCache<string, true>(KNOWN);
  return async (authorization, remoteAddress) => {
    const mark = authorization === undefined ? '' : digest(authorization);
    const who = addressKey(remoteAddress);
    // Counted before it is looked at, so that many at once count as many.
    const counted = !known.has(mark);
    if (counted) {
      const state = await anonymous.limit.consume(who);
      if (!state.allowed) throw quotaFailure(anonymous, state);
    }
    const caller = await authenticate(authorization, remoteAddress).catch(async (error: unknown) => {
      const refused = error instanceof Failure && error.code === 'unauthenticated';
      if (refused) known.delete(mark);
      if (refused && !counted) await anonymous.limit.consume(who);
      if (!refused && counted) await anonymous.limit.giveBack(who);
      throw error;
    });
    if (counted) await anonymous.limit.giveBack(who);
    known.set(mark, true);
    return caller;
  };
}

/** Credentials are kept nowhere as they are. */
function digest(authorization: string): string {
  return createHash('sha256').update(authorization).digest('base64');
}
