import type { Filter } from './filter.ts';
import type { PartnerId, SubscriptionId, TopicId } from './ids.ts';
import type { StoredHeaders } from './subscription/stored-headers.ts';

export const SUBSCRIPTION_STATES = ['pending', 'active', 'paused', 'disabled'] as const;
export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** What its requests are signed with: its own secrets, or the key of the installation. */
export const SIGNATURES = ['hmac', 'ed25519'] as const;
export type Signature = (typeof SIGNATURES)[number];

/** What its requests look like: ANIKA's own form, or one of CloudEvents 1.0. */
export const FORMATS = ['anika', 'cloudevents-structured', 'cloudevents-binary'] as const;
export type Format = (typeof FORMATS)[number];

/** How it gets its messages: by requests to its endpoint, or by fetching them. */
export const DELIVERY_TYPES = ['webhook', 'pull'] as const;
export type DeliveryType = (typeof DELIVERY_TYPES)[number];

/** A reader's endpoint on a topic. Times are milliseconds since the epoch. */
export type Subscription = {
  readonly id: SubscriptionId;
  readonly partnerId: PartnerId;
  readonly topicId: TopicId;
  /** It never changes. */
  readonly delivery: DeliveryType;
  /** Empty where it pulls. */
  readonly url: string;
  /** Empty: all types. */
  readonly eventTypes: readonly string[];
  readonly filter: Filter | undefined;
  readonly headers: StoredHeaders | undefined;
  readonly timeoutMs: number;
  readonly maxConcurrency: number;
  readonly rateLimitPerSecond: number | undefined;
  readonly description: string | undefined;
  readonly signature: Signature;
  readonly format: Format;
  readonly state: SubscriptionState;
  readonly stateReason: string | undefined;
  /** The endpoint answered its challenge at least once. */
  readonly verifiedAtMs: number | undefined;
  /** It was the present address that answered. */
  readonly endpointVerified: boolean;
  readonly failingSinceMs: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/**
 * What fan-out does for a subscription: `send` now, or `hold` until it is active. Nothing is lost while an endpoint has
 * not proved itself yet, is paused, disabled or being moved.
 */
export function fanOutMode({ state }: Pick<Subscription, 'state'>): 'send' | 'hold' {
  return state === 'active' ? 'send' : 'hold';
}
