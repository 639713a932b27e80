import { deliveryIdOf } from '@anika/broker/delivery-id';

import { decideOutcome } from '@anika/core/delivery/decide-outcome';
import { type Delivery, isOpen } from '@anika/core/delivery/delivery';
import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';
import { judgeDelivery, type Verdict } from '@anika/core/delivery/judge-delivery';
import type { DeliveryReason } from '@anika/core/delivery/reasons';
import type { RetrySchedule } from '@anika/core/delivery/retry-schedule';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Tried } from '@anika/destinations/destination';

import {
  type DeliveryEvent,
  type Due,
  eventOf,
  newDelivery,
  recordBase,
  recordOf,
  withoutAnswer,
} from './attempt-record.ts';
import { kept, type MaybeMessage, type MessageNeeds, messageOf } from './message-of.ts';
import type { ReadyTarget } from './ready-target.ts';

/** One generation of a delivery that is due. */
export type Command = {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly subscriptionId: SubscriptionId;
  readonly generation: number;
  /** When it became due: who waits for the endpoint goes in this order. */
  readonly dueMs: number | undefined;
  /** Its job comes from the fan-out of a new message and has not run before. */
  readonly isFresh: boolean;
  /** What its job brought along. */
  readonly message?: Message | undefined;
};

export type StopSignals = {
  /** Aborts when the process is asked to stop, and begins nothing more. */
  readonly closing: AbortSignal;
  /** Aborts when the process must not wait any longer: what is under way is cut off. */
  readonly signal: AbortSignal;
};

/** What becomes of its job. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly atMs: number };

type LaneEntry =
  | { readonly kind: 'go'; readonly isAlone: boolean }
  | { readonly kind: 'parked' }
  | { readonly kind: 'taken'; readonly untilMs: number };

export type DeliverNeeds = MessageNeeds & {
  readonly findDelivery: (id: DeliveryId) => Promise<Delivery | undefined>;
  readonly findTarget: (id: SubscriptionId) => Promise<ReadyTarget | undefined>;
  readonly lane: {
    enter(command: Command, target: ReadyTarget): Promise<LaneEntry>;
    /**
     * Gives the place back, to whoever waits longest: `goesOn` returns one such, otherwise all get a job. Never
     * rejects: the place lapses by itself.
     */
    leave(
      command: Command,
      target: ReadyTarget,
      left: { goesOn: boolean; load: EndpointLoad },
    ): Promise<Command | undefined>;
    /** Its subscription is no more: whoever waits there waits no longer. Never rejects. */
    close(command: Command): Promise<void>;
  };
  /** Its reader fetches it; only a program of a version before makes jobs for such a one. */
  readonly leaveToReader: (id: DeliveryId) => Promise<void>;
  /** A job for a delivery that has none, at a time. */
  readonly queueAgain: (command: Command, atMs: number) => Promise<void>;
  /** Undefined: no place of ours was free, and no attempt was made. */
  readonly send: (delivery: Delivery, ready: ReadyTarget, context: SendContext) => Promise<Tried | undefined>;
  /** Resolves once it is durable. */
  readonly record: (record: DeliveryRecord) => Promise<void>;
  readonly endpoints: {
    succeeded(target: ReadyTarget): Promise<void>;
    failed(target: ReadyTarget, gone: boolean): Promise<void>;
  };
  readonly deadLetters: {
    add(delivery: Delivery, dead: { reason: DeliveryReason; atMs: number }): Promise<void>;
    /** Of the generation before this one. */
    removePrevious(delivery: Delivery): Promise<void>;
  };
  /** After it was written as held: lets it go if the subscription was resumed in between. */
  readonly releaseIfActive: (id: SubscriptionId) => Promise<void>;
  readonly report: (event: DeliveryEvent) => void;
  /** Of one that waited for its turn: its own job ended long ago, so it is told here. */
  readonly failed: (command: Command, error: unknown) => void;
  /** Told of ids that do not belong together. */
  readonly refused: (command: Command) => void;
  readonly schedule: RetrySchedule;
  readonly clock: { now(): number };
  /** In [0, 1). */
  readonly random: () => number;
};

export type SendContext = { readonly message: Message; readonly signal: AbortSignal };

/** What came of a delivery that had its turn. */
type Delivered = { readonly outcome: JobOutcome; readonly load: EndpointLoad };

const DONE: Delivered = { outcome: { kind: 'done' }, load: 'unknown' };

function again(atMs: number, load: EndpointLoad = 'unknown'): Delivered {
  return { outcome: { kind: 'again', atMs }, load };
}

type Done = {
  readonly outcome: JobOutcome;
  /** Whose turn it is in the same lane, now that this delivery has left it; its place is taken already. */
  readonly next?: Command | undefined;
};

