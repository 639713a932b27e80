import type { Ending, EndLeases } from '@anika/broker/end-leases';
import { eventOf } from '@anika/broker/event-of';
import { grantVersionOf, type ReadyTarget } from '@anika/broker/targets';
import type { Delivery, Lease } from '@anika/core/delivery/delivery';
import { judgeDelivery } from '@anika/core/delivery/judge-delivery';
import { attemptOf, nextAttempt } from '@anika/core/delivery/lease';
import type { RetrySchedule } from '@anika/core/delivery/retry-schedule';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import { notFound } from '@anika/core/failures';
import type { MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { PullDestination, Pulled } from '@anika/destinations/pull/pull';
import type { MessageStore } from '@anika/stores/mongo/messages';
import type { MessagesById } from '@anika/stores/mongo/messages-by-id';
import type { PullStore } from '@anika/stores/mongo/pulls';
import type { FindDue } from './find-due.ts';

export type Ready = ReadyTarget<Parameters<PullDestination['compose']>[1]>;

export type TakeDueNeeds = {
  readonly findDue: FindDue;
  readonly claim: PullStore['claim'];
  readonly findTarget: (id: SubscriptionId) => Promise<Ready | undefined>;
  readonly messages: Pick<MessageStore, 'findMany' | 'findLight'>;
  readonly compose: PullDestination['compose'];
  /** Of those that may not be given, or not now. */
  readonly record: (records: readonly DeliveryRecord[]) => Promise<void>;
  /** After something was written as held: lets it go if the subscription was resumed in between. */
  readonly releaseIfActive: (id: SubscriptionId) => Promise<void>;
  readonly endLeases: EndLeases;
  readonly schedule: RetrySchedule;
  readonly newLease: () => string;
  readonly clock: { now(): number };
};

export type Taking = {
  readonly max: number;
  readonly leaseMs: number;
  /** Of an answer with parts of so many bytes, how many can be sent now; rejects where none can. */
  readonly reserve: (parts: readonly number[]) => number;
};

/** What one pull gets. */
export type Taken = {
  /** Each as JSON. */
  readonly items: readonly string[];
  /** There may be more that is due. */
  readonly isCut: boolean;
};

/** So many bytes go into one answer, unless a single delivery has more. */
const ANSWER_BYTES = 1_000_000;
/** Messages of so many bytes are loaded at once: a hundred of them are one answer. */
const LIGHT_BYTES = 10_000;
/** Of what may not be given, so many steps are set aside in one go. */
const STEPS_MAX = 20;
const STEP = 100;

export const NOTHING: Taken = { items: [], isCut: false };

export type TakeDue = ReturnType<typeof createTakeDue>;

/**
 * Authorise, prepare, lease, give: what is due for a subscription, in the order of acceptance. Nothing is leased that
 * the answer has no room for, and a lease is durable before anything of it leaves; a crash on any line leaves at most a
 * lease that lapses.
 */
export function createTakeDue(needs: TakeDueNeeds) {
  return async (id: SubscriptionId, taking: Taking): Promise<Taken> => {
    const { max } = taking;
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const due = await needs.findDue(id, needs.clock.now(), step === 0 ? max : Math.max(max, STEP));
      if (due.length === 0) return NOTHING;
      const prepared = await prepareDue(id, { due, taking }, needs);
      const items = await lease(prepared, taking, needs);
      if (items.length > 0) return { items, isCut: items.length < prepared.length || items.length === max };
    }
    return NOTHING;
  };
}

/** What may be given, until it fills an answer: how many these are is not to tell how much of them is hidden. */
async function prepareDue(
  id: SubscriptionId,
  { due, taking }: { readonly due: readonly Delivery[]; readonly taking: Taking },
  needs: TakeDueNeeds,
): Promise<readonly Prepared[]> {
  const { max, leaseMs } = taking;
  const token = needs.newLease();
  const prepared: Prepared[] = [];
  for (const part of await inParts(due, needs)) {
    const judged = await judge(id, part, needs);
    await setAside(id, judged, needs);
    prepared.push(...(await prepare(judged, { max: max - prepared.length, leaseMs, token }, needs)));
    if (prepared.length === max || fitting(bytesOf(prepared)) < prepared.length) break;
  }
  return prepared;
}

type Part = {
  readonly due: readonly Delivery[];
  readonly load: () => Promise<MessagesById>;
};

/** Each of them with messages for about one answer: each of a hundred may be of a quarter of a megabyte. */
async function inParts(
  due: readonly Delivery[],
  { messages }: Pick<TakeDueNeeds, 'messages'>,
): Promise<readonly Part[]> {
  const { light, heavy } = await messages.findLight(messageIdsOf(due), LIGHT_BYTES);
  if (heavy.size === 0) return [{ due, load: async () => light }];
  const parts: Part[] = [];
  for (let rest = due; rest.length > 0; ) {
    const part = rest.slice(0, fitting(rest.map(({ messageId }) => heavy.get(messageId) ?? LIGHT_BYTES)));
    parts.push({ due: part, load: () => messages.findMany(messageIdsOf(part)) });
    rest = rest.slice(part.length);
  }
  return parts;
}

