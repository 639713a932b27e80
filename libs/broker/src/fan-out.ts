import { orderedAtMs } from '@anika/core/accepted-order';
import { holdReason, isMatch, type Matcher } from '@anika/core/audience/matching';
import type { NewDelivery } from '@anika/core/delivery/delivery';
import { parseExact } from '@anika/core/exact-json';
import type { DeliveryId, MessageId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { type WordBlock, wordBlocksOf } from '@anika/core/word-blocks';
import { wordsOf } from '@anika/core/words';
import { createTurn } from '@anika/runtime/turn';
import { deliveryIdOf } from './delivery-id.ts';
import type { CompiledRoute } from './route-cache.ts';

export type Job = {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly subscriptionId: SubscriptionId;
  readonly g: number;
  readonly dueMs: number;
  readonly fresh?: true;
  readonly message?: Message;
  readonly priority?: number;
};

/** A message with its data parsed. */
export type FanOutMessage = Message & { readonly data: unknown };

export type FanOutNeeds = {
  readonly route: (topicId: TopicId) => Promise<CompiledRoute | undefined>;
  readonly insertDeliveries: (batch: readonly NewDelivery[]) => Promise<void>;
  readonly addJobs: (jobs: readonly Job[]) => Promise<void>;
  /** Left out where their words are stored. */
  readonly insertWords?: ((blocks: readonly WordBlock[]) => Promise<void>) | undefined;
  readonly markFannedOut: (ids: readonly MessageId[]) => Promise<void>;
  /** Which of these subscriptions are active now, asked of the database and no cache. */
  readonly activeAmong: (ids: readonly SubscriptionId[]) => Promise<readonly SubscriptionId[]>;
  readonly releaseHeld: (id: SubscriptionId) => Promise<unknown>;
  readonly clock: { now(): number };
};

/** Deliveries written and queued in one go: bounds memory when one message has 10,000 subscribers. */
const CHUNK = 500;

/**
 * Messages → deliveries → jobs, then their words, then the outbox mark is taken off. Every step may be repeated:
 * ids are made from message and subscription, what exists already stays. A crash anywhere leaves the mark on, and
 * the sweep does it again. Resolves with how many deliveries there are.
 */
export function createFanOut(needs: FanOutNeeds): (messages: readonly Message[]) => Promise<number> {
  return async (accepted) => {
    let deliveries = 0;
    for (const messages of parsedGroups(accepted)) {
      for await (const chunk of deliveryChunks(messages, needs)) {
        await needs.insertDeliveries(chunk);
        await needs.addJobs(chunk.filter(isSent).map(toJob));
        await releaseResumed(chunk, needs);
        deliveries += chunk.length;
      }
      if (needs.insertWords !== undefined) await needs.insertWords(wordBlocksOf(await wordedAll(messages)));
      await needs.markFannedOut(messages.map((message) => message.id));
    }
    return deliveries;
  };
}

/** Of JSON text, parsed at once. */
const GROUP_CHARS = 2_000_000;

/** Messages with their data, as many at a time as are to be in memory parsed. */
export function* parsedGroups(messages: readonly Message[]): Generator<readonly FanOutMessage[]> {
  for (const group of groupsOf(messages)) {
    yield group.map((one) => ({ ...one, data: parseExact(one.dataText) }));
  }
}

function* groupsOf(messages: readonly Message[]): Generator<readonly Message[]> {
  let group: Message[] = [];
  let chars = 0;
  for (const message of messages) {
    group.push(message);
    chars += message.dataText.length;
    if (chars < GROUP_CHARS) continue;
    yield group;
    group = [];
    chars = 0;
  }
  if (group.length > 0) yield group;
}

/** What is kept of messages to be searched by their words. Other requests have their turns meanwhile. */
export async function wordedAll(messages: readonly FanOutMessage[]): Promise<WordedMessage[]> {
  const all: WordedMessage[] = [];
  const turn = createTurn();
  for (const message of messages) {
    await turn.giveWay();
    all.push(worded(message));
  }
  return all;
}

function worded({ id, topicId, type, audience, acceptedAtMs, dataText }: FanOutMessage) {
  return { id, topicId, type, audience, acceptedAtMs, words: wordsOf(dataText) };
}

export type WordedMessage = ReturnType<typeof worded>;

/** The deliveries of some messages, as topics, grants and subscriptions are now; at most 500 at a time. */
export async function* deliveryChunks(
  messages: readonly FanOutMessage[],
  needs: Pick<FanOutNeeds, 'route' | 'clock'>,
): AsyncGenerator<NewDelivery[]> {
  let chunk: NewDelivery[] = [];
  const turn = createTurn();
  for (const message of messages) {
    const compiled = await needs.route(message.topicId);
    // A topic that was deleted meanwhile has nobody left who may read it.
    if (compiled === undefined) continue;
    const nowMs = needs.clock.now();
    for (const matcher of compiled.matchers) {
      await turn.giveWay();
      if (!isMatch(matcher, message, nowMs)) continue;
      const delivery = newDelivery(message, matcher, nowMs);
      chunk.push(delivery);
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

export function isPending({ state }: NewDelivery): boolean {
  return state === 'pending';
}

/** What is to go out by a job of its own; all else that is pending is fetched. */
export function isSent(delivery: NewDelivery): boolean {
  return isPending(delivery) && delivery.pull !== true;
}

/** Whoever was resumed after the route was read has released its held deliveries before these were written. */
export async function releaseResumed(
  chunk: readonly NewDelivery[],
  needs: Pick<FanOutNeeds, 'activeAmong' | 'releaseHeld'>,
): Promise<void> {
  const held = chunk.filter((delivery) => !isPending(delivery));
  if (held.length === 0) return;
  const ids = [...new Set(held.map((delivery) => delivery.subscriptionId))];
  for (const id of await needs.activeAmong(ids)) await needs.releaseHeld(id);
}

export function toJob({ id, messageId, subscriptionId, acceptedAtMs, order }: NewDelivery): Job {
  return { deliveryId: id, messageId, subscriptionId, g: 1, dueMs: orderedAtMs(acceptedAtMs, order) };
}

/** The delivery of a message as it is made, for a subscription that it is for. */
export function newDelivery(
  message: Pick<Message, 'id' | 'topicId' | 'ownerId' | 'type' | 'acceptedAtMs' | 'order'>,
  { subscription, mode }: Pick<Matcher, 'subscription' | 'mode'>,
  nowMs: number,
): NewDelivery {
  return {
    id: deliveryIdOf(message.id, subscription.id),
    messageId: message.id,
    topicId: message.topicId,
    subscriptionId: subscription.id,
    ownerId: message.ownerId,
    partnerId: subscription.partnerId,
    type: message.type,
    acceptedAtMs: message.acceptedAtMs,
    order: message.order,
    createdAtMs: nowMs,
    ...(subscription.delivery === 'pull' && { pull: true as const }),
    ...(mode === 'send' ? { state: 'pending' } : { state: 'held', reason: holdReason(subscription) }),
  };
}
