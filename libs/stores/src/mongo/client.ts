import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { within } from '@anika/runtime/deadline';
import { Unavailable } from '@anika/runtime/unavailable';
import { type Collection, type Db, MongoBulkWriteError, MongoClient, MongoError } from 'mongodb';
import type { DeliveryDocument } from './delivery-document.ts';
import type { MessageDocument } from './message-document.ts';
import { createProcessIndexes } from './process-document.ts';
import { createStatIndexes } from './stat-documents.ts';
import type { WordBlockDocument } from './word-block-document.ts';

export type Mongo = {
  readonly db: Db;
  readonly messages: Collection<MessageDocument>;
  readonly deliveries: Collection<DeliveryDocument>;
  readonly wordBlocks: Collection<WordBlockDocument>;
  /**
   * Creates what indexes are missing, however long that takes; safe to run from several processes. `told` hears every
   * few seconds that it goes on.
   */
  prepare(told?: (seconds: number) => void): Promise<void>;
  /** Rejects when the server does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
};

/** Errors of the driver after which the same request may succeed later. */
const AWAY = new Set([
  'MongoServerSelectionError',
  'MongoNetworkError',
  'MongoNetworkTimeoutError',
  'MongoPoolClearedError',
  'PoolClearedOnNetworkError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoWaitQueueTimeoutError',
  'MongoOperationTimeoutError',
  // Of operations that were under way when the client was closed.
  'MongoClientClosedError',
  'MongoServerClosedError',
  'MongoPoolClosedError',
  'MongoExpiredSessionError',
]);
/**
 * The same, as servers say it: internal error (the server's own store is away), unreachable, shutting down, no
 * primary, interrupted, out of disk space.
 */
const AWAY_CODES = new Set<unknown>([
  1, 6, 7, 89, 91, 134, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436, 14_031,
]);

/** What the system says of a socket. The driver hands it on as it is where a write fails at once. */
const SOCKET_CODES = new Set<unknown>(['ECONNRESET', 'EPIPE', 'ECONNREFUSED', 'ECONNABORTED', 'ETIMEDOUT']);

function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && SOCKET_CODES.has(error.code);
}

export function isAway(error: unknown): boolean {
  // A bulk write wraps whatever ended it, also what has nothing to do with the server's answer.
  const cause: unknown = error instanceof MongoBulkWriteError ? error.errorResponse : error;
  if (cause instanceof MongoError && AWAY.has(cause.name)) return true;
  if (isSocketError(error) || isSocketError(cause)) return true;
  return error instanceof MongoError && AWAY_CODES.has(error.code);
}

/**
 * Above the socket's own time-out, and for the driver itself: it waits for ever where a connection is closed
 * while a large command is being written.
 */
const DEADLINE_MS = 20_000;

/** Runs an operation; a server that is away or says nothing is thrown as `Unavailable`. */
export function guarded<R>(work: () => Promise<R>): Promise<R> {
  return orUnavailable(() => within(work(), { ms: DEADLINE_MS, what: 'MongoDB' }));
}

async function orUnavailable<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work();
  } catch (error) {
    if (isAway(error)) throw new Unavailable('MongoDB', { cause: error });
    throw error;
  }
}

/** How long an operation may be silent. */
const SILENT_MS = 15_000;
const POOL_MAX = 20;

function openClient(url: string, { poolMax = POOL_MAX, silentMs = SILENT_MS }): MongoClient {
  return new MongoClient(url, {
    maxPoolSize: poolMax,
    serverSelectionTimeoutMS: 900,
    // How soon a server that accepts and says nothing is noticed, about the sum of both; what waits for it is
    // broken off then. Less would take a busy server for one that is away.
    connectTimeoutMS: 2000,
    heartbeatFrequencyMS: 1000,
    // Not less than the above, or a failed operation has the server looked at in the very moment in which the
    // heartbeat's own connection is being closed, and a driver that polls hangs.
    minHeartbeatFrequencyMS: 1000,
    socketTimeoutMS: silentMs,
    waitQueueTimeoutMS: 2000,
    ignoreUndefined: true,
    promoteValues: true,
    // The driver would look at each character of a text again that only we have written: of a megabyte for 3 ms.
    enableUtf8Validation: false,
  });
}

function collectionsOf(db: Db): Pick<Mongo, 'messages' | 'deliveries' | 'wordBlocks'> {
  return {
    messages: db.collection<MessageDocument>('messages'),
    deliveries: db.collection<DeliveryDocument>('deliveries'),
    wordBlocks: db.collection<WordBlockDocument>('wordBlocks'),
  };
}

/** Connects lazily; a server that cannot be reached within a second is `Unavailable`. */
export function connectMongo(options: { url: string; poolMax?: number }): Mongo {
  const client = openClient(options.url, options);
  const db = client.db();
  return {
    db,
    ...collectionsOf(db),
    prepare: (told = () => undefined) => prepare(options.url, told),
    ping: () => guarded(async () => void (await db.command({ ping: 1 }))),
    close: () => client.close(),
  };
}

const TOLD_EVERY_MS = 10_000;

