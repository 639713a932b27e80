import type { Duplex } from 'node:stream';
import { Redis } from 'ioredis';

/**
 * `producer`: a command fails at once while Redis is away, so that no request waits for it. `worker` and
 * `subscriber`: commands wait until it is back.
 */
export type RedisRole = 'producer' | 'worker' | 'subscriber';

export function connectRedis(options: { url: string; role: RedisRole }): Redis {
  const isProducer = options.role === 'producer';
  const redis = new Redis(options.url, {
    enableOfflineQueue: !isProducer,
    maxRetriesPerRequest: isProducer ? 1 : null,
    connectTimeout: 2000,
    // A server that accepts and then says nothing (stopped, half-open) must not hold a request.
    ...(isProducer && { commandTimeout: 2000 }),
    // What was sent and not answered is not sent again by itself: it may have been done, and a job that is added again
    // after it was finished is done again.
    ...(isProducer && { autoResendUnfulfilledCommands: false }),
    keepAlive: 10_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 5), 1000),
  });
  // Each failed reconnect is one error event; what it means is said where a command fails.
  redis.on('error', () => undefined);
  if (options.role !== 'subscriber') redis.on('connect', () => shareWrites(redis.stream));
  return redis;
}

/**
 * Commands of one turn of the event loop share one write. ioredis has `enableAutoPipelining` for that, which makes
 * an object with all of BullMQ's scripts for every write.
 */
function shareWrites(stream: Duplex): void {
  const write = stream.write.bind(stream);
  let isCorked = false;
  const uncork = () => {
    isCorked = false;
    stream.uncork();
  };
  stream.write = ((...args: Parameters<typeof write>) => {
    if (!isCorked) {
      isCorked = true;
      stream.cork();
      setImmediate(uncork);
    }
    return write(...args);
  }) as typeof stream.write;
}

/** Rejects when Redis does not answer. */
export async function pingRedis(redis: Redis): Promise<void> {
  await redis.ping();
}
