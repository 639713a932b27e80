import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Quota, RateState } from './admit.ts';

const WINDOW_SECONDS = 10;
/** How much more than one caller all callers of a company may do together. */
const COMPANY_FACTOR = 2;

/** A quota this process counts for itself: no round trip on the way of every call. */
export function memoryQuota(name: string, perSecond: number) {
  const points = perSecond * WINDOW_SECONDS;
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  const stateOf = (result: RateLimiterRes, allowed: boolean): RateState => ({
    allowed,
    limit: points,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  });
  return {
    name,
    windowSeconds: WINDOW_SECONDS,
    limit: {
      async consume(who: string) {
        try {
          return stateOf(await limiter.consume(who), true);
        } catch (error) {
          if (error instanceof RateLimiterRes) return stateOf(error, false);
          throw error;
        }
      },
      /** What was counted once is not, after all. */
      async giveBack(who: string) {
        await limiter.reward(who, 1);
      },
    },
  };
}

/** A quota of each caller, and that of all callers of one company. */
export function sharedQuota(name: string, perSecond: number): Quota & { readonly company: Quota } {
  return {
    ...memoryQuota(name, perSecond),
    company: memoryQuota(`${name}-company`, perSecond * COMPANY_FACTOR),
  };
}
