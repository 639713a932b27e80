import { createHash } from 'node:crypto';
import type { DeliveryReason } from '@anika/core/delivery';
import type { PartnerId } from '@anika/core/ids';
import {
  type DeliveryId,
  deliveryId,
  deliveryInput,
  type MessageId,
  type SubscriptionId,
  type TopicId,
} from '@anika/core/ids';
import { holdReason, type Matcher, matchesOf } from '@anika/core/matching';
import type { Message } from '@anika/core/message';
import type { CompiledRoute } from './route-cache.ts';

type NewDelivery = {
  readonly id: DeliveryId;
  readonly messageId: MessageId;
  readonly topicId: TopicId;
  readonly subscriptionId: SubscriptionId;
  readonly ownerId: PartnerId;
  readonly partnerId: PartnerId;
  readonly type: string;
  readonly acceptedAtMs: number;
  readonly createdAtMs: number;
  readonly state: 'pending' | 'held';
  readonly reason: DeliveryReason | undefined;
};
type Job = {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly subscriptionId: SubscriptionId;
  readonly g: number;
  readonly dueMs: number;
  readonly fresh?: true;
};

/** A message, with its data where they are parsed already. */
export type FanOutMessage = Message & { readonly data?: unknown };

export type FanOutNeeds = {
  readonly route: (topicId: TopicId) => Promise<CompiledRoute | undefined>;
  readonly insertDeliveries: (batch: readonly NewDelivery[]) => Promise<void>;
  readonly addJobs: (jobs: readonly Job[]) => Promise<void>;
  readonly markFannedOut: (ids: readonly MessageId[]) => Promise<void>;
  /** Which of these subscriptions are active now, asked of the database and no cache. */
  readonly activeAmong: (ids: readonly SubscriptionId[]) => Promise<readonly SubscriptionId[]>;
  readonly releaseHeld: (id: SubscriptionId) => Promise<unknown>;
  /** Whether these messages were accepted by this very process and are fanned out for the first time. */
  readonly isFirst: boolean;
  readonly clock: { now(): number };
};

/** Deliveries written and queued in one go: bounds memory when one message has 10,000 subscribers. */
const CHUNK = 500;

/**
 * Messages → deliveries → jobs, then the outbox mark is taken off. Every step may be repeated: ids are made
 * from message and subscription, what exists already stays. A crash anywhere leaves the mark on, and the
 * sweep does it again.
 */
export function createFanOut(needs: FanOutNeeds): (messages: readonly FanOutMessage[]) => Promise<void> {
  return async (messages) => {
    for await (const chunk of chunksOf(deliveriesOf(messages, needs), CHUNK)) {
      await needs.insertDeliveries(chunk);
      const pending = chunk.filter((delivery) => delivery.state === 'pending');
      await needs.addJobs(pending.map((delivery) => toJob(delivery, needs)));
      await releaseResumed(chunk, needs);
    }
    await needs.markFannedOut(messages.map((message) => message.id));
  };
}

/** Whoever was resumed after the route was read has released its held deliveries before these were written. */
async function releaseResumed(chunk: readonly NewDelivery[], needs: FanOutNeeds): Promise<void> {
  const held = chunk.filter((delivery) => delivery.state === 'held');
  if (held.length === 0) return;
  const ids = [...new Set(held.map((delivery) => delivery.subscriptionId))];
  for (const id of await needs.activeAmong(ids)) await needs.releaseHeld(id);
}

async function* deliveriesOf(
  messages: readonly FanOutMessage[],
  needs: FanOutNeeds,
): AsyncGenerator<NewDelivery> {
  for (const message of messages) {
    const compiled = await needs.route(message.topicId);
    // A topic that was deleted meanwhile has nobody left who may read it.
    if (compiled === undefined) continue;
    const nowMs = needs.clock.now();
    const readable = { ...message, data: dataOf(message) };
    for (const matcher of matchesOf(compiled.matchers, readable, nowMs)) {
      yield toDelivery(message, matcher, nowMs);
    }
  }
}

function dataOf(message: FanOutMessage): unknown {
  return 'data' in message ? message.data : JSON.parse(message.dataText);
}

function toDelivery(message: Message, { subscription, mode }: Matcher, nowMs: number): NewDelivery {
  const hash = createHash('sha256').update(deliveryInput(message.id, subscription.id)).digest();
  return {
    id: deliveryId(message.id, hash),
    messageId: message.id,
    topicId: message.topicId,
    subscriptionId: subscription.id,
    ownerId: message.ownerId,
    partnerId: subscription.partnerId,
    type: message.type,
    acceptedAtMs: message.acceptedAtMs,
    createdAtMs: nowMs,
    state: mode === 'send' ? 'pending' : 'held',
    reason: mode === 'send' ? undefined : holdReason(subscription),
  };
}

function toJob(delivery: NewDelivery, { isFirst }: FanOutNeeds): Job {
  const { id, messageId, subscriptionId, acceptedAtMs } = delivery;
  return {
    deliveryId: id,
    messageId,
    subscriptionId,
    g: 1,
    dueMs: acceptedAtMs,
    ...(isFirst && { fresh: true }),
  };
}

async function* chunksOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = [];
  for await (const item of items) {
    chunk.push(item);
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}