/**
 * Over connections that may be silent for as long as a build takes; that the server is away is seen by the driver's own
 * heartbeat. A build that was begun goes on in the server all the same, and whoever asks again waits for it.
 */
async function prepare(url: string, told: (seconds: number) => void): Promise<void> {
  const client = openClient(url, { silentMs: 0 });
  const db = client.db();
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += TOLD_EVERY_MS / 1000;
    told(seconds);
  }, TOLD_EVERY_MS);
  try {
    await orUnavailable(() =>
      Promise.all([createIndexes(collectionsOf(db)), createStatIndexes(db), createProcessIndexes(db)]),
    );
  } finally {
    clearInterval(timer);
    await client.close();
  }
}

/** The indexes of deliveries to be pulled: those to be had at once, and those that come again at a time. */
export const PULL_FIRST = 'pull_first';
export const PULL_AGAIN = 'pull_again';
/** In the order of acceptance. */
export const BY_ACCEPTANCE = { acceptedAt: 1, order: 1, _id: 1 } as const;

/** The index of messages that carry the outbox mark. */
export const NOT_FANNED_OUT = 'not_fanned_out';
/** The index of deliveries that a replay has started, by what has become of them. */
export const REPLAYED = 'replayed';

/** The index of what is not delivered, by subscription, state and time: small where all is well. */
export const UNDELIVERED = 'undelivered';

/**
 * The partial indexes hold what is not delivered only: a sweep costs what is open, a redrive what is dead, not
 * what is stored.
 */
async function createIndexes({
  messages,
  deliveries,
  wordBlocks,
}: Pick<Mongo, 'messages' | 'deliveries' | 'wordBlocks'>): Promise<void> {
  // Of former versions: every insert would have an entry in the one; the other is a part of `undelivered`.
  await messages.dropIndex('topic_words').catch(ignoreNotFound);
  await messages.createIndexes([
    { key: { topicId: 1, acceptedAt: -1, _id: -1 }, name: 'topic_time' },
    {
      key: { pendingSince: 1 },
      name: NOT_FANNED_OUT,
      partialFilterExpression: { pendingSince: { $exists: true } },
    },
    {
      key: { deferred: 1, ownerId: 1, acceptedAt: 1, order: 1 },
      name: 'deferred',
      partialFilterExpression: { deferred: true },
    },
    { key: { dueAt: 1 }, name: 'due', partialFilterExpression: { dueAt: { $exists: true } } },
    {
      key: { ownerId: 1, dueAt: 1 },
      name: 'owner_due',
      partialFilterExpression: { dueAt: { $exists: true } },
    },
    {
      key: { topicId: 1, acceptedAt: 1 },
      name: 'unsent',
      partialFilterExpression: { unsent: true },
    },
    {
      key: { scrubAt: 1, 'recalled.at': 1 },
      name: 'being_recalled',
      partialFilterExpression: { scrubAt: { $exists: true } },
    },
  ]);
  await wordBlocks.createIndexes([
    { key: { topicId: 1, words: 1 }, name: 'topic_words' },
    { key: { topicId: 1, to: -1 }, name: 'topic_time' },
  ]);
  await deliveries.createIndexes([
    { key: { subscriptionId: 1, acceptedAt: -1, _id: -1 }, name: 'subscription_time' },
    { key: { sweepAt: 1 }, name: 'open', partialFilterExpression: { sweepAt: { $exists: true } } },
    { key: { subscriptionId: 1 }, name: 'held', partialFilterExpression: { state: 'held' } },
    {
      key: { subscriptionId: 1, state: 1, acceptedAt: -1, _id: -1 },
      name: UNDELIVERED,
      partialFilterExpression: { state: { $in: DELIVERY_STATES.filter((state) => state !== 'delivered') } },
    },
    { key: { finishedAt: 1 }, name: 'finished', partialFilterExpression: { finishedAt: { $exists: true } } },
    { key: { failedAt: 1 }, name: 'failed', partialFilterExpression: { failedAt: { $exists: true } } },
    {
      key: { replayId: 1, state: 1 },
      name: REPLAYED,
      partialFilterExpression: { replayId: { $exists: true } },
    },
    {
      key: { subscriptionId: 1, ...BY_ACCEPTANCE },
      name: PULL_FIRST,
      partialFilterExpression: { pull: true, state: 'pending' },
    },
    {
      key: { subscriptionId: 1, nextAttemptAt: 1, ...BY_ACCEPTANCE },
      name: PULL_AGAIN,
      partialFilterExpression: { pull: true, state: 'retrying' },
    },
    {
      key: { 'lease.until': 1 },
      name: 'leased',
      partialFilterExpression: { 'lease.until': { $exists: true } },
    },
  ]);
  // `partner_time` is not made any more either; the version before still needs it, the next one may drop it.
  await deliveries.dropIndex('dead').catch(ignoreNotFound);
}

/** No such collection, no such index. */
const NOT_FOUND = new Set<unknown>([26, 27]);

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof MongoError) || !NOT_FOUND.has(error.code)) throw error;
}
