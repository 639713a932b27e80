import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { NOT_RECALLED } from './message-document.ts';
import { readReleased } from './released-messages.ts';

export type DeferredStore = ReturnType<typeof createDeferredStore>;

/** A message that waits, and where its readers are. */
export type DeferredMessage = { readonly id: MessageId; readonly topicId: TopicId };

/** The sweep leaves what is deferred alone for so long: should nobody release it, it is done all the same. */
const LEFT_ALONE_MS = 86_400_000;
const IS_DEFERRED = { deferred: true } as const;

/** Messages whose words may not be stored yet: few at any time. Those of what is deferred are. */
export function unsettledBy(nowMs: number): Document {
  return { pendingSince: { $exists: true, $lt: new Date(nowMs + LEFT_ALONE_MS / 2) } };
}

/** Messages whose fan-out waits until there is time for it: each is one entry, however many read it. */
export function createDeferredStore(mongo: Mongo) {
  return {
    /** Those that nobody has fanned out meanwhile; their words are stored. */
    async defer(ids: readonly MessageId[], nowMs: number): Promise<void> {
      await guarded(() =>
        mongo.messages.updateMany(
          { _id: { $in: [...ids] }, pendingSince: { $exists: true }, ...NOT_RECALLED },
          { $set: { deferred: true, pendingSince: new Date(nowMs + LEFT_ALONE_MS) } },
        ),
      );
    },

    /** The companies of which any wait. */
    owners(): Promise<PartnerId[]> {
      return guarded(() => mongo.messages.distinct('ownerId', IS_DEFERRED));
    },

    /** How many wait in all. */
    count(): Promise<number> {
      return guarded(() => mongo.messages.countDocuments(IS_DEFERRED));
    },

    /** The oldest of a company. */
    async oldest(ownerId: PartnerId, limit: number): Promise<DeferredMessage[]> {
      const found = await guarded(() =>
        mongo.messages
          .find({ ownerId, ...IS_DEFERRED }, { projection: { topicId: 1 } })
          .sort({ acceptedAt: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id, topicId }) => ({ id: _id, topicId }));
    },

    /**
     * They are to be fanned out now. Returns those, in their order, that nobody else has released and nobody has taken
     * back; `by` is a name that is given once.
     */
    async release(ids: readonly MessageId[], by: string, nowMs: number): Promise<Message[]> {
      await guarded(() =>
        mongo.messages.updateMany(
          { _id: { $in: [...ids] }, ...IS_DEFERRED },
          { $set: { pendingSince: new Date(nowMs), releasedBy: by }, $unset: { deferred: 1 } },
        ),
      );
      return readReleased(mongo, ids, by);
    },
  };
}
