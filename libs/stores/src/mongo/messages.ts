import type { MessageId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Recalled } from '@anika/core/recall';
import type { ItemError } from '@anika/runtime/split-on-failure';
import { type Document, type Filter, MongoError } from 'mongodb';
import { guarded, type Mongo, NOT_FANNED_OUT } from './client.ts';
import { UNSETTLED } from './deferred.ts';
import { encodeData } from './encode-data.ts';
import { insertRefusals } from './insert-refusals.ts';
import {
  IN_FORCE,
  MESSAGE_PROJECTION,
  type MessageDocument,
  NOT_RECALLED,
  type RecalledFields,
  toMessage,
  toRecalled,
} from './message-document.ts';
import { cursorOf, type MessageSearch, type SearchPage, type TimeCursor } from './message-search.ts';
import { createMessagesById } from './messages-by-id.ts';
import { LATE, newestInTime, SEARCH_MAX_MS } from './newest-first.ts';
import { readMessages } from './read-messages.ts';
import { searchByWords, type WantedBlocks } from './search-by-words.ts';
import { searchQuery, timeCondition, upToNow } from './search-query.ts';
import { createWordBlockStore } from './word-blocks.ts';

/** A message to be stored, with what is only stored for searching and for idempotency. */
export type NewMessage = Message & {
  readonly data: unknown;
  readonly fingerprint: string | undefined;
};

/** A message with what its idempotency key was used with. */
export type StoredMessage = Message & { readonly fingerprint: string | undefined };

/** Where a message is. */
export type Located = Pick<Message, 'topicId' | 'ownerId'> & {
  readonly recalled: Recalled | undefined;
  /** For its owner's eyes only: it is scheduled, or was taken back before its time. */
  readonly isUnsent: boolean;
};

const LOCATED = {
  ...{ topicId: 1, ownerId: 1, type: 1, audience: 1 },
  ...{ acceptedAt: 1, recalled: 1, unsent: 1 },
} as const;

const DURABLE = { writeConcern: { w: 'majority', j: true } } as const;

/** Messages that are read in one turn of the event loop: each may be of a quarter of a megabyte. */
const READ_AT_ONCE = 16;

/** An id that sorts before every other. */
const FIRST_ID = `msg_${'0'.repeat(16)}`;
/** Of the server: an operation exceeded its time limit. */
const MAX_TIME_EXPIRED = 50;

/** Accepted from a time on and before another; after a position that was reached before. */
export type MessagesBetween = {
  readonly fromMs: number;
  readonly toMs: number;
  readonly after: TimeCursor | undefined;
  readonly limit: number;
};

export type MessageStore = ReturnType<typeof createMessageStore>;

