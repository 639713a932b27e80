import { createHash } from 'node:crypto';
import { Failure } from '@anika/core/failures';
import type { PartnerId } from '@anika/core/ids';

type Limit = {
  consume(who: string): Promise<{ allowed: boolean; limit: number; resetSeconds: number }>;
};

export type ChallengeLimitNeeds = {
  /** Over all companies. */
  readonly ofHost: Limit;
  readonly ofPartner: Limit;
  /** Undefined where nothing is to be counted. */
  readonly hostOf: (url: string) => string | undefined;
};

/**
 * Counts a challenge before it is sent: whoever runs the host has not agreed to anything yet, and nobody shall have it
 * asked again and again. Rejects with `rate-limited`.
 */
export function createChallengeLimits({ ofHost, ofPartner, hostOf }: ChallengeLimitNeeds) {
  return async (url: string, partnerId: PartnerId): Promise<void> => {
    const host = hostOf(url);
    if (host === undefined) return;
    // The company's own first: past it, it uses up nobody else's.
    check(await ofPartner.consume(partnerId), 'an hour for a company');
    check(await ofHost.consume(hostKey(host)), 'a minute to one host, over all companies');
  };
}

/** Hashed: Redis holds in clear nothing that a company wrote. */
function hostKey(hostname: string): string {
  return createHash('sha256').update(hostname.replace(/\.$/, '')).digest('base64url');
}

function check({ allowed, limit, resetSeconds }: Awaited<ReturnType<Limit['consume']>>, scope: string): void {
  if (allowed) return;
  throw new Failure(
    'rate-limited',
    `Cannot send a challenge: at most ${limit} ${scope}; try again in ${resetSeconds} s`,
    { retryAfterSeconds: resetSeconds },
  );
}
