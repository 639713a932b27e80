import type { Redis } from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

export type RateRule = { readonly name: string; readonly points: number; readonly perSeconds: number };
export type RateState = {
  readonly allowed: boolean;
  readonly limit: number;
  readonly remaining: number;
  readonly resetSeconds: number;
};
export type RateLimit = {
  /** Counts `points` (default 1) for `who`. While Redis is away each process counts for itself. */
  consume(who: string, points?: number): Promise<RateState>;
  /** What has been counted, without counting. */
  peek(who: string): Promise<RateState>;
  /** Takes one point back, of what turned out not to count. */
  giveBack(who: string): Promise<void>;
  reset(who: string): Promise<void>;
};

/** A counter per name and `who`, over all processes. */
export function createRateLimit(rule: RateRule, options: { redis: Redis; prefix: string }): RateLimit {
  const insurance = new RateLimiterMemory({ points: rule.points, duration: rule.perSeconds });
  const limiter = new RateLimiterRedis({
    storeClient: options.redis,
    keyPrefix: `${options.prefix}:rate:${rule.name}`,
    points: rule.points,
    duration: rule.perSeconds,
    insuranceLimiter: insurance,
    rejectIfRedisNotReady: true,
  });

  function stateOf(result: RateLimiterRes, allowed: boolean): RateState {
    return {
      allowed,
      limit: rule.points,
      remaining: Math.max(0, result.remainingPoints),
      resetSeconds: Math.max(1, Math.ceil(result.msBeforeNext / 1000)),
    };
  }

  return {
    async consume(who, points = 1) {
      try {
        return stateOf(await limiter.consume(who, points), true);
      } catch (error) {
        if (error instanceof RateLimiterRes) return stateOf(error, false);
        throw error;
      }
    },
    async peek(who) {
      const found = await limiter.get(who).catch(() => null);
      if (found === null) {
        return { allowed: true, limit: rule.points, remaining: rule.points, resetSeconds: rule.perSeconds };
      }
      return stateOf(found, found.remainingPoints > 0);
    },
    async giveBack(who) {
      await limiter.reward(who).catch(() => undefined);
    },
    async reset(who) {
      await limiter.delete(who).catch(() => undefined);
    },
  };
}
