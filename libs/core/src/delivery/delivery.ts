import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '../ids.ts';

export const DELIVERY_STATES = ['pending', 'retrying', 'delivered', 'dead', 'cancelled', 'held'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why a delivery was cancelled or given up. */
export type DeliveryReason =
  | 'gone'
  | 'too-large'
  | 'attempts-exhausted'
  | 'grant-revoked'
  | 'grant-expired'
  | 'grant-narrowed'
  | 'not-wanted'
  | 'subscription-deleted'
  | 'topic-deleted'
  | 'partner-suspended'
  | 'message-expired'
  | 'subscription-paused'
  | 'subscription-disabled'
  | 'subscription-unverified';

/** One POST to the endpoint and what came of it. */
export type Attempt = {
  readonly n: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly errorClass: string | undefined;
  readonly errorMessage: string | undefined;
  /** The first 4 KiB of the answer. */
  readonly responseStart: string | undefined;
  /** Lower-case hex SHA-256 of the body that was sent. */
  readonly bodyHash: string;
  readonly signature: string;
};

/** One message for one subscription. `attemptCount` counts the POSTs of this generation. */
export type Delivery = {
  readonly id: DeliveryId;
  readonly messageId: MessageId;
  readonly topicId: TopicId;
  readonly subscriptionId: SubscriptionId;
  readonly ownerId: PartnerId;
  readonly partnerId: PartnerId;
  readonly type: string;
  readonly state: DeliveryState;
  readonly reason: DeliveryReason | undefined;
  /** Grows with each redrive; part of the job id. */
  readonly generation: number;
  readonly attemptCount: number;
  readonly nextAttemptAtMs: number | undefined;
  readonly acceptedAtMs: number;
  /** Its message's, within the millisecond. */
  readonly order?: number | undefined;
  readonly createdAtMs: number;
  readonly finishedAtMs: number | undefined;
  readonly attempts: readonly Attempt[];
};

export function isOpen(state: DeliveryState): boolean {
  return state === 'pending' || state === 'retrying';
}
