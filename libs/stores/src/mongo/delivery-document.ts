import type { Attempt, Delivery, DeliveryReason, DeliveryState } from '@anika/core/delivery/delivery';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';

/** A delivery as it is stored, with its attempts. */
export type DeliveryDocument = {
  _id: DeliveryId;
  messageId: MessageId;
  topicId: TopicId;
  subscriptionId: SubscriptionId;
  ownerId: PartnerId;
  partnerId: PartnerId;
  type: string;
  state: DeliveryState;
  reason?: DeliveryReason;
  generation: number;
  attemptCount: number;
  nextAttemptAt?: Date;
  acceptedAt: Date;
  /** Its message's, within the millisecond. */
  order?: number;
  createdAt: Date;
  finishedAt?: Date;
  attempts: StoredAttempt[];
  /** When the sweep looks whether its job is still there; present only while it is open. */
  sweepAt?: Date;
};

type StoredAttempt = Omit<Attempt, 'atMs'> & { at: Date };

export function toStoredAttempt({ atMs, ...rest }: Attempt): StoredAttempt {
  return { ...rest, at: new Date(atMs) };
}

export function toDelivery(document: DeliveryDocument): Delivery {
  return {
    id: document._id,
    messageId: document.messageId,
    topicId: document.topicId,
    subscriptionId: document.subscriptionId,
    ownerId: document.ownerId,
    partnerId: document.partnerId,
    type: document.type,
    state: document.state,
    reason: document.reason,
    generation: document.generation,
    attemptCount: document.attemptCount,
    nextAttemptAtMs: document.nextAttemptAt?.getTime(),
    acceptedAtMs: document.acceptedAt.getTime(),
    order: document.order,
    createdAtMs: document.createdAt.getTime(),
    finishedAtMs: document.finishedAt?.getTime(),
    attempts: (document.attempts ?? []).map(({ at, ...rest }) => ({ ...rest, atMs: at.getTime() })),
  };
}
