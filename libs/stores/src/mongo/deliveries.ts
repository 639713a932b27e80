import {
  type Attempt,
  type Delivery,
  type NewDelivery,
  OPEN,
  statusOfNew,
} from '@anika/core/delivery/delivery';
import { TIMING } from '@anika/core/delivery/timing';
import { type DeliveryRecord, FOUND_FROM } from '@anika/core/delivery/transition';
import { type DeliveryId, deliveryIdRange, type MessageId, type SubscriptionId } from '@anika/core/ids';
import type { Figures } from '@anika/core/receipt/receipt';
import type { DeliveryCounts } from '@anika/core/subscription/health';
import type { AnyBulkWriteOperation, Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { type DeliveriesOf, deliveriesOf } from './deliveries-of-subscriptions.ts';
import { deliveryCounts } from './delivery-counts.ts';
import {
  type DeliveryDocument,
  failedAtOf,
  toDelivery,
  toStatusFields,
  toStatusUpdate,
  toStoredAttempt,
} from './delivery-document.ts';
import { createDeliveryReads } from './delivery-reads.ts';
import { createDeliveryRecalls } from './delivery-recalls.ts';
import { createDeliveryRestarts } from './delivery-restarts.ts';
import { insertGroup } from './insert-group.ts';
import { MAX_ATTEMPTS_KEPT } from './limits.ts';
import { createMarkLate } from './mark-late.ts';
import { type FiguresOf, receiptFigures } from './receipt-figures.ts';
import { createReplayedDeliveries } from './replayed-deliveries.ts';
import { stateAmong } from './state-among.ts';

type Unstored = DeliveryRecord & { readonly unstored: NewDelivery };

function isUnstored(record: DeliveryRecord): record is Unstored {
  return record.unstored !== undefined;
}

/** A delivery before anything has become of it, but for its state. */
function beginningOf(delivery: NewDelivery): Omit<DeliveryDocument, 'state'> {
  return {
    _id: delivery.id,
    messageId: delivery.messageId,
    topicId: delivery.topicId,
    subscriptionId: delivery.subscriptionId,
    ownerId: delivery.ownerId,
    partnerId: delivery.partnerId,
    type: delivery.type,
    generation: 1,
    attemptCount: 0,
    acceptedAt: new Date(delivery.acceptedAtMs),
    ...(delivery.order !== undefined && delivery.order > 0 && { order: delivery.order }),
    createdAt: new Date(delivery.createdAtMs),
    ...(delivery.replayId !== undefined && { replayId: delivery.replayId }),
    ...(delivery.pull && { pull: true }),
    attempts: [],
  };
}

/** The same condition as in `transition`: the record counts where the delivery is as it was when it set out. */
function startedFrom({ id, generation, state, attempt }: DeliveryRecord): Filter<DeliveryDocument> {
  return {
    _id: id,
    generation,
    state: stateAmong(FOUND_FROM[state]),
    ...(attempt !== undefined && { attemptCount: attempt.n - 1 }),
  };
}

/** An attempt that is on record already changes nothing: a request is known by its time and its signature. */
function lateAttempt(id: DeliveryId, attempt: Attempt): AnyBulkWriteOperation<DeliveryDocument> {
  const stored = toStoredAttempt(attempt);
  const { at, signature } = stored;
  return {
    updateOne: {
      filter: { _id: id, attempts: { $not: { $elemMatch: { at, signature } } } },
      update: { $push: { attempts: { $each: [stored], $sort: { at: 1 }, $slice: -MAX_ATTEMPTS_KEPT } } },
    },
  };
}

const DURABLY_TOGETHER = { ordered: false, writeConcern: { w: 'majority', j: true } } as const;

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

/** `graceMs`: how long after its due time a delivery's job is taken for lost. */
export function createDeliveryStore(mongo: Mongo, options: { graceMs: number }) {
  const sweepAt = (dueMs: number) => new Date(dueMs + options.graceMs);
  const late = createMarkLate(mongo);

  function toDocument(delivery: NewDelivery): DeliveryDocument {
    const status = toStatusFields(statusOfNew(delivery), delivery.pull ? undefined : sweepAt);
    return { ...beginningOf(delivery), ...status };
  }

  /** A delivery with what has become of it already: one insert instead of an insert and an update. */
  function toRecordedDocument(record: Unstored): DeliveryDocument {
    const { attempt, unstored } = record;
    return {
      ...beginningOf(unstored),
      ...toStatusFields(record, sweepAt),
      ...(attempt !== undefined && {
        attemptCount: attempt.n,
        attempts: [toStoredAttempt(attempt)],
        ...failedAtOf(attempt, record.state),
      }),
    };
  }

  function toUpdate(record: DeliveryRecord): AnyBulkWriteOperation<DeliveryDocument> {
    const { attempt } = record;
    const { $set, $unset } = toStatusUpdate(record, sweepAt);
    if (attempt === undefined)
      return { updateOne: { filter: startedFrom(record), update: { $set, $unset } } };
    const $push = { attempts: { $each: [toStoredAttempt(attempt)], $slice: -MAX_ATTEMPTS_KEPT } };
    const $failed = failedAtOf(attempt, record.state);
    const update = { $set: { ...$set, attemptCount: attempt.n, ...$failed }, $unset, $push };
    return { updateOne: { filter: startedFrom(record), update } };
  }

  async function update(records: readonly DeliveryRecord[]): Promise<void> {
    if (records.length === 0) return;
    const { matchedCount } = await guarded(() =>
      mongo.deliveries.bulkWrite(records.map(toUpdate), DURABLY_TOGETHER),
    );
    if (matchedCount < records.length) await keepLateAttempts(records);
  }

  /** Some records came too late to say what becomes of the delivery: what left is in its history all the same. */
  async function keepLateAttempts(records: readonly DeliveryRecord[]): Promise<void> {
    const late = records.flatMap((record) =>
      record.attempt === undefined ? [] : [lateAttempt(record.id, record.attempt)],
    );
    if (late.length > 0) await guarded(() => mongo.deliveries.bulkWrite(late, DURABLY_TOGETHER));
  }

  /** What is there already, because its fan-out or another dispatcher was faster, is updated. */
  async function insertRecorded(records: readonly Unstored[]): Promise<void> {
    if (records.length === 0) return;
    await late(records.map(({ unstored }) => unstored));
    const documents = records.map(toRecordedDocument);
    const present = await guarded(() => insertGroup(mongo, mongo.deliveries, documents));
    await update(records.filter((_, index) => present.has(index)));
  }

  return {
    ...createDeliveryReads(mongo),
    ...createDeliveryRestarts(mongo, sweepAt),
    ...createReplayedDeliveries(mongo, { sweepAt, toDocument }),
    ...createDeliveryRecalls(mongo, sweepAt),

    /** Creates deliveries; those that exist already stay as they are. */
    async insert(batch: readonly NewDelivery[]): Promise<void> {
      if (batch.length === 0) return;
      await late(batch);
      await guarded(() => insertGroup(mongo, mongo.deliveries, batch.map(toDocument)));
    },

    /** Writes what dispatchers found out, durably, together. */
    async record(batch: readonly DeliveryRecord[]): Promise<void> {
      await Promise.all([
        insertRecorded(batch.filter(isUnstored)),
        update(batch.filter((record) => !isUnstored(record))),
      ]);
    },

    /** Deliveries whose job should have run by now, longest overdue first. */
    async findOverdue(nowMs: number, limit: number): Promise<Delivery[]> {
      const found = await guarded(() =>
        mongo.deliveries
          .find(
            // Said again so that every server sees that the partial index will do.
            { sweepAt: { $exists: true, $lte: new Date(nowMs) } },
            { projection: { attempts: 0 } },
          )
          .sort({ sweepAt: 1, _id: 1 })
          .limit(limit)
          .toArray(),
      );
      return found.map(toDelivery);
    },

    /**
     * The sweep has seen to these. It looks again when they have waited twice as long: what waits in a long queue
     * costs a few looks, not one every few seconds.
     */
    async postponeSweep(ids: readonly DeliveryId[], nowMs: number): Promise<void> {
      const now = new Date(nowMs);
      const waitedMs = { $subtract: [now, { $ifNull: ['$nextAttemptAt', now] }] };
      const againMs = { $min: [TIMING.sweepAgainMaxMs, { $max: [options.graceMs, waitedMs] }] };
      await guarded(() =>
        mongo.deliveries.updateMany({ _id: { $in: [...ids] }, state: stateAmong(OPEN) }, [
          { $set: { sweepAt: { $add: [now, againMs] } } },
        ]),
      );
    },

    /**
     * Redis has lost its data: every open delivery, or every one that was made since, is due for the sweep at its own
     * time, without the grace.
     */
    async sweepAllOpen(sinceMs?: number): Promise<number> {
      const since = sinceMs === undefined ? {} : { createdAt: { $gte: new Date(sinceMs) } };
      const result = await guarded(() =>
        mongo.deliveries.updateMany({ sweepAt: { $exists: true }, ...since }, [
          { $set: { sweepAt: '$nextAttemptAt' } },
        ]),
      );
      return result.modifiedCount;
    },

    /** Of several subscriptions, newest first. */
    listOf: (list: DeliveriesOf): Promise<Delivery[]> => deliveriesOf(mongo, list),

    countsOf: (id: SubscriptionId): Promise<DeliveryCounts> => deliveryCounts(mongo, id),

    receiptFigures: (of: FiguresOf): Promise<Figures> => receiptFigures(mongo, of),

    /** By their ids: no index has the deliveries of a topic, and one for this alone would cost every delivery. */
    async removeOfMessages(ids: readonly MessageId[]): Promise<number> {
      if (ids.length === 0) return 0;
      const removals = ids.map(deliveryIdRange).map(({ from, to }) => ({
        deleteMany: { filter: { _id: { $gte: from, $lt: to } } as Filter<DeliveryDocument> },
      }));
      const result = await guarded(() => mongo.deliveries.bulkWrite(removals, { ordered: false }));
      return result.deletedCount;
    },
  };
}