export function createMessageStore(mongo: Mongo) {
  const blocks = createWordBlockStore(mongo);

  async function find(search: MessageSearch, more: readonly Document[] | 'unsettled'): Promise<Message[]> {
    const isUnsettled = more === 'unsettled';
    const conditions = isUnsettled ? [UNSETTLED] : more;
    const found = await guarded(() =>
      readMessages(
        mongo.messages
          .find(searchQuery(search, conditions), {
            projection: MESSAGE_PROJECTION,
            maxTimeMS: SEARCH_MAX_MS,
            batchSize: READ_AT_ONCE,
            // There are few of them; not every server sees that.
            ...(isUnsettled && { hint: NOT_FANNED_OUT }),
          })
          .sort({ acceptedAt: -1, _id: -1 })
          .limit(search.limit),
      ),
    );
    return found.map(toMessage);
  }

  return {
    ...createMessagesById(mongo),

    /**
     * Stores messages durably in one write. The outcome of each, in order: `stored`, `duplicate` when its id exists
     * already (an idempotency key used before, or this very insert made again), or why it alone could not be stored.
     */
    async insert(batch: readonly NewMessage[]): Promise<('stored' | 'duplicate' | ItemError)[]> {
      const documents = batch.map(toDocument);
      const refused = await guarded(async () => {
        try {
          await mongo.messages.insertMany(documents, { ordered: false, ...DURABLE });
          return undefined;
        } catch (error) {
          return insertRefusals(error, documents.length);
        }
      });
      return batch.map((_, index) => refused?.get(index) ?? 'stored');
    },

    async find(id: MessageId): Promise<StoredMessage | 'recalled' | undefined> {
      const found = await guarded(() =>
        mongo.messages.findOne({ _id: id }, { projection: MESSAGE_PROJECTION }),
      );
      if (found === null) return undefined;
      if (found.recalled !== undefined) return 'recalled';
      return { ...toMessage(found), fingerprint: found.fingerprint };
    },

    /** Where a message is, without its data; of one that was taken back, what is kept. */
    async locate(id: MessageId): Promise<Located | undefined> {
      const found = await guarded(() =>
        mongo.messages.findOne<RecalledFields & Pick<MessageDocument, 'unsent'>>(
          { _id: id },
          { projection: LOCATED },
        ),
      );
      if (found === null) return undefined;
      const { topicId, ownerId, recalled, unsent = false } = found;
      return { topicId, ownerId, isUnsent: unsent, recalled: recalled && toRecalled(found) };
    },

    /** Messages that were accepted before `beforeMs` and not fanned out since, oldest first. */
    async findNotFannedOut(beforeMs: number, limit: number): Promise<Message[]> {
      const found = await guarded(() =>
        readMessages(
          mongo.messages
            .find(
              // Said again so that every server sees that the partial index will do.
              { pendingSince: { $exists: true, $lt: new Date(beforeMs) }, ...NOT_RECALLED },
              { projection: MESSAGE_PROJECTION },
            )
            .sort({ pendingSince: 1 })
            .limit(limit),
        ),
      );
      return found.map(toMessage);
    },

    /** Which of these carry the outbox mark: deliveries of theirs may still be made or stored, however old they are. */
    async beingFannedOut(ids: readonly MessageId[]): Promise<ReadonlySet<MessageId>> {
      if (ids.length === 0) return new Set();
      const marked = { _id: { $in: [...ids] }, pendingSince: { $exists: true } };
      const found = await guarded(() => mongo.messages.find(marked, { projection: { _id: 1 } }).toArray());
      return new Set(found.map(({ _id }) => _id));
    },

    /** Every delivery of these messages, its job and their words are stored. */
    async markFannedOut(ids: readonly MessageId[]): Promise<void> {
      if (ids.length === 0) return;
      await guarded(() =>
        mongo.messages.updateMany(
          { _id: { $in: [...ids] } },
          { $unset: { pendingSince: 1, deferred: 1, releasedBy: 1 } },
        ),
      );
    },

    /** Messages newest first. With `words`, more than those that have them: the caller looks. */
    async search(asked: MessageSearch): Promise<SearchPage> {
      const search = upToNow(asked);
      if (search.scopes.length === 0) return { messages: [], next: undefined };
      const { words = [], limit } = search;
      if (words.length > 0) {
        const { scopes, type } = search;
        const findBlocks = (wanted: WantedBlocks) => blocks.find({ scopes, words, type, ...wanted });
        return searchByWords(search, { find, findBlocks });
      }
      const { fromMs, toMs, after } = search;
      const found = await newestInTime({ limit, fromMs, toMs, after }, (from) =>
        inTime(find({ ...search, fromMs: from }, [])),
      );
      const { items: messages } = found;
      if (found.fromMs !== undefined) return { messages, next: { acceptedAtMs: found.fromMs, id: FIRST_ID } };
      return { messages, next: messages.length < limit ? undefined : cursorOf(messages.at(-1)) };
    },

    /** Messages of one topic after a position, oldest first. */
    async listAfter(topicId: TopicId, after: TimeCursor | undefined, limit: number): Promise<Message[]> {
      const at = after && new Date(after.acceptedAtMs);
      const later = at && { $or: [{ acceptedAt: { $gt: at } }, { acceptedAt: at, _id: { $gt: after.id } }] };
      const found = await guarded(() =>
        readMessages(
          mongo.messages
            .find({ topicId, ...later, ...IN_FORCE } as Filter<MessageDocument>, {
              projection: MESSAGE_PROJECTION,
            })
            .sort({ acceptedAt: 1, _id: 1 })
            .limit(limit),
        ),
      );
      return found.map(toMessage);
    },

    /** Messages of one topic and time after a position, oldest first. */
    async listBetween(topicId: TopicId, { fromMs, toMs, after, limit }: MessagesBetween): Promise<Message[]> {
      const at = after && new Date(after.acceptedAtMs);
      const later = at && { $or: [{ acceptedAt: { $gt: at } }, { acceptedAt: at, _id: { $gt: after.id } }] };
      // Said again in the time, so that every server reads its index from there.
      const acceptedAt = timeCondition(after?.acceptedAtMs ?? fromMs, toMs);
      const found = await guarded(() =>
        readMessages(
          mongo.messages
            .find(
              {
                topicId,
                acceptedAt,
                ...later,
                ...IN_FORCE,
                isNotice: { $exists: false },
              } as Filter<MessageDocument>,
              {
                projection: MESSAGE_PROJECTION,
                batchSize: READ_AT_ONCE,
              },
            )
            .sort({ acceptedAt: 1, _id: 1 })
            .limit(limit),
        ),
      );
      return found.map(toMessage);
    },

    /** Writes what filters are compared with anew; messages never change otherwise. */
    async storeData(messages: readonly Pick<NewMessage, 'id' | 'data'>[]): Promise<void> {
      if (messages.length === 0) return;
      const updates = messages.map(({ id, data }) => ({
        updateOne: { filter: { _id: id, ...NOT_RECALLED }, update: { $set: { data: encodeData(data) } } },
      }));
      await guarded(() => mongo.messages.bulkWrite(updates, { ordered: false }));
    },

    /** What a topic has kept longer than it promised; never more than `limit`. */
    async idsOlderThan(topicId: TopicId, beforeMs: number, limit: number): Promise<MessageId[]> {
      const found = await guarded(() =>
        mongo.messages
          .find({ topicId, acceptedAt: { $lt: new Date(beforeMs) } }, { projection: { _id: 1 } })
          .limit(limit)
          .toArray(),
      );
      return found.map((document) => document._id);
    },

    async remove(ids: readonly MessageId[]): Promise<void> {
      await guarded(() => mongo.messages.deleteMany({ _id: { $in: [...ids] } }));
    },
  };
}

async function inTime<T>(found: Promise<T>): Promise<T | typeof LATE> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof MongoError && error.code === MAX_TIME_EXPIRED) return LATE;
    throw error;
  }
}

function toDocument(message: NewMessage): MessageDocument {
  const acceptedAt = new Date(message.acceptedAtMs);
  return {
    _id: message.id,
    topicId: message.topicId,
    ownerId: message.ownerId,
    type: message.type,
    ...(message.key !== undefined && { key: message.key }),
    dataText: message.dataText,
    data: encodeData(message.data),
    acceptedAt,
    ...(message.order !== undefined && message.order > 0 && { order: message.order }),
    ...(message.audience !== undefined && { audience: [...message.audience] }),
    ...(message.requestId !== undefined && { requestId: message.requestId }),
    ...(message.fingerprint !== undefined && { fingerprint: message.fingerprint }),
    ...(message.publishedAtMs === undefined
      ? { pendingSince: acceptedAt }
      : { publishedAt: new Date(message.publishedAtMs), dueAt: acceptedAt, unsent: true }),
  };
}
