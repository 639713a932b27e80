import type { DeliveryState } from '../delivery/delivery.ts';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '../ids.ts';
import type { Message } from '../message.ts';
import type { Position } from './position.ts';

export const STREAM_KINDS = ['message', 'delivery', 'attempt', 'state'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

/** Of a message, what says whom it concerns; nothing that it contains. */
export type MessageFacts = Pick<Message, 'id' | 'topicId' | 'ownerId' | 'type' | 'acceptedAtMs' | 'audience'>;

/** Of a delivery, what never changes. */
export type DeliveryFacts = {
  readonly id: DeliveryId;
  readonly messageId: MessageId;
  readonly topicId: TopicId;
  readonly subscriptionId: SubscriptionId;
  readonly ownerId: PartnerId;
  readonly partnerId: PartnerId;
  readonly type: string;
  readonly acceptedAtMs: number;
  readonly createdAtMs: number;
};

/** An attempt without its address and its answer. */
export type AttemptFacts = {
  readonly n: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly errorClass: string | undefined;
};

export type StateFacts = {
  readonly state: DeliveryState;
  readonly reason: string | undefined;
  readonly nextAttemptAtMs: number | undefined;
  readonly finishedAtMs: number | undefined;
};

/** What was stored, once. */
export type StoredChange = { readonly position: Position } & (
  | { readonly kind: 'message'; readonly message: MessageFacts }
  | {
      readonly kind: 'delivery';
      readonly delivery: DeliveryFacts;
      readonly isNew: boolean;
      /** Those that are new with it. */
      readonly attempts: readonly AttemptFacts[];
      /** Where it has changed. */
      readonly state: StateFacts | undefined;
    }
);

/** One event as a listener gets it: ids, times and states. */
export type StreamEvent = { readonly kind: StreamKind; readonly data: Readonly<Record<string, unknown>> };

/** What a change is to those who may see it, in the order of its happening. */
export function eventsOf(change: StoredChange): StreamEvent[] {
  if (change.kind === 'message') {
    const { id, topicId, type, acceptedAtMs } = change.message;
    return [{ kind: 'message', data: { id, topicId, type, acceptedAt: iso(acceptedAtMs) } }];
  }
  const { delivery, isNew, attempts, state } = change;
  const { id, messageId, topicId, subscriptionId, partnerId, type } = delivery;
  const of = { deliveryId: id, messageId, topicId, subscriptionId, partnerId };
  const created = {
    id,
    messageId,
    topicId,
    subscriptionId,
    partnerId,
    type,
    acceptedAt: iso(delivery.acceptedAtMs),
    createdAt: iso(delivery.createdAtMs),
  };
  return [
    ...(isNew ? [{ kind: 'delivery' as const, data: created }] : []),
    ...attempts.map((attempt) => ({ kind: 'attempt' as const, data: { ...of, ...attemptView(attempt) } })),
    ...(state === undefined ? [] : [{ kind: 'state' as const, data: { ...of, ...stateView(state) } }]),
  ];
}

function attemptView({ n, atMs, durationMs, status, errorClass }: AttemptFacts) {
  return { n, at: iso(atMs), durationMs, status: status ?? null, errorClass: errorClass ?? null };
}

function stateView({ state, reason, nextAttemptAtMs, finishedAtMs }: StateFacts) {
  return {
    state,
    reason: reason ?? null,
    nextAttemptAt: nextAttemptAtMs === undefined ? null : iso(nextAttemptAtMs),
    finishedAt: finishedAtMs === undefined ? null : iso(finishedAtMs),
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** What a listener asks for; what is left out is not limited. */
export type StreamFilter = {
  readonly kinds: readonly StreamKind[];
  readonly topicId: TopicId | undefined;
  /** Then no messages: they belong to no subscription. */
  readonly subscriptionId: SubscriptionId | undefined;
};

/** Which kinds of a change a filter lets through; none: it is not about this change. */
export function kindsWanted(filter: StreamFilter, change: StoredChange): readonly StreamKind[] {
  const of = change.kind === 'message' ? change.message : change.delivery;
  if (filter.topicId !== undefined && filter.topicId !== of.topicId) return [];
  if (filter.subscriptionId === undefined) return filter.kinds;
  const isOfIt = change.kind === 'delivery' && change.delivery.subscriptionId === filter.subscriptionId;
  return isOfIt ? filter.kinds : [];
}
