import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Quota } from './admit.ts';

const WINDOW_SECONDS = 10;

/** A quota this process counts for itself: no round trip on the way of every call. */
export function memoryQuota(name: string, perSecond: number): Quota {
  const points = perSecond * WINDOW_SECONDS;
  const limiter = new RateLimiterMemory({ points, duration: WINDOW_SECONDS });
  const stateOf = (result: RateLimiterRes, allowed: boolean) => ({
    allowed,
    limit: points,
    remaining: Math.max(0, result.remainingPoints),
    resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
  });
  return {
    name,
    windowSeconds: WINDOW_SECONDS,
    limit: {
      async consume(who) {
        try {
          return stateOf(await limiter.consume(who), true);
        } catch (error) {
          if (error instanceof RateLimiterRes) return stateOf(error, false);
          throw error;
        }
      },
    },
  };
}