function messageIdsOf(due: readonly Delivery[]): MessageId[] {
  return due.map(({ messageId }) => messageId);
}

/** How many parts fit into one answer, from the first on; the first one always does. */
function fitting(parts: readonly number[]): number {
  let bytes = 0;
  const over = parts.findIndex((part, index) => {
    bytes += part;
    return index > 0 && bytes > ANSWER_BYTES;
  });
  return over < 0 ? parts.length : over;
}

type Judged = {
  readonly ready: Ready;
  readonly toGive: readonly { readonly delivery: Delivery; readonly message: Message }[];
  readonly records: readonly DeliveryRecord[];
  readonly givenUp: readonly Ending[];
};

/** By the same rules as what is sent, right before it is given. */
async function judge(id: SubscriptionId, { due, load }: Part, needs: TakeDueNeeds): Promise<Judged> {
  const [ready, messages] = await Promise.all([needs.findTarget(id), load()]);
  if (ready === undefined) throw notFound('subscription');
  const { target, grant, wants } = ready;
  const nowMs = needs.clock.now();
  const toGive: { delivery: Delivery; message: Message }[] = [];
  const records: DeliveryRecord[] = [];
  const givenUp: Ending[] = [];
  for (const delivery of due) {
    const { generation } = delivery;
    const message = messages.get(delivery.messageId);
    const verdict = judgeDelivery({ target, message, grant, wants, nowMs });
    if (verdict.kind === 'cancel') {
      const { reason } = verdict;
      records.push({ id: delivery.id, generation, state: 'cancelled', reason, finishedAtMs: nowMs });
    } else if (verdict.kind === 'hold') {
      records.push({ id: delivery.id, generation, state: 'held', reason: verdict.reason });
    } else if (delivery.lease !== undefined && nextAttempt(delivery) > needs.schedule.length) {
      givenUp.push({ delivery, lease: delivery.lease, end: { kind: 'lapsed' } });
    } else {
      toGive.push({ delivery, message: verdict.message });
    }
  }
  return { ready, toGive, records, givenUp };
}

async function setAside(
  id: SubscriptionId,
  { records, givenUp }: Judged,
  { record, releaseIfActive, endLeases }: TakeDueNeeds,
): Promise<void> {
  await Promise.all([records.length > 0 && record(records), endLeases(givenUp)]);
  if (records.some(({ state }) => state === 'held')) await releaseIfActive(id);
}

type Prepared = { readonly found: Delivery; readonly lease: Lease; readonly text: string };

/** In the answer, with a comma after each. */
function bytesOf(prepared: readonly Prepared[]): number[] {
  return prepared.map(({ text }) => Buffer.byteLength(text) + 1);
}

async function lease(ready: readonly Prepared[], { reserve }: Taking, needs: TakeDueNeeds) {
  if (ready.length === 0) return [];
  const parts = bytesOf(ready);
  const prepared = ready.slice(0, reserve(parts.slice(0, fitting(parts))));
  const nowMs = needs.clock.now();
  const claimed = await needs.claim(
    prepared.map(({ found, lease }) => ({
      found,
      lease,
      lapsed: found.lease && attemptOf(found.lease, 'lapsed', Math.min(nowMs, found.lease.untilMs)),
    })),
  );
  return prepared.filter(({ found }) => claimed.has(found.id)).map(({ text }) => text);
}

async function prepare(
  { ready, toGive }: Judged,
  { max, ...given }: Pick<Taking, 'max' | 'leaseMs'> & { readonly token: string },
  needs: TakeDueNeeds,
): Promise<Prepared[]> {
  const leasing = { ...given, grantVersion: grantVersionOf(ready) };
  const prepared: Prepared[] = [];
  for (const { delivery, message } of toGive.slice(0, max)) {
    const attempt = nextAttempt(delivery);
    const pulled = await needs.compose(eventOf(delivery, ready, { message, attempt }), ready.endpoint);
    const lease = leaseOf(delivery, pulled, leasing);
    prepared.push({ found: delivery, lease, text: itemText(delivery, lease, pulled) });
  }
  return prepared;
}

/** One delivery in the hands of its puller. */
function itemText({ id }: Delivery, { token, n }: Lease, { headers, body }: Pulled): string {
  return JSON.stringify({ deliveryId: id, lease: token, attempt: n, headers, body });
}

type Leasing = {
  readonly token: string;
  readonly leaseMs: number;
  readonly grantVersion: number | undefined;
};

function leaseOf(
  delivery: Delivery,
  { atMs, bodyHash, signature, spanId }: Pulled,
  { leaseMs, ...rest }: Leasing,
): Lease {
  const { generation } = delivery;
  const n = nextAttempt(delivery);
  return { ...rest, generation, n, atMs, untilMs: atMs + leaseMs, bodyHash, signature, spanId };
}
