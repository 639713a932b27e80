import type { Redis } from 'ioredis';

/**
 * Whether this Redis still has what was put into it. A marker is set once; when it is gone the data are
 * (FLUSHALL, a new or empty server) and the queues must be built again from MongoDB. Exactly one caller is
 * told so.
 */
export async function redisWasEmptied(redis: Redis, prefix: string): Promise<boolean> {
  return (await redis.set(`${prefix}:epoch`, '1', 'NX')) === 'OK';
}
