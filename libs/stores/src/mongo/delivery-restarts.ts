import type { Delivery, DeliveryReason, DeliveryState } from '@anika/core/delivery/delivery';
import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import type { Document } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { toDelivery } from './delivery-document.ts';
import { timeCondition } from './messages.ts';

/** Deliveries still to be sent. */
export const OPEN: DeliveryState[] = ['pending', 'retrying'];
const GRANT_ENDS: DeliveryReason[] = ['grant-revoked', 'grant-expired', 'grant-narrowed'];

/** What companies and the broker do to deliveries in bulk: let go, start again, cancel. */
export function createDeliveryRestarts(mongo: Mongo, sweepAt: (dueMs: number) => Date) {
  /** Puts deliveries back to the start, as one command; the sweep then queues them in the order of acceptance. */
  async function restart(filter: Document, more: Document): Promise<number> {
    const result = await guarded(() =>
      mongo.deliveries.updateMany(filter, [
        { $set: { state: 'pending', nextAttemptAt: '$acceptedAt', sweepAt: '$acceptedAt', ...more } },
        { $unset: ['reason', 'finishedAt'] },
      ]),
    );
    return result.modifiedCount;
  }

  return {
    /** Held deliveries of a subscription may go; the sweep queues them in order. */
    releaseHeld(subscriptionId: SubscriptionId): Promise<number> {
      return restart({ subscriptionId, state: 'held' }, {});
    },

    /** Dead deliveries of a subscription start again, with a new schedule; returns how many. */
    redrive(subscriptionId: SubscriptionId, range: { fromMs?: number; toMs?: number }): Promise<number> {
      const time = timeCondition(range.fromMs, range.toMs);
      return restart(
        { subscriptionId, state: 'dead', ...(time && { acceptedAt: time }) },
        { generation: { $add: ['$generation', 1] }, attemptCount: 0 },
      );
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
          state: 'cancelled',
          reason: { $in: GRANT_ENDS },
          ...(time && { acceptedAt: time }),
        },
        { generation: { $add: ['$generation', 1] }, attemptCount: 0 },
      );
    },

    /** Subscriptions that have held deliveries. */
    async subscriptionsWithHeld(): Promise<SubscriptionId[]> {
      return guarded(() => mongo.deliveries.distinct('subscriptionId', { state: 'held' }));
    },

    /** What was to be sent will not be: for whole subscriptions, whatever was open or held. */
    async cancelOpen(
      subscriptionIds: readonly SubscriptionId[],
      reason: DeliveryReason,
      nowMs: number,
    ): Promise<number> {
      if (subscriptionIds.length === 0) return 0;
      const result = await guarded(() =>
        mongo.deliveries.updateMany(
          { subscriptionId: { $in: [...subscriptionIds] }, state: { $in: [...OPEN, 'held'] } },
          {
            $set: { state: 'cancelled', reason, finishedAt: new Date(nowMs) },
            $unset: { nextAttemptAt: 1, sweepAt: 1 },
          },
        ),
      );
      return result.modifiedCount;
    },

    /** One delivery starts again now, if it is still in one of these states; undefined when it is not. */
    async retry(
      id: DeliveryId,
      from: readonly DeliveryState[],
      nowMs: number,
    ): Promise<Delivery | undefined> {
      const found = await guarded(() =>
        mongo.deliveries.findOneAndUpdate(
          { _id: id, state: { $in: [...from] } },
          {
            $set: {
              state: 'pending',
              attemptCount: 0,
              nextAttemptAt: new Date(nowMs),
              sweepAt: sweepAt(nowMs),
            },
            $inc: { generation: 1 },
            $unset: { reason: 1, finishedAt: 1 },
          },
          { returnDocument: 'after', projection: { attempts: 0 } },
        ),
      );
      return found === null ? undefined : toDelivery(found);
    },
  };
}
