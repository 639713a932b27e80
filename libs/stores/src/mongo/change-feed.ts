import type { DeliveryId, MessageId } from '@anika/core/ids';
import { HistoryLost } from '@anika/core/stream/history-lost';
import { comparePositions, endOf, type Position } from '@anika/core/stream/position';
import type { DeliveryFacts, MessageFacts, StoredChange } from '@anika/core/stream/stream-event';
import { LRUCache } from 'lru-cache';
import { type ClientSession, type Document, MongoError, type RunCommandCursor, Timestamp } from 'mongodb';
import { z } from 'zod';
import {
  attemptsIn,
  CHANGES_PIPELINE,
  MESSAGE_FACTS_PROJECTION,
  ORIGIN_PROJECTION,
  parseChange,
  type RawChange,
  stateIn,
  toAttemptFacts,
  toDeliveryFacts,
  toMessageFacts,
  toStateFacts,
} from './change-document.ts';
import { guarded, type Mongo } from './client.ts';

/** Changes in their order, and up to where there are no others. */
export type ChangeBatch = { readonly changes: readonly StoredChange[]; readonly position: Position };

/** Invalid token, fatal for the stream, history lost, position overwritten. */
const LOST_CODES = new Set<unknown>([260, 280, 286, 136]);

export function isHistoryLost(error: unknown): boolean {
  return error instanceof MongoError && LOST_CODES.has(error.code);
}

const BATCH_SIZE = 500;
/** How long the server waits for a change before it answers that there was none. */
const WAIT_MS = 1000;
const ORIGINS_KEPT = 5000;

const pong = z.looseObject({ operationTime: z.instanceof(Timestamp) });

export type ChangeFeed = ReturnType<typeof createChangeFeed>;

/**
 * What is stored, as it is stored, from the replica set's own log: nothing is written for it, and it costs nothing while
 * nobody reads.
 */
export function createChangeFeed(mongo: Mongo) {
  const origins = new LRUCache<DeliveryId, DeliveryFacts>({ max: ORIGINS_KEPT });

  async function loadOrigins(changes: readonly RawChange[]): Promise<void> {
    const missing = changes.flatMap(({ what, key }) =>
      what === 'deliveries update' && !origins.has(key as DeliveryId) ? [key as DeliveryId] : [],
    );
    if (missing.length === 0) return;
    const found = await guarded(() =>
      mongo.deliveries
        .find({ _id: { $in: missing } }, { projection: ORIGIN_PROJECTION, batchSize: missing.length + 1 })
        .toArray(),
    );
    for (const document of found) origins.set(document._id, toDeliveryFacts(document._id, document));
  }

  /** Messages whose time has come. */
  async function loadDue(changes: readonly RawChange[]): Promise<ReadonlyMap<string, MessageFacts>> {
    const ids = changes.flatMap(({ what, key }) => (what === 'messages update' ? [key as MessageId] : []));
    if (ids.length === 0) return new Map();
    const found = await guarded(() =>
      mongo.messages.find({ _id: { $in: ids } }, { projection: MESSAGE_FACTS_PROJECTION }).toArray(),
    );
    return new Map(found.map((document) => [document._id, toMessageFacts(document._id, document)]));
  }

  function toChange(
    raw: RawChange,
    position: Position,
    due: ReadonlyMap<string, MessageFacts>,
  ): StoredChange | undefined {
    switch (raw.what) {
      case 'messages insert':
        return { position, kind: 'message', message: toMessageFacts(raw.key, raw.document) };
      case 'messages update': {
        const message = due.get(raw.key);
        return message && { position, kind: 'message', message };
      }
      case 'deliveries insert': {
        const delivery = toDeliveryFacts(raw.key, raw.document);
        origins.set(delivery.id, delivery);
        const attempts = raw.document.attempts.map(toAttemptFacts);
        return {
          position,
          kind: 'delivery',
          delivery,
          isNew: true,
          attempts,
          state: toStateFacts(raw.document),
        };
      }
      case 'deliveries update': {
        const delivery = origins.get(raw.key as DeliveryId);
        const attempts = attemptsIn(raw.updated);
        const state = stateIn(raw.updated);
        // Deleted since, or nothing that anybody is told of.
        if (delivery === undefined || (attempts.length === 0 && state === undefined)) return undefined;
        return { position, kind: 'delivery', delivery, isNew: false, attempts, state };
      }
    }
  }

  return {
    /** The end of what has been stored by now. */
    async now(): Promise<Position> {
      const { operationTime } = pong.parse(await guarded(() => mongo.db.command({ ping: 1 })));
      return endOf(toTime(operationTime));
    },

    /**
     * What was stored after a position, and then what is, until the signal aborts. A batch without changes comes about
     * once a second, when there were none.
     * @throws HistoryLost, and what the driver throws when the server goes away: to be read again from the last position
     */
    async *read(from: Position, signal: AbortSignal): AsyncGenerator<ChangeBatch> {
      const session = mongo.db.client.startSession();
      const cursor = openCursor(mongo, from, session);
      let known = from;
      let last: Position | undefined;
      try {
        while (!signal.aborted) {
          const soFar = session.operationTime;
          const documents = await nextBatch(cursor);
          const raws = documents.map(parseChange);
          await loadOrigins(raws);
          const due = await loadDue(raws);
          const changes: StoredChange[] = [];
          for (const raw of raws) {
            last = positionAfter(last, toTime(raw.clusterTime));
            const change = comparePositions(last, from) > 0 ? toChange(raw, last, due) : undefined;
            if (change !== undefined) changes.push(change);
          }
          // What was stored before the server was asked has come by now.
          const quietUntil = raws.length === 0 && soFar !== undefined ? endOf(toTime(soFar)) : undefined;
          known = latest([known, last, quietUntil]);
          yield { changes, position: known };
        }
      } finally {
        await cursor.close().catch(() => undefined);
        await session.endSession();
      }
    },
  };
}

