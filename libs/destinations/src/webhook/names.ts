import type { LookupAddress } from 'node:dns';
import { LRUCache } from 'lru-cache';
import { type Found, type Resolve, resolveByDns } from './ask-dns.ts';
import { NameError } from './classify-error.ts';
import { createShares } from './shares.ts';

/** A look-up that was made or is under way; its addresses may still be long in coming. */
export type Lookup = { readonly addresses: Promise<readonly LookupAddress[]> };

type Asking = {
  readonly hostname: string;
  /** The company whose share the look-up takes. */
  readonly partnerId: string;
  /** The name is on the allow list. */
  readonly isExempt: boolean;
  readonly signal?: AbortSignal | undefined;
};

export type Names = {
  /** Resolves as soon as the look-up has begun; undefined when its company has too many under way. */
  begin(asking: Asking): Promise<Lookup | undefined>;
};

type Known = {
  readonly answer: readonly LookupAddress[] | NameError;
  readonly freshUntilMs: number;
  /** Until then it is better than no answer. */
  readonly staleUntilMs: number;
};

const NAMES_MAX = 10_000;
const TTL_MIN_MS = 5000;
const TTL_MAX_MS = 60_000;
const STALE_MS = 60_000;
/** Less than the shortest second wait of the usual schedule, 5 s - 20 %: a second attempt asks again. */
const NEGATIVE_MS = 3500;
/** Of one company, at once. Names are in its hands, and so is how long they take. */
const LOOKUPS_EACH = 4;
const LOOKUP_WAIT_MS = 500;

/** Names and their addresses: each asked for once, kept as long as its TTL says, and by each company in its share. */
export function createNames({
  resolve = resolveByDns,
  now = Date.now,
}: {
  resolve?: Resolve | undefined;
  now?: () => number;
}): Names {
  const known = new LRUCache<string, Known>({ max: NAMES_MAX });
  const underWay = new Map<string, Lookup>();
  const shares = createShares({ each: LOOKUPS_EACH, waitMs: LOOKUP_WAIT_MS });

  function present(key: string): Lookup | undefined {
    const found = known.get(key);
    if (found === undefined || found.freshUntilMs <= now()) return underWay.get(key);
    return { addresses: promised(found.answer) };
  }

  async function ask(key: string, { hostname, isExempt }: Asking): Promise<readonly LookupAddress[]> {
    try {
      const answer = await resolve(hostname, isExempt);
      known.set(key, positive(answer, now()));
      return answer;
    } catch (cause) {
      const error = cause instanceof NameError ? cause : new NameError('look-up failed', { cause });
      const before = known.get(key);
      const old = before !== undefined && !error.isAnswer && before.staleUntilMs > now() ? before : undefined;
      const freshUntilMs = now() + NEGATIVE_MS;
      known.set(key, old ? { ...old, freshUntilMs } : { answer: error, freshUntilMs, staleUntilMs: 0 });
      if (old !== undefined && !(old.answer instanceof NameError)) return old.answer;
      throw error;
    }
  }

  return {
    async begin(asking) {
      const { hostname, partnerId, isExempt, signal } = asking;
      const key = isExempt ? `exempt ${hostname}` : hostname;
      const before = present(key);
      if (before !== undefined) return before;
      if (!(await shares.take(partnerId, signal))) return undefined;
      const meanwhile = present(key);
      if (meanwhile !== undefined) {
        shares.give(partnerId);
        return meanwhile;
      }
      const addresses = ask(key, asking).finally(() => {
        underWay.delete(key);
        shares.give(partnerId);
      });
      // Whoever wanted it may be gone by then.
      addresses.catch(() => undefined);
      const lookup = { addresses };
      underWay.set(key, lookup);
      return lookup;
    },
  };
}

/** Whoever asked for it may not wait for it. */
function promised(answer: Known['answer']): Promise<readonly LookupAddress[]> {
  if (!(answer instanceof NameError)) return Promise.resolve(answer);
  const refused = Promise.reject(answer);
  refused.catch(() => undefined);
  return refused;
}

function positive(answer: readonly Found[], nowMs: number): Known {
  const ttlMs = Math.min(...answer.map(({ ttl }) => (ttl ?? Number.POSITIVE_INFINITY) * 1000));
  const freshUntilMs = nowMs + Math.min(Math.max(ttlMs, TTL_MIN_MS), TTL_MAX_MS);
  return { answer, freshUntilMs, staleUntilMs: freshUntilMs + STALE_MS };
}
