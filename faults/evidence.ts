import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import type { StoredDelivery } from './check.ts';

/** What the stores say: read past ANIKA, with the drivers themselves. */
export type StoreReader = Awaited<ReturnType<typeof openStores>>;

const QUEUE_PARTS = { wait: 'llen', active: 'llen', delayed: 'zcard', prioritized: 'zcard' } as const;

export async function openStores(options: { mongodbUrl: string; redisUrl: string; prefix: string }) {
  const mongo = new MongoClient(options.mongodbUrl, { serverSelectionTimeoutMS: 3_000 });
  const redis = new Redis(options.redisUrl, { maxRetriesPerRequest: 1, connectTimeout: 3_000 });
  redis.on('error', () => undefined); // a server that is away fails the command as well
  const messages = mongo.db().collection<{ _id: string; pendingSince?: Date; dueAt?: Date }>('messages');
  const deliveries = mongo.db().collection<{
    _id: string;
    messageId: string;
    subscriptionId: string;
    state: string;
    reason?: string;
    generation: number;
    attemptCount: number;
    nextAttemptAt?: Date;
    attempts: { n: number }[];
  }>('deliveries');

  /** Jobs of deliveries, in whatever part of the queue. */
  async function countJobs(): Promise<number> {
    const counts = await Promise.all(
      Object.entries(QUEUE_PARTS).map(([part, command]) =>
        redis[command](`${options.prefix}:deliver:${part}`),
      ),
    );
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Deliveries that wait for their endpoint outside the queue. */
  async function parked(): Promise<number> {
    let sum = 0;
    for await (const keys of redis.scanStream({ match: `${options.prefix}:lane:*:p`, count: 1000 })) {
      for (const key of keys as string[]) sum += await redis.zcard(key);
    }
    return sum;
  }

  return {
    countJobs,
    countDeliveries: (filter: object = {}) => deliveries.countDocuments(filter),

    /** By what it is; all zero when nothing is left to do. */
    async unfinished(): Promise<Record<string, number>> {
      const [notFannedOut, scheduled, open, queued, waiting] = await Promise.all([
        messages.countDocuments({ pendingSince: { $exists: true } }),
        messages.countDocuments({ dueAt: { $exists: true } }),
        deliveries.countDocuments({ state: { $in: ['pending', 'retrying'] } }),
        countJobs(),
        parked(),
      ]);
      return {
        'messages not fanned out': notFannedOut,
        'messages before their time': scheduled,
        'open deliveries': open,
        'jobs in the queue': queued,
        'deliveries waiting for an endpoint': waiting,
      };
    },

    async storedMessages(): Promise<Set<string>> {
      // Notices to companies are messages as well, which nobody has published.
      const published = { type: { $not: /^anika\./ } };
      const found = await messages.find(published, { projection: { _id: 1 } }).toArray();
      return new Set(found.map(({ _id }) => _id));
    },

    countMessages: (filter: object) => messages.countDocuments(filter),

    /** Of all subscriptions but these. */
    async storedDeliveries(except: readonly string[] = []): Promise<StoredDelivery[]> {
      const found = await deliveries.find({ subscriptionId: { $nin: except } }).toArray();
      return found.map(({ _id, attempts, ...rest }) => ({
        id: _id,
        messageId: rest.messageId,
        subscriptionId: rest.subscriptionId,
        state: rest.state,
        reason: rest.reason,
        generation: rest.generation,
        attempts: attempts.map(({ n }) => n),
        nextAttemptAt: rest.nextAttemptAt,
      }));
    },

    async close(): Promise<void> {
      redis.disconnect();
      await mongo.close();
    },
  };
}
