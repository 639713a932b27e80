import type { MessageId, PartnerId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { guarded, type Mongo } from './client.ts';
import { NOT_RECALLED } from './message-document.ts';
import { readReleased } from './released-messages.ts';

export type DeferredStore = ReturnType<typeof createDeferredStore>;

/** A company of which messages wait. */
export type Deferring = { readonly ownerId: PartnerId; readonly oldestAtMs: number };

/** What is deferred is no business of the sweep's: its mark is of a time that never comes. */
const NEVER = new Date('9999-12-31T00:00:00Z');
const IS_DEFERRED = { deferred: true } as const;
const COUNTED_MAX = 100_000;

/** Messages whose words may not be stored yet: few at any time. Those of what is deferred are. */
export const UNSETTLED = { pendingSince: { $exists: true, $lt: NEVER } } as const;

/** Messages whose fan-out waits until there is time for it: each is one entry, however many read it. */
export function createDeferredStore(mongo: Mongo) {
  return {
    /** Those that nobody has fanned out meanwhile; their words are stored. */
    async defer(ids: readonly MessageId[]): Promise<void> {
      await guarded(() =>
        mongo.messages.updateMany(
          { _id: { $in: [...ids] }, pendingSince: { $exists: true }, ...NOT_RECALLED },
          { $set: { deferred: true, pendingSince: NEVER } },
        ),
      );
    },

    /** Whose messages wait. It reads one entry of the index for each. */
    async deferring(): Promise<Deferring[]> {
      const found = await guarded(() =>
        mongo.messages
          .aggregate<{ _id: PartnerId; oldestAt: Date }>([
            { $match: IS_DEFERRED },
            { $sort: { deferred: 1, ownerId: 1, acceptedAt: 1, order: 1 } },
            { $group: { _id: '$ownerId', oldestAt: { $first: '$acceptedAt' } } },
          ])
          .toArray(),
      );
      return found.map(({ _id, oldestAt }) => ({ ownerId: _id, oldestAtMs: oldestAt.getTime() }));
    },

    /** How many wait in all; no more than a hundred thousand are counted. */
    count(): Promise<number> {
      return guarded(() => mongo.messages.countDocuments(IS_DEFERRED, { limit: COUNTED_MAX }));
    },

    /** The oldest of a company, in the order of acceptance. */
    async oldest(ownerId: PartnerId, limit: number): Promise<MessageId[]> {
      const found = await guarded(() =>
        mongo.messages
          .find({ ...IS_DEFERRED, ownerId }, { projection: { _id: 1 } })
          .sort({ acceptedAt: 1, order: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(({ _id }) => _id);
    },

    /**
     * They are to be fanned out now. Returns those, in their order, that nobody else has released and nobody has taken
     * back; `by` is a name that is given once.
     */
    async release(ids: readonly MessageId[], by: string, nowMs: number): Promise<Message[]> {
      const waiting = { _id: { $in: [...ids] }, ...IS_DEFERRED };
      const isMarked = { pendingSince: { $exists: true } };
      const { matchedCount } = await guarded(() =>
        mongo.messages.updateMany(
          { ...waiting, ...isMarked, ...NOT_RECALLED },
          { $set: { pendingSince: new Date(nowMs), releasedBy: by }, $unset: { deferred: 1 } },
        ),
      );
      // What lost its mark by a version that knows of no deferred messages waits for nothing.
      if (matchedCount < ids.length) {
        await guarded(() =>
          mongo.messages.updateMany(
            { ...waiting, $or: [{ pendingSince: { $exists: false } }, { recalled: { $exists: true } }] },
            { $unset: { deferred: 1 } },
          ),
        );
      }
      return readReleased(mongo, ids, by);
    },
  };
}