function openCursor(
  { db }: Mongo,
  { seconds, increment }: Position,
  session: ClientSession,
): RunCommandCursor {
  const startAtOperationTime = new Timestamp({ t: seconds, i: increment });
  const pipeline = [{ $changeStream: { startAtOperationTime } }, ...CHANGES_PIPELINE];
  return db
    .runCursorCommand(
      { aggregate: 1, pipeline, cursor: { batchSize: BATCH_SIZE }, readConcern: { level: 'majority' } },
      { session },
    )
    .setBatchSize(BATCH_SIZE)
    .setMaxTimeMS(WAIT_MS);
}

/** What the server has at once; empty when there was nothing for a while. */
async function nextBatch(cursor: RunCommandCursor): Promise<Document[]> {
  try {
    const first: Document | null = await cursor.tryNext();
    if (first !== null) return [first, ...cursor.readBufferedDocuments()];
    // The database was dropped, or the server ended the cursor without a word.
    if (cursor.closed || cursor.id?.isZero()) throw new HistoryLost('The stream of changes has ended');
    return [];
  } catch (error) {
    if (isHistoryLost(error)) {
      throw new HistoryLost('The store has forgotten what happened since', { cause: error });
    }
    throw error;
  }
}

function toTime(timestamp: Timestamp): Omit<Position, 'nth'> {
  return { seconds: timestamp.getHighBitsUnsigned(), increment: timestamp.getLowBitsUnsigned() };
}

/** Changes of one transaction have one time. */
function positionAfter(last: Position | undefined, time: Omit<Position, 'nth'>): Position {
  const isSame = last?.seconds === time.seconds && last.increment === time.increment;
  return { ...time, nth: isSame ? last.nth + 1 : 0 };
}

function latest(positions: readonly (Position | undefined)[]): Position {
  const given = positions.filter((one) => one !== undefined);
  return given.reduce((a, b) => (comparePositions(a, b) >= 0 ? a : b));
}
