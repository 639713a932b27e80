import { TIMING } from '@anika/core/delivery/timing';
import type { Redis } from 'ioredis';

/**
 * Whether this Redis has lost what was put into it. A marker with its time is set once; when it is gone so are the
 * data (FLUSHALL, a new or empty server), and the queues must be built again from MongoDB. `just`: exactly one caller
 * is told so. `lately`: who asks within 15 s of that.
 */
export async function redisWasEmptied(
  redis: Redis,
  prefix: string,
  nowMs: number,
): Promise<'just' | 'lately' | 'no'> {
  const marker = `${prefix}:epoch`;
  if ((await redis.set(marker, nowMs, 'NX')) === 'OK') return 'just';
  return nowMs - Number(await redis.get(marker)) < TIMING.lookedForMs ? 'lately' : 'no';
}
