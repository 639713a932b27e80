import type { NewDelivery } from '@anika/core/delivery/delivery';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryId, MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { wordBlocksOf } from '@anika/core/word-blocks';
import { ItemError, isEverybodys, splitOnFailure } from '@anika/runtime/split-on-failure';
import {
  deliveryChunks,
  type FanOutMessage,
  type FanOutNeeds,
  isPending,
  isSent,
  releaseResumed,
  toJob,
  type WordedMessage,
  wordedAll,
} from './fan-out.ts';
import { prioritiesOf } from './priorities.ts';
import type { QueueOrder } from './queue-order.ts';

export type FirstFanOutNeeds = FanOutNeeds &
  Required<Pick<FanOutNeeds, 'insertWords'>> & {
    /** Whose jobs wait behind others'. */
    readonly order: Pick<QueueOrder, 'priorityOf' | 'isDeferred'>;
    /** They are fanned out when there is time for them, by whoever has it. */
    readonly defer: (ids: readonly MessageId[]) => Promise<void>;
    /** Which of these deliveries are stored. */
    readonly existing: (ids: readonly DeliveryId[]) => Promise<ReadonlySet<DeliveryId>>;
    /** Stores what is fetched, and wakes those who wait for it. */
    readonly storePulled: (deliveries: readonly NewDelivery[]) => Promise<unknown>;
    /** Told when deliveries could not be settled: the sweep does it. */
    readonly failed: (error: unknown) => void;
  };

export type FirstFanOut = {
  /** Rejects when it is left to the sweep. */
  fanOut(messages: readonly FanOutMessage[]): Promise<void>;
  /** Settles what is open; nothing may be fanned out after it. */
  close(): Promise<void>;
};

/** So many deliveries are stored at the first look: where dispatchers keep up, fewer are missing. */
const FEW = 200;
/** Deliveries and words that may wait to be settled: bounds memory. */
const UNSETTLED_MAX = 50_000;
const CHUNK = 500;

/** Messages, and deliveries of theirs that nobody may have stored. */
type Unsettled = {
  readonly messages: readonly WordedMessage[];
  readonly deliveries: readonly NewDelivery[];
  readonly weight: number;
  readonly sinceMs: number;
  readonly lookAtMs: number;
};

/**
 * The fan-out of messages that this very process has accepted. Jobs come first: most deliveries have been made
 * before they are missed, and whoever makes them stores them, once, with what has become of them. A moment later the
 * rest is settled: what nobody has stored is stored as pending, so are the words of the messages, many at a time, and
 * the outbox mark is taken off. A crash leaves the mark on, and the sweep does the whole again.
 */
export function createFirstFanOut(needs: FirstFanOutNeeds): FirstFanOut {
  let waiting: Unsettled[] = [];
  let looking: Promise<void> | undefined;
  const timer = setInterval(() => {
    looking ??= settleUntil(needs.clock.now()).finally(() => {
      looking = undefined;
    });
  }, TIMING.lookMs);

  async function settleUntil(untilMs: number): Promise<void> {
    const due = waiting.filter(({ lookAtMs }) => lookAtMs <= untilMs);
    waiting = waiting.filter(({ lookAtMs }) => lookAtMs > untilMs);
    if (due.length > 0) waiting.push(...(await settleApart(due, untilMs, needs)));
  }

  async function settleAll(): Promise<void> {
    await looking;
    await settleUntil(Number.POSITIVE_INFINITY);
  }

  return {
    async fanOut(accepted) {
      const deferred = new Set(accepted.filter(({ ownerId }) => needs.order.isDeferred(ownerId)));
      const messages = accepted.filter((message) => !deferred.has(message));
      let deliveries: NewDelivery[] = [];
      const byId = new Map(messages.map((message) => [message.id, message]));
      for await (const chunk of deliveryChunks(messages, needs)) {
        const pending = chunk.filter(isPending);
        offer(pending, needs);
        await addFreshJobs(pending.filter(isSent), byId, needs);
        await needs.insertDeliveries(chunk.filter((delivery) => !isPending(delivery)));
        await releaseResumed(chunk, needs);
        deliveries.push(...pending);
        if (deliveries.length < UNSETTLED_MAX) continue;
        await store(await missingOf(deliveries, needs), needs);
        deliveries = [];
      }
      waiting.push(unsettled(await wordedAll(messages), deliveries, needs.clock.now()));
      if (sum(waiting.map(({ weight }) => weight)) > UNSETTLED_MAX) await settleAll();
      if (deferred.size > 0) await deferAll([...deferred], needs);
    },
    async close() {
      clearInterval(timer);
      await settleAll();
    },
  };
}

/** They can be found by their words all the same. */
async function deferAll(
  messages: readonly FanOutMessage[],
  { defer, insertWords }: FirstFanOutNeeds,
): Promise<void> {
  await insertWords(wordBlocksOf(await wordedAll(messages)));
  await defer(messages.map(({ id }) => id));
}

function unsettled(
  messages: readonly WordedMessage[],
  deliveries: readonly NewDelivery[],
  sinceMs: number,
): Unsettled {
  const weight = deliveries.length + sum(messages.map(({ words }) => words.length));
  return { messages, deliveries, weight, sinceMs, lookAtMs: sinceMs + TIMING.lookMs };
}

