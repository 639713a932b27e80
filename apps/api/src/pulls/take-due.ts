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
import type { PullStore } from '@anika/stores/mongo/pulls';

export type Ready = ReadyTarget<Parameters<PullDestination['compose']>[1]>;

export type TakeDueNeeds = {
  readonly store: Pick<PullStore, 'findDue' | 'messageSizes' | 'claim'>;
  readonly findTarget: (id: SubscriptionId) => Promise<Ready | undefined>;
  readonly findMessages: (ids: readonly MessageId[]) => Promise<ReadonlyMap<MessageId, Message | 'recalled'>>;
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
/** Of so few the messages are loaded whatever their sizes are. */
const FEW = 4;
/** Of what may not be given, so many steps are set aside in one go. */
const STEPS_MAX = 20;
const STEP = 100;

const NOTHING: Taken = { items: [], isCut: false };

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
      const due = await needs.store.findDue(id, needs.clock.now(), step === 0 ? max : Math.max(max, STEP));
      if (due.length === 0) return NOTHING;
      const small = await withinBytes(due, needs);
      const judged = await judge(id, small, needs);
      await setAside(id, judged, needs);
      const items = await lease(judged, taking, needs);
      const isCut = small.length < due.length || items.length < judged.toGive.length || items.length === max;
      if (items.length > 0) return { items, isCut };
    }
    return NOTHING;
  };
}

/** The first of them, as many as have messages for one answer: each of a hundred may be of a quarter of a megabyte. */
async function withinBytes(
  due: readonly Delivery[],
  { store }: Pick<TakeDueNeeds, 'store'>,
): Promise<readonly Delivery[]> {
  if (due.length <= FEW) return due;
  const sizes = await store.messageSizes(due.map(({ messageId }) => messageId));
  return due.slice(0, fitting(due.map(({ messageId }) => sizes.get(messageId) ?? 0)));
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
async function judge(id: SubscriptionId, due: readonly Delivery[], needs: TakeDueNeeds): Promise<Judged> {
  const [ready, messages] = await Promise.all([
    needs.findTarget(id),
    needs.findMessages(due.map(({ messageId }) => messageId)),
  ]);
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

async function lease(judged: Judged, { max, leaseMs, reserve }: Taking, needs: TakeDueNeeds) {
  const ready = await prepare(judged, { max, leaseMs }, needs);
  if (ready.length === 0) return [];
  const parts = ready.map(({ text }) => Buffer.byteLength(text) + 1);
  const prepared = ready.slice(0, reserve(parts.slice(0, fitting(parts))));
  const nowMs = needs.clock.now();
  const claimed = await needs.store.claim(
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
  { max, leaseMs }: Omit<Taking, 'reserve'>,
  needs: TakeDueNeeds,
): Promise<Prepared[]> {
  const leasing = { token: needs.newLease(), leaseMs, grantVersion: grantVersionOf(ready) };
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
