import type { MessageId, PartnerId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { guarded, type Mongo } from './client.ts';
import { NOT_RECALLED } from './message-document.ts';
import { readReleased } from './released-messages.ts';

export type ScheduleStore = ReturnType<typeof createScheduleStore>;

/** Messages that are to be sent later. */
export function createScheduleStore(mongo: Mongo) {
  return {
    /** How many of a company wait for their time; no more than `limit` are counted. */
    countScheduled(ownerId: PartnerId, limit: number): Promise<number> {
      return guarded(() => mongo.messages.countDocuments({ ownerId, dueAt: { $exists: true } }, { limit }));
    },

    /** Those whose time has come, longest overdue first. */
    async findDue(nowMs: number, limit: number): Promise<MessageId[]> {
      const found = await guarded(() =>
        mongo.messages
          .find({ dueAt: { $exists: true, $lte: new Date(nowMs) } }, { projection: { _id: 1 } })
          .sort({ dueAt: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map((document) => document._id);
    },

    /**
     * They are messages like any other from now on, with the outbox mark on. Returns those, in their order, that nobody
     * else has released and nobody has taken back; `by` is a name that is given once.
     */
    async release(ids: readonly MessageId[], by: string, nowMs: number): Promise<Message[]> {
      await guarded(() =>
        mongo.messages.updateMany(
          { _id: { $in: [...ids] }, dueAt: { $exists: true }, ...NOT_RECALLED },
          { $set: { pendingSince: new Date(nowMs), releasedBy: by }, $unset: { dueAt: 1, unsent: 1 } },
          { writeConcern: { w: 'majority', j: true } },
        ),
      );
      return readReleased(mongo, ids, by);
    },
  };
}