/**
 * Returns what is to be looked at again. What cannot be settled together is settled fan-out by fan-out, at last message
 * by message: one that cannot be is left to the sweep, and the others are not.
 */
async function settleApart(
  due: readonly Unsettled[],
  nowMs: number,
  needs: FirstFanOutNeeds,
): Promise<Unsettled[]> {
  const work = (group: readonly Unsettled[]) => settle(group, nowMs, needs);
  const left: Unsettled[] = [];
  for (const [index, outcome] of (await splitOnFailure(due, work)).entries()) {
    if (outcome instanceof ItemError) {
      const singles = singlesOf(due[index]);
      if (singles.length > 1 && !isEverybodys(outcome.error)) {
        left.push(...(await settleApart(singles, nowMs, needs)));
      } else {
        needs.failed(outcome.error);
      }
    } else if (outcome !== undefined) {
      left.push(outcome);
    }
  }
  return left;
}

function singlesOf(one: Unsettled | undefined): Unsettled[] {
  if (one === undefined) return [];
  return one.messages.map((message) => ({
    ...one,
    messages: [message],
    deliveries: one.deliveries.filter(({ messageId }) => messageId === message.id),
  }));
}

/** Stores what is missing, takes the marks off; of each, what is to be looked at again. */
async function settle(
  due: readonly Unsettled[],
  nowMs: number,
  needs: FirstFanOutNeeds,
): Promise<readonly (Unsettled | undefined)[]> {
  const missing = new Set(
    await missingOf(
      due.flatMap(({ deliveries }) => deliveries),
      needs,
    ),
  );
  const missingIn = (one: Unsettled) => one.deliveries.filter((delivery) => missing.has(delivery));
  const isLeft = (one: Unsettled) =>
    missing.size > FEW && nowMs - one.sinceMs < TIMING.patienceMs && missingIn(one).length > 0;
  const left = due.filter(isLeft);
  const settled = left.length === 0 ? due : due.filter((one) => !left.includes(one));
  await store(settled.flatMap(missingIn), needs);
  const messages = settled.flatMap((one) => one.messages);
  await needs.insertWords(wordBlocksOf(messages));
  await needs.markFannedOut(messages.map((message) => message.id));
  const lookAgain = (one: Unsettled) => ({
    ...one,
    deliveries: missingIn(one),
    lookAtMs: nextLookMs(one, needs.clock.now()),
  });
  return due.map((one) => (left.includes(one) ? lookAgain(one) : undefined));
}

/** Ever later: a long queue is not asked for again and again. */
function nextLookMs({ sinceMs }: Unsettled, nowMs: number): number {
  return Math.max(
    nowMs + TIMING.lookMs,
    Math.min(nowMs + TIMING.lookMs + (nowMs - sinceMs), sinceMs + TIMING.patienceMs),
  );
}

async function missingOf(
  deliveries: readonly NewDelivery[],
  { existing }: Pick<FirstFanOutNeeds, 'existing'>,
): Promise<NewDelivery[]> {
  const missing: NewDelivery[] = [];
  for (const chunk of chunksOf(deliveries)) {
    const stored = await existing(chunk.map((delivery) => delivery.id));
    missing.push(...chunk.filter((delivery) => !stored.has(delivery.id)));
  }
  return missing;
}

/** Not waited for: what its readers fetch, however much of it there is, holds up nobody's jobs. */
function offer(
  pending: readonly NewDelivery[],
  { storePulled }: Pick<FirstFanOutNeeds, 'storePulled'>,
): void {
  const pulled = pending.filter((delivery) => !isSent(delivery));
  if (pulled.length === 0) return;
  storePulled(pulled).catch(() => undefined); // it is missing a moment later, and is settled
}

async function store(
  deliveries: readonly NewDelivery[],
  { insertDeliveries }: Pick<FirstFanOutNeeds, 'insertDeliveries'>,
): Promise<void> {
  for (const chunk of chunksOf(deliveries)) await insertDeliveries(chunk);
}

function* chunksOf(deliveries: readonly NewDelivery[]): Generator<readonly NewDelivery[]> {
  for (let at = 0; at < deliveries.length; at += CHUNK) yield deliveries.slice(at, at + CHUNK);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/**
 * Each with its message: nobody has to look it up. While the queue is away they are stored, so that both companies see
 * them wait.
 */
async function addFreshJobs(
  pending: readonly NewDelivery[],
  messages: ReadonlyMap<MessageId, Message>,
  needs: FirstFanOutNeeds,
): Promise<void> {
  const priorities = prioritiesOf(pending, needs.order);
  const toFreshJob = (delivery: NewDelivery) => {
    const message = messages.get(delivery.messageId);
    const priority = priorities.get(delivery.id);
    return {
      ...toJob(delivery),
      fresh: true as const,
      ...(message && { message }),
      ...(priority && { priority }),
    };
  };
  try {
    await needs.addJobs(pending.map(toFreshJob));
  } catch (error) {
    await needs.insertDeliveries(pending);
    throw error;
  }
}
