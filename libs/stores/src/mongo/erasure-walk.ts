import type { Filter as MessageFilter } from '@anika/core/filter';
import type { ErasureId, MessageId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Recalled } from '@anika/core/recall';
import type { Document, Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { isTooLong } from './count-within.ts';
import { filterQuery } from './filter-query.ts';
import {
  MESSAGE_PROJECTION,
  type MessageDocument,
  NOT_RECALLED,
  toMessage,
  toRecalled,
} from './message-document.ts';

/** A place in a topic, oldest first; undefined: its beginning, or its end. */
export type Place = { readonly acceptedAtMs: number; readonly id: MessageId } | undefined;

/** Messages of a topic after one place, up to another one and with it. */
export type Stretch = { readonly topicId: TopicId; readonly after: Place; readonly upTo: Place };

/** What an erasure takes: all of it, or what a filter finds of what was accepted up to a time. */
export type Wanted = 'all' | { readonly filter: MessageFilter; readonly untilMs: number };

/** Found in a stretch, in its order: still there, or erased before by the same erasure, whose end was not noted. */
export type Matched =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'erased'; readonly recalled: Recalled };

/** Of messages that may be of a quarter of a megabyte each. */
const READ_AT_ONCE = 16;
const OLDEST_FIRST = { acceptedAt: 1, _id: 1 } as const;

export type ErasureWalk = ReturnType<typeof createErasureWalk>;

/** A topic from its oldest message on, a stretch at a time: none is left out, whatever comes meanwhile. */
export function createErasureWalk(mongo: Mongo) {
  return {
    /** So many messages further; undefined: the topic ends before. Read from the index alone. */
    async placeAfter(topicId: TopicId, after: Place, count: number): Promise<Place> {
      const [found] = await guarded(() =>
        mongo.messages
          .find(stretchQuery({ topicId, after, upTo: undefined }), { projection: { acceptedAt: 1 } })
          .sort(OLDEST_FIRST)
          .skip(count - 1)
          .limit(1)
          .toArray(),
      );
      return found && { acceptedAtMs: found.acceptedAt.getTime(), id: found._id };
    },

    /** How many messages of a topic are wanted; undefined: that takes longer than `maxMs`. */
    async countWanted(topicId: TopicId, wanted: Wanted, maxMs: number): Promise<number | undefined> {
      const query = { $and: [{ topicId }, wantedQuery(wanted)] };
      try {
        return await guarded(() =>
          mongo.messages.countDocuments(query as Filter<MessageDocument>, { maxTimeMS: maxMs }),
        );
      } catch (error) {
        if (isTooLong(error)) return undefined;
        throw error;
      }
    },

    async *matching(stretch: Stretch, wanted: Wanted, erasureId: ErasureId): AsyncIterable<Matched> {
      const query = {
        $and: [stretchQuery(stretch), { $or: [wantedQuery(wanted), { 'recalled.erasureId': erasureId }] }],
      };
      const cursor = mongo.messages
        .find(query as Filter<MessageDocument>, { projection: MESSAGE_PROJECTION })
        .sort(OLDEST_FIRST)
        .batchSize(READ_AT_ONCE);
      for (;;) {
        const next = await guarded(() => cursor.next());
        if (next === null) return;
        if (next.recalled === undefined) yield { kind: 'message', message: toMessage(next) };
        else yield { kind: 'erased', recalled: toRecalled(next) };
      }
    },
  };
}

function stretchQuery({ topicId, after, upTo }: Stretch): Filter<MessageDocument> {
  const and: Document[] = [{ topicId }];
  if (after !== undefined) {
    const at = new Date(after.acceptedAtMs);
    // Said again, so that every server reads its index from there.
    and.push(
      { acceptedAt: { $gte: at } },
      { $or: [{ acceptedAt: { $gt: at } }, { _id: { $gt: after.id } }] },
    );
  }
  if (upTo !== undefined) {
    const at = new Date(upTo.acceptedAtMs);
    and.push(
      { acceptedAt: { $lte: at } },
      { $or: [{ acceptedAt: { $lt: at } }, { _id: { $lte: upTo.id } }] },
    );
  }
  return { $and: and } as Filter<MessageDocument>;
}

function wantedQuery(wanted: Wanted): Document {
  if (wanted === 'all') return NOT_RECALLED;
  const until = new Date(wanted.untilMs);
  return {
    $and: [
      filterQuery(wanted.filter),
      NOT_RECALLED,
      { isNotice: { $exists: false } },
      // One that is scheduled stands later than it was published.
      { $or: [{ acceptedAt: { $lte: until } }, { publishedAt: { $lte: until } }] },
    ],
  };
}
