import type { Delivery, Lease, StatusIn } from '@anika/core/delivery/delivery';
import { type LeaseEnd, statusAfter } from '@anika/core/delivery/lease';
import type { RetrySchedule } from '@anika/core/delivery/retry-schedule';
import type { DeliveryId, SubscriptionId } from '@anika/core/ids';
import type { DeadLetter } from '@anika/queue/queues';
import type { LeaseEnding } from '@anika/stores/mongo/lease-ends';
import type { DeadMarkStore } from '@anika/stores/postgres/dead-marks';

/** A delivery whose lease ends, and how. */
export type Ending = { readonly delivery: Delivery; readonly lease: Lease; readonly end: LeaseEnd };

/** For one log line and the figures. */
export type LeaseEvent = Ending & {
  readonly status: StatusIn<'delivered' | 'retrying' | 'dead'>;
  readonly nowMs: number;
};

export type EndLeasesNeeds = {
  readonly endLeases: (endings: readonly LeaseEnding[], nowMs: number) => Promise<ReadonlySet<DeliveryId>>;
  /** That they have died is to be told. */
  readonly noteDead: DeadMarkStore['note'];
  readonly addDeadLetters: (letters: readonly DeadLetter[]) => Promise<void>;
  /** Operators do not see them; what is true of them is stored already. */
  readonly notShown: (error: unknown) => void;
  readonly report: (event: LeaseEvent) => void;
  /** Something of this subscription comes again at this time. */
  readonly comesAgain: (id: SubscriptionId, atMs: number) => void;
  readonly schedule: RetrySchedule;
  readonly clock: { now(): number };
  /** In [0, 1). */
  readonly random: () => number;
};

export type EndLeases = ReturnType<typeof createEndLeases>;

/** Ends leases as their pullers said, or as time did; answers which of them this has ended. */
export function createEndLeases(needs: EndLeasesNeeds) {
  return async (endings: readonly Ending[]): Promise<ReadonlySet<DeliveryId>> => {
    if (endings.length === 0) return new Set();
    const nowMs = needs.clock.now();
    // One for all: those that end alike come again together, and are one write.
    const circumstances = { schedule: needs.schedule, nowMs, random: needs.random() };
    const events = endings.map(
      (ending): LeaseEvent => ({
        ...ending,
        status: statusAfter(ending.lease, ending.end, circumstances),
        nowMs,
      }),
    );
    const deaths = events.flatMap(({ delivery: { subscriptionId: id }, status }) =>
      status.state === 'dead' ? [{ id, sinceMs: nowMs }] : [],
    );
    // Before they die: noted and not dead is told to nobody, dead and not noted would be forgotten by a crash.
    if (deaths.length > 0) await needs.noteDead(deaths);
    const ended = await needs.endLeases(
      events.map(({ delivery: { id }, lease, end: { kind }, status }) => ({ id, lease, kind, status })),
      nowMs,
    );
    const ours = events.filter(({ delivery }) => ended.has(delivery.id));
    const dead = ours.flatMap(({ delivery, status }) =>
      status.state === 'dead' ? [letterOf(delivery, status.reason)] : [],
    );
    if (dead.length > 0) await needs.addDeadLetters(dead).catch(needs.notShown);
    for (const event of ours) needs.report(event);
    tellOfReturns(ours, needs);
    return ended;
  };
}

/** Once for all that come again together. */
function tellOfReturns(
  events: readonly LeaseEvent[],
  { comesAgain }: Pick<EndLeasesNeeds, 'comesAgain'>,
): void {
  const returns = new Map<string, readonly [SubscriptionId, number]>();
  for (const {
    delivery: { subscriptionId },
    status,
  } of events) {
    if (status.state !== 'retrying') continue;
    returns.set(`${subscriptionId} ${status.nextAttemptAtMs}`, [subscriptionId, status.nextAttemptAtMs]);
  }
  for (const [id, atMs] of returns.values()) comesAgain(id, atMs);
}

function letterOf({ id, messageId, subscriptionId, generation }: Delivery, reason: string): DeadLetter {
  return { deliveryId: id, messageId, subscriptionId, g: generation, reason };
}

export type EndLapsedNeeds = {
  readonly findLapsed: (beforeMs: number, limit: number) => Promise<readonly Delivery[]>;
  readonly endLeases: EndLeases;
  readonly graceMs: number;
  readonly clock: { now(): number };
};

const LAPSED_A_STEP = 500;
/** What one call does at most; the next goes on. */
const STEPS_MAX = 20;

/**
 * Notes leases that lapsed while nobody pulled: what was given is in the history of the delivery, and one that has used
 * up its schedule is given up.
 */
export function createEndLapsed({ findLapsed, endLeases, graceMs, clock }: EndLapsedNeeds) {
  return async (): Promise<void> => {
    for (let step = 0; step < STEPS_MAX; step += 1) {
      const lapsed = await findLapsed(clock.now() - graceMs, LAPSED_A_STEP);
      await endLeases(
        lapsed.flatMap((delivery): Ending[] =>
          delivery.lease === undefined ? [] : [{ delivery, lease: delivery.lease, end: { kind: 'lapsed' } }],
        ),
      );
      if (lapsed.length < LAPSED_A_STEP) return;
    }
  };
}