/**
 * Delivers what is due. A job that ends gives its place at the endpoint to the one that waits longest, and goes
 * on with that one, for a while: a busy endpoint's backlog moves without a job for each turn.
 */
export function createDeliverMessage(needs: DeliverNeeds) {
  return async (command: Command, { closing, signal }: StopSignals): Promise<JobOutcome> => {
    const untilMs = needs.clock.now() + TIMING.turnsMs;
    const mayGoOn = () => !closing.aborted && needs.clock.now() < untilMs;
    const first = await deliverInTurn(command, { signal, isInLane: false, mayGoOn }, needs);
    let turn = first.next;
    while (turn !== undefined) {
      const done = await deliverNext(turn, { signal, isInLane: true, mayGoOn }, needs);
      if (done.outcome.kind === 'again') await needs.queueAgain(turn, done.outcome.atMs);
      turn = done.next;
    }
    return first.outcome;
  };
}

/** One of those that waited: it has no job of its own, and gets one when its turn comes to nothing. */
async function deliverNext(command: Command, turn: Turn, needs: DeliverNeeds): Promise<Done> {
  try {
    return await deliverInTurn(command, turn, needs);
  } catch (error) {
    needs.failed(command, error);
    return again(needs.clock.now() + TIMING.afterErrorMs);
  }
}

type Turn = {
  readonly signal: AbortSignal;
  readonly isInLane: boolean;
  readonly mayGoOn: () => boolean;
};

/** Takes a place in the endpoint's lane, so that who must wait costs no more than that, and delivers. */
async function deliverInTurn(command: Command, turn: Turn, needs: DeliverNeeds): Promise<Done> {
  const ready = await needs.findTarget(command.subscriptionId);
  if (ready === undefined) {
    const done = await deliver(command, { ready, signal: turn.signal }, needs);
    await needs.lane.close(command);
    return done;
  }
  let isAlone = false;
  if (!turn.isInLane) {
    if (command.isFresh && command.message === undefined)
      needs.findMessage(command.messageId).catch(() => undefined); // on its way meanwhile
    const entry = await needs.lane.enter(command, ready);
    if (entry.kind === 'parked') return DONE;
    if (entry.kind === 'taken') return again(entry.untilMs);
    isAlone = entry.isAlone;
  }
  try {
    const { outcome, load } = await deliver(command, { ready, signal: turn.signal }, needs);
    // A job that is to come back must not wait for the turns of others.
    const goesOn = outcome.kind === 'done' && !isAlone && turn.mayGoOn();
    const leaving = needs.lane.leave(command, ready, { goesOn, load });
    // Where nobody waited, the place is given back in one write with the end of the job.
    if (isAlone && outcome.kind === 'done') return { outcome };
    return { outcome, next: await leaving };
  } catch (error) {
    await needs.lane.leave(command, ready, { goesOn: false, load: 'unknown' });
    throw error;
  }
}

type Delivering = { readonly ready: ReadyTarget | undefined; readonly signal: AbortSignal };

/**
 * Authorise again, send, decide, record. The job ends only after the record is durable: a crash on any line
 * repeats the attempt, it never loses it.
 */
async function deliver(
  command: Command,
  { ready, signal }: Delivering,
  needs: DeliverNeeds,
): Promise<Delivered> {
  const [found, message] = await Promise.all([
    command.isFresh ? undefined : needs.findDelivery(command.deliveryId),
    messageOf(command, needs),
  ]);
  if (!belongTogether(command, message, ready)) {
    needs.refused(command);
    return DONE;
  }
  const due = await dueOf(command, { found, message, ready }, needs);
  if (due === 'not yet') return again(needs.clock.now() + TIMING.storedSoonMs);
  // Redriven meanwhile, or no longer kept: this job is of the past.
  if (due === undefined || due.delivery.generation !== command.generation) return DONE;
  const { delivery } = due;
  if (!isOpen(delivery)) return finishClosed(delivery, needs);
  if (ready?.target.subscription.delivery === 'pull') {
    await needs.leaveToReader(delivery.id);
    return DONE;
  }
  const nowMs = needs.clock.now();
  const dueMs = delivery.nextAttemptAtMs;
  if (dueMs > nowMs + TIMING.earlyMs) return again(dueMs);

  const { target, grant, wants } = ready ?? {};
  const verdict = judgeDelivery({ target, message, grant, wants, nowMs });
  if (verdict.kind !== 'send' || ready === undefined)
    return setAside(due, { verdict, requestId: kept(message)?.requestId }, needs);
  return attempt(due, { ready, message: verdict.message, signal }, needs);
}

