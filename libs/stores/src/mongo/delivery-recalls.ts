import { UNFINISHED } from '@anika/core/delivery/delivery';
import type { ReasonOf } from '@anika/core/delivery/reasons';
import { type DeliveryId, deliveryIdRange, type MessageId } from '@anika/core/ids';
import { mayHaveReceived } from '@anika/core/recall';
import type { Filter } from 'mongodb';
import { guarded, type Mongo } from './client.ts';
import { type DeliveryDocument, toStatusUpdate } from './delivery-document.ts';
import { stateAmong } from './state-among.ts';

/** Why the contents of a message went. */
export type RecallReason = Extract<ReasonOf<'cancelled'>, 'recalled' | 'topic-deleted'>;
/** A job that may be there. */
type Waiting = { readonly deliveryId: DeliveryId; readonly g: number };
/** Who had, or was to have, a message. */
export type Reached = Pick<DeliveryDocument, 'subscriptionId' | 'partnerId'> & {
  readonly mayHaveIt: boolean;
};

const REACHED = {
  projection: {
    subscriptionId: 1,
    partnerId: 1,
    state: 1,
    'attempts.status': 1,
    'attempts.errorClass': 1,
    pull: 1,
    'lease.at': 1,
  },
} as const;

/** What a recall does to the deliveries of a message: they stay, and say nothing of it. */
export function createDeliveryRecalls(mongo: Mongo, sweepAt: (dueMs: number) => Date) {
  return {
    /** What waits will not be sent; returns what waited. */
    async cancelRecalled(messageId: MessageId, reason: RecallReason, nowMs: number): Promise<Waiting[]> {
      const waiting = { ...of(messageId), state: stateAmong(UNFINISHED) } as Filter<DeliveryDocument>;
      return guarded(async () => {
        const found = await mongo.deliveries.find(waiting, { projection: { generation: 1 } }).toArray();
        if (found.length === 0) return [];
        const status = { state: 'cancelled', reason, finishedAtMs: nowMs } as const;
        await mongo.deliveries.updateMany(waiting, toStatusUpdate(status, sweepAt));
        return found.map(({ _id, generation }) => ({ deliveryId: _id, g: generation }));
      });
    },

    /** What endpoints answered may repeat what they were sent. */
    async dropAnswers(messageId: MessageId): Promise<void> {
      const answered = { ...of(messageId), 'attempts.responseStart': { $exists: true } };
      await guarded(() =>
        mongo.deliveries.updateMany(answered as Filter<DeliveryDocument>, {
          $unset: { 'attempts.$[].responseStart': 1 },
        }),
      );
    },

    async reachedBy(messageId: MessageId): Promise<Reached[]> {
      const found = await guarded(() => mongo.deliveries.find(of(messageId), REACHED).toArray());
      return found.map(({ subscriptionId, partnerId, state, attempts, lease, pull = false }) => ({
        subscriptionId,
        partnerId,
        mayHaveIt: lease !== undefined || mayHaveReceived({ state, attempts, isPulled: pull }),
      }));
    },

    countRecalled(messageId: MessageId): Promise<number> {
      const cancelled = { ...of(messageId), state: 'cancelled', reason: 'recalled' };
      return guarded(() => mongo.deliveries.countDocuments(cancelled as Filter<DeliveryDocument>));
    },

    countOfMessage(messageId: MessageId): Promise<number> {
      return guarded(() => mongo.deliveries.countDocuments(of(messageId)));
    },
  };
}

function of(messageId: MessageId): Filter<DeliveryDocument> {
  const { from, to } = deliveryIdRange(messageId);
  return { _id: { $gte: from, $lt: to } } as Filter<DeliveryDocument>;
}
