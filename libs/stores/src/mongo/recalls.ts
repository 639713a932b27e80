import type { ErasureId, MessageId, PartnerId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Recalled } from '@anika/core/recall';
import type { Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import {
  type MessageDocument,
  NOT_RECALLED,
  type RecallDocument,
  type RecalledFields,
  toRecalled,
} from './message-document.ts';

/** One message that is taken back. */
export type NewRecall = {
  readonly id: MessageId;
  readonly by: string | undefined;
  readonly reason: string;
  /** Lower-case hex SHA-256 of its `dataText`. */
  readonly hash: string;
  readonly atMs: number;
  /** When it is looked first for what comes late. */
  readonly lookAtMs: number | undefined;
  /** Where it is not taken back by itself. */
  readonly erasureId?: ErasureId;
};

type TextsBetween = Pick<Message, 'topicId' | 'type'> & { readonly fromMs: number; readonly toMs: number };

/** Of texts that may be of a quarter of a megabyte each. */
const READ_AT_ONCE = 16;

const DURABLE = { writeConcern: { w: 'majority', j: true } } as const;
const CONTENTS = {
  dataText: 1,
  data: 1,
  key: 1,
  fingerprint: 1,
  pendingSince: 1,
  deferred: 1,
  releasedBy: 1,
  dueAt: 1,
} as const;
const RECALLED = {
  projection: { topicId: 1, ownerId: 1, type: 1, audience: 1, acceptedAt: 1, recalled: 1 },
} as const;

export type RecallStore = ReturnType<typeof createRecallStore>;

/** Messages that were taken back: what stays of them, and what is still to be done. */
export function createRecallStore(mongo: Mongo) {
  return {
    /** Takes the contents of messages away, durably. One that was recalled before stays as it was. */
    async recall(recalls: readonly NewRecall[]): Promise<void> {
      if (recalls.length === 0) return;
      const updates = recalls.map((recall) => ({
        updateOne: {
          filter: { _id: recall.id, ...NOT_RECALLED } as Filter<MessageDocument>,
          update: { $set: recalledFields(recall), $unset: CONTENTS },
        },
      }));
      await guarded(() => mongo.messages.bulkWrite(updates, { ordered: false, ...DURABLE }));
    },

    /** Undefined: there is no such message, or it was not taken back. */
    async find(id: MessageId): Promise<Recalled | undefined> {
      const found = await guarded(() =>
        mongo.messages.findOne<RecalledFields>({ _id: id, recalled: { $exists: true } }, RECALLED),
      );
      return found === null ? undefined : toRecalled(found);
    },

    /** Those it is time to look at, longest overdue first. */
    async findDue(nowMs: number, limit: number): Promise<Recalled[]> {
      const found = await guarded(() =>
        mongo.messages
          .find<RecalledFields>({ scrubAt: { $exists: true, $lte: new Date(nowMs) } }, RECALLED)
          .sort({ scrubAt: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toRecalled);
    },

    /** Undefined: all of it is gone. */
    async lookAgain(id: MessageId, atMs: number | undefined): Promise<void> {
      const update =
        atMs === undefined ? { $unset: { scrubAt: 1 as const } } : { $set: { scrubAt: new Date(atMs) } };
      await guarded(() => mongo.messages.updateOne({ _id: id, scrubAt: { $exists: true } }, update));
    },

    /** What was under way when it was taken back may still come: it is looked for from a time on. */
    async lookFrom(id: MessageId, atMs: number): Promise<void> {
      const filter = { _id: id, scrubAt: { $exists: false }, recalled: { $exists: true } };
      await guarded(() => mongo.messages.updateOne(filter, { $set: { scrubAt: new Date(atMs) } }));
    },

    /** Those taken back since a time, as far as something of them may still come. */
    async recalledSince(sinceMs: number): Promise<MessageId[]> {
      const found = await guarded(() =>
        mongo.messages
          .find(
            { scrubAt: { $exists: true }, 'recalled.at': { $gte: new Date(sinceMs) } },
            { projection: { _id: 1 } },
          )
          .toArray(),
      );
      return found.map((document) => document._id);
    },

    /** The texts of messages of one type that were accepted in a time, its ends included, some at a time. */
    async *textsBetween(of: TextsBetween): AsyncIterable<string> {
      const { topicId, type, fromMs, toMs } = of;
      const acceptedAt = { $gte: new Date(fromMs), $lte: new Date(toMs) };
      const cursor = mongo.messages
        .find({ topicId, acceptedAt, type, ...NOT_RECALLED }, { projection: { _id: 0, dataText: 1 } })
        .batchSize(READ_AT_ONCE);
      for (;;) {
        const next = await guarded(() => cursor.next());
        if (next === null) return;
        yield next.dataText;
      }
    },

    /** The message that tells of it, without a fan-out of its own. More of its audience may be named later. */
    async keepNotice(notice: Omit<Message, 'audience'>, audience: readonly PartnerId[]): Promise<void> {
      const { id, topicId, ownerId, type, dataText, acceptedAtMs } = notice;
      const fields = { topicId, ownerId, type, dataText, data: {}, isNotice: true } as const;
      await guarded(() =>
        mongo.messages.updateOne(
          { _id: id },
          {
            $setOnInsert: { ...fields, acceptedAt: new Date(acceptedAtMs) },
            $addToSet: { audience: { $each: [...audience] } },
          },
          { upsert: true, ...DURABLE },
        ),
      );
    },
  };
}

function recalledFields({ atMs, by, reason, hash, lookAtMs, erasureId }: NewRecall) {
  const recalled: RecallDocument = {
    at: new Date(atMs),
    ...(by !== undefined && { by }),
    reason,
    hash,
    ...(erasureId !== undefined && { erasureId }),
  };
  return { recalled, ...(lookAtMs !== undefined && { scrubAt: new Date(lookAtMs) }) };
}
