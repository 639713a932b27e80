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
  /** Of credentials that are looked at for the first time: many calls at once with a good one count as one. */
  const looking = new Map<string, Promise<unknown>>();

  async function lookAtKnown(given: Given): Promise<Caller> {
    try {
      return await authenticate(given.authorization, given.remoteAddress);
    } catch (error) {
      if (isRefused(error)) {
        known.delete(given.mark);
        await anonymous.limit.consume(given.who);
      }
      throw error;
    }
  }

  /** Counted before it is looked at, so that many at once count as many. */
  async function lookAtNew(given: Given): Promise<Caller> {
    const state = await anonymous.limit.consume(given.who);
    if (!state.allowed) throw quotaFailure(anonymous, state);
    try {
      const caller = await authenticate(given.authorization, given.remoteAddress);
      known.set(given.mark, true);
      await anonymous.limit.giveBack(given.who);
      return caller;
    } catch (error) {
      if (!isRefused(error)) await anonymous.limit.giveBack(given.who);
      throw error;
    }
  }

  return async (authorization, remoteAddress) => {
    const mark = authorization === undefined ? '' : digest(authorization);
    const given = { authorization, remoteAddress, mark, who: addressKey(remoteAddress) };
    await looking.get(mark)?.catch(() => undefined);
    if (known.has(mark)) return lookAtKnown(given);
    const looked = lookAtNew(given);
    looking.set(mark, looked);
    return looked.finally(() => looking.get(mark) === looked && looking.delete(mark));
  };
}

type Given = {
  readonly authorization: string | undefined;
  readonly remoteAddress: string | undefined;
  /** Of the credential. */
  readonly mark: string;
  /** Whom it is counted for. */
  readonly who: string;
};

function isRefused(error: unknown): boolean {
  return error instanceof Failure && error.code === 'unauthenticated';
}

/** Credentials are kept nowhere as they are. */
function digest(authorization: string): string {
  return createHash('sha256').update(authorization).digest('base64');
}
