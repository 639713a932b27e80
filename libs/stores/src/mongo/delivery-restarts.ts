import type { Delivery, DeliveryState } from '@anika/core/delivery/delivery';
import { GRANT_ENDS, type ReasonOf } from '@anika/core/delivery/reasons';
import { DONE_FROM } from '@anika/core/delivery/transition';
import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { listed, sweptAt, toDelivery, toStatusUpdate } from './delivery-document.ts';
import { timeCondition } from './search-query.ts';
import { stateAmong } from './state-among.ts';

/** A new generation, whose schedule begins at the first attempt. */
const ANEW = { generation: { $add: ['$generation', 1] }, attemptCount: 0 };

/** What companies and the broker do to deliveries in bulk: let go, start again, cancel. */
export function createDeliveryRestarts(mongo: Mongo, sweepAt: (dueMs: number) => Date) {
  /** Puts deliveries back to the start, as one command; the sweep then queues them in the order of acceptance. */
  async function restart(filter: Document, more: Document): Promise<number> {
    const result = await guarded(() =>
      mongo.deliveries.updateMany(filter, [
        {
          $set: {
            state: 'pending',
            nextAttemptAt: '$acceptedAt',
            sweepAt: sweptAt('$acceptedAt'),
            ...more,
          },
        },
        { $unset: ['reason', 'finishedAt'] },
      ]),
    );
    return result.modifiedCount;
  }

  return {
    /** Held deliveries of a subscription may go; the sweep queues them in order. */
    releaseHeld(subscriptionId: SubscriptionId): Promise<number> {
      return restart({ subscriptionId, state: stateAmong(DONE_FROM.release) }, {});
    },

    /** Dead deliveries of a subscription start again, with a new schedule; returns how many. */
    redrive(subscriptionId: SubscriptionId, range: { fromMs?: number; toMs?: number }): Promise<number> {
      const time = timeCondition(range.fromMs, range.toMs);
      const state = stateAmong(DONE_FROM.redrive);
      return restart({ subscriptionId, state, ...(time && { acceptedAt: time }) }, ANEW);
    },

    /** What one reader lost when its grant ended starts again; returns how many. */
    resendCancelled(
      subscriptionIds: readonly SubscriptionId[],
      range: { fromMs?: number; toMs?: number },
    ): Promise<number> {
      const time = timeCondition(range.fromMs, range.toMs);
      return restart(
        {
          subscriptionId: { $in: [...subscriptionIds] },
          state: stateAmong(DONE_FROM.restore),
          reason: { $in: [...GRANT_ENDS] },
          ...(time && { acceptedAt: time }),
        },
        ANEW,
      );
    },

    /** Subscriptions that have held deliveries. */
    async subscriptionsWithHeld(): Promise<SubscriptionId[]> {
      return guarded(() => mongo.deliveries.distinct('subscriptionId', { state: 'held' }));
    },

    /** What was to be sent will not be: for whole subscriptions, whatever was open or held. */
    async cancelOpen(
      subscriptionIds: readonly SubscriptionId[],
      reason: ReasonOf<'cancelled'>,
      nowMs: number,
    ): Promise<number> {
      if (subscriptionIds.length === 0) return 0;
      const result = await guarded(() =>
        mongo.deliveries.updateMany(
          { subscriptionId: { $in: [...subscriptionIds] }, state: stateAmong(DONE_FROM.cancel) },
          toStatusUpdate({ state: 'cancelled', reason, finishedAtMs: nowMs }, sweepAt),
        ),
      );
      return result.modifiedCount;
    },

    /** What has been held for these subscriptions since before a time will not be sent; returns how many. */
    async cancelHeld(
      subscriptionIds: readonly SubscriptionId[],
      beforeMs: number,
      { reason, nowMs }: { reason: ReasonOf<'cancelled'>; nowMs: number },
    ): Promise<number> {
      const acceptedAt = timeCondition(undefined, beforeMs);
      const result = await guarded(() =>
        mongo.deliveries.updateMany(
          { subscriptionId: { $in: [...subscriptionIds] }, state: 'held', ...(acceptedAt && { acceptedAt }) },
          toStatusUpdate({ state: 'cancelled', reason, finishedAtMs: nowMs }, sweepAt),
        ),
      );
      return result.modifiedCount;
    },

    /** When the newest of those was accepted that are held beyond the `count` newest; undefined: there are none. */
    async heldBeyond(subscriptionIds: readonly SubscriptionId[], count: number): Promise<number | undefined> {
      const [found] = await guarded(() =>
        mongo.deliveries
          .find(
            { subscriptionId: { $in: [...subscriptionIds] }, state: 'held' },
            { projection: { _id: 0, acceptedAt: 1 } },
          )
          .sort({ acceptedAt: -1 })
          .skip(count)
          .limit(1)
          .toArray(),
      );
      return found?.acceptedAt.getTime();
    },

    /**
     * One delivery starts again now, if it is still in one of these states and nobody has it leased; undefined when
     * that is not so.
     */
    async retry(
      id: DeliveryId,
      from: readonly DeliveryState[],
      nowMs: number,
    ): Promise<Delivery | undefined> {
      const now = new Date(nowMs);
      const found = await guarded(() =>
        mongo.deliveries.findOneAndUpdate(
          { _id: id, state: stateAmong(from), 'lease.until': { $not: { $gt: now } } },
          [
            { $set: { state: 'pending', nextAttemptAt: now, sweepAt: sweptAt(sweepAt(nowMs)), ...ANEW } },
            { $unset: ['reason', 'finishedAt'] },
          ],
          { returnDocument: 'after', projection: listed('last') },
        ),
      );
      return found === null ? undefined : toDelivery(found);
    },
  };
}