/** Ids out of the queue are no facts: a message goes to subscriptions of its own topic, under one id. */
function belongTogether(
  { deliveryId, messageId, subscriptionId }: Command,
  maybe: MaybeMessage,
  ready: ReadyTarget | undefined,
): boolean {
  if (deliveryId !== deliveryIdOf(messageId, subscriptionId)) return false;
  const message = kept(maybe);
  return message === undefined || ready === undefined || message.topicId === ready.target.topic.id;
}

type Known = {
  readonly found: Delivery | undefined;
  readonly message: MaybeMessage;
  readonly ready: ReadyTarget | undefined;
};

/** A fresh job asks nobody; any other has, and one of a moment ago may still come before its delivery is stored. */
async function dueOf(
  { deliveryId, messageId, subscriptionId, generation, isFresh }: Command,
  { found, message: maybe, ready }: Known,
  { findDelivery, clock }: Pick<DeliverNeeds, 'findDelivery' | 'clock'>,
): Promise<Due | 'not yet' | undefined> {
  const nowMs = clock.now();
  const message = kept(maybe);
  const ageMs = message === undefined ? Number.POSITIVE_INFINITY : nowMs - message.acceptedAtMs;
  const isLate = ageMs > TIMING.freshMs || ready === undefined;
  const stored = found ?? (isFresh && isLate ? await findDelivery(deliveryId) : undefined);
  if (stored !== undefined) return { delivery: stored, isStored: true };
  if (generation > 1 || message === undefined || ageMs > TIMING.unstoredMs) return undefined;
  // Its subscription was deleted: it is stored all the same, and ends as cancelled.
  if (ready === undefined) return 'not yet';
  return {
    delivery: newDelivery(
      { deliveryId, messageId, subscriptionId },
      { message, partnerId: ready.target.subscription.partnerId, nowMs },
    ),
    isStored: false,
  };
}

/** A crash may have come between the record and what follows from it. */
async function finishClosed(delivery: Delivery, needs: DeliverNeeds): Promise<Delivered> {
  if (delivery.state === 'dead') {
    const { reason, finishedAtMs } = delivery;
    await needs.deadLetters.add(delivery, { reason, atMs: finishedAtMs });
  }
  return DONE;
}

type SettingAside = { readonly verdict: Verdict; readonly requestId: string | undefined };

async function setAside(
  due: Due,
  { verdict, requestId }: SettingAside,
  needs: DeliverNeeds,
): Promise<Delivered> {
  if (verdict.kind === 'send') return DONE;
  const { delivery } = due;
  if (verdict.kind === 'cancel') {
    const { reason } = verdict;
    const finishedAtMs = needs.clock.now();
    await needs.record({ ...recordBase(due), state: 'cancelled', reason, finishedAtMs });
    needs.report({ delivery, requestId, outcome: 'cancelled', reason });
    return DONE;
  }
  const { reason } = verdict;
  await needs.record({ ...recordBase(due), state: 'held', reason });
  await needs.releaseIfActive(delivery.subscriptionId);
  needs.report({ delivery, requestId, outcome: 'held', reason });
  return DONE;
}

type Attempting = {
  readonly ready: ReadyTarget;
  readonly message: Message;
  readonly signal: AbortSignal;
};

async function attempt(
  due: Due,
  { ready, message, signal }: Attempting,
  needs: DeliverNeeds,
): Promise<Delivered> {
  const { delivery } = due;
  const n = delivery.attemptCount + 1;
  if (n === 1 && delivery.generation > 1) await needs.deadLetters.removePrevious(delivery);
  const sent = await needs.send(delivery, ready, { message, signal });
  // The process is being stopped: no attempt was completed, whoever takes the job next makes it.
  const nowMs = needs.clock.now();
  if (sent === undefined) return again(nowMs + TIMING.notSentMs);
  if (signal.aborted && sent.evidence.result.kind === 'error') return again(nowMs);
  const outcome = decideOutcome({
    answer: sent,
    attemptsMade: n,
    schedule: needs.schedule,
    nowMs,
    random: needs.random(),
  });
  const kept = needs.recalls.has(message.id) ? withoutAnswer(sent) : sent;
  await needs.record(recordOf(due, outcome, { sent: kept, n, nowMs, ready }));
  needs.report(eventOf(delivery, outcome, { sent, n, requestId: message.requestId }));
  const { load } = sent;
  if (outcome.kind === 'delivered') {
    await needs.endpoints.succeeded(ready);
    return { ...DONE, load };
  }
  if (outcome.kind === 'dead') await needs.deadLetters.add(delivery, { reason: outcome.reason, atMs: nowMs });
  await needs.endpoints.failed(ready, outcome.kind === 'dead' && outcome.endpointGone);
  return outcome.kind === 'retry' ? again(outcome.atMs, load) : { ...DONE, load };
}
