import type { Ending, EndLeases } from '@anika/broker/end-leases';
import { eventOf } from '@anika/broker/event-of';
import { grantVersionOf, type ReadyTarget } from '@anika/broker/targets';
import type { Delivery, Lease } from '@anika/core/delivery/delivery';
import { judgeDelivery } from '@anika/core/delivery/judge-delivery';
import { attemptOf, nextAttempt } from '@anika/core/delivery/lease';
import type { RetrySchedule } from '@anika/core/delivery/retry-schedule';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import { notFound } from '@anika/core/failures';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { PullDestination, Pulled } from '@anika/destinations/pull/pull';
import type { PullStore } from '@anika/stores/mongo/pulls';

export type Ready = ReadyTarget<Parameters<PullDestination['compose']>[1]>;

export type TakeDueNeeds = {
  readonly store: Pick<PullStore, 'findDue' | 'claim'>;
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

export type Taking = { readonly max: number; readonly leaseMs: number };

/** One delivery in the hands of its puller. */
export type Taken = {
  readonly deliveryId: DeliveryId;
  readonly lease: string;
  readonly attempt: number;
  readonly headers: Pulled['headers'];
  readonly body: string;
};

/** So much of bodies goes into one answer, unless a single one is larger. */
const ANSWER_CHARS = 1_000_000;
/** Of what may not be given, so many steps are set aside in one go. */
const STEPS_MAX = 20;
const STEP = 100;

export type TakeDue = ReturnType<typeof createTakeDue>;

/**
 * Authorise, prepare, lease, give: what is due for a subscription, in the order of acceptance. A lease is durable before
 * anything of it leaves; a crash on any line leaves at most a lease that lapses.
 */
export function createTakeDue(needs: TakeDueNeeds) {
  return async (id: SubscriptionId, { max, leaseMs }: Taking): Promise<Taken[]> => {
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const due = await needs.store.findDue(id, needs.clock.now(), step === 0 ? max : Math.max(max, STEP));
      if (due.length === 0) return [];
      const judged = await judge(id, due, needs);
      await setAside(id, judged, needs);
      const taken = await lease(judged, { max, leaseMs }, needs);
      if (taken.length > 0) return taken;
    }
    return [];
  };
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

type Prepared = { readonly found: Delivery; readonly lease: Lease; readonly pulled: Pulled };

async function lease(
  { ready, toGive }: Judged,
  { max, leaseMs }: Taking,
  needs: TakeDueNeeds,
): Promise<Taken[]> {
  const token = needs.newLease();
  const grantVersion = grantVersionOf(ready);
  const prepared: Prepared[] = [];
  let chars = 0;
  for (const { delivery, message } of toGive.slice(0, max)) {
    const attempt = nextAttempt(delivery);
    const pulled = await needs.compose(eventOf(delivery, ready, { message, attempt }), ready.endpoint);
    chars += pulled.body.length;
    if (prepared.length > 0 && chars > ANSWER_CHARS) break;
    prepared.push({
      found: delivery,
      lease: leaseOf(delivery, pulled, { token, leaseMs, grantVersion }),
      pulled,
    });
  }
  const nowMs = needs.clock.now();
  const claimed = await needs.store.claim(
    prepared.map(({ found, lease }) => ({
      found,
      lease,
      lapsed: found.lease && attemptOf(found.lease, 'lapsed', Math.min(nowMs, found.lease.untilMs)),
    })),
  );
  return prepared
    .filter(({ found }) => claimed.has(found.id))
    .map(({ found, lease, pulled: { headers, body } }) => ({
      deliveryId: found.id,
      lease: lease.token,
      attempt: lease.n,
      headers,
      body,
    }));
}

type Leasing = {
  readonly token: string;
  readonly leaseMs: number;
  readonly grantVersion: number | undefined;
};

function leaseOf(
  delivery: Delivery,
  { atMs, bodyHash, signature }: Pulled,
  { leaseMs, ...rest }: Leasing,
): Lease {
  const { generation } = delivery;
  const n = nextAttempt(delivery);
  return { ...rest, generation, n, atMs, untilMs: atMs + leaseMs, bodyHash, signature };
}
