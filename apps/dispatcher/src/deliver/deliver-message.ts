import type { AttemptResult } from '@anika/core/attempt-result';
import { decideOutcome, type Outcome } from '@anika/core/decide-outcome';
import { type Attempt, type Delivery, type DeliveryReason, isOpen } from '@anika/core/delivery';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { judgeDelivery, type Verdict } from '@anika/core/judge-delivery';
import type { Message } from '@anika/core/message';
import type { RetrySchedule } from '@anika/core/retry-schedule';
import type { ReadyTarget } from './targets.ts';

/** One generation of a delivery that is due. */
export type Command = {
  readonly deliveryId: DeliveryId;
  readonly messageId: MessageId;
  readonly subscriptionId: SubscriptionId;
  readonly generation: number;
  /** Its job comes from the fan-out of a new message and has not run before. */
  readonly isFresh: boolean;
};

/** What becomes of its job. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly atMs: number };

type DeliveryRecord = Pick<Delivery, 'id' | 'generation' | 'state'> & {
  readonly reason?: DeliveryReason | undefined;
  readonly attempt?: Attempt | undefined;
  readonly nextAttemptAtMs?: number | undefined;
  readonly finishedAtMs?: number | undefined;
};

type Sent = {
  readonly result: AttemptResult;
  readonly atMs: number;
  readonly bodyHash: string;
  readonly signature: string;
};

type LaneEntry =
  | { readonly kind: 'go' }
  | { readonly kind: 'parked' }
  | { readonly kind: 'taken'; readonly untilMs: number };

export type DeliverNeeds = {
  readonly findDelivery: (id: DeliveryId) => Promise<Delivery | undefined>;
  readonly findMessage: (id: MessageId) => Promise<Message | undefined>;
  readonly findTarget: (id: SubscriptionId) => Promise<ReadyTarget | undefined>;
  readonly lane: {
    enter(delivery: Delivery, target: ReadyTarget): Promise<LaneEntry>;
    /** Never rejects: the place lapses by itself. */
    leave(delivery: Delivery, target: ReadyTarget): Promise<void>;
  };
  readonly send: (delivery: Delivery, ready: ReadyTarget, context: SendContext) => Promise<Sent>;
  /** Resolves once it is durable. */
  readonly record: (record: DeliveryRecord) => Promise<void>;
  readonly endpoints: {
    succeeded(target: ReadyTarget): Promise<void>;
    failed(target: ReadyTarget, gone: boolean): Promise<void>;
  };
  readonly deadLetters: {
    add(delivery: Delivery, reason: DeliveryReason | undefined): Promise<void>;
    /** Of the generation before this one. */
    removePrevious(delivery: Delivery): Promise<void>;
  };
  /** After it was written as held: lets it go if the subscription was resumed in between. */
  readonly releaseIfActive: (id: SubscriptionId) => Promise<void>;
  readonly report: (event: DeliveryEvent) => void;
  readonly schedule: RetrySchedule;
  readonly clock: { now(): number };
  /** In [0, 1). */
  readonly random: () => number;
};

export type SendContext = { readonly message: Message; readonly signal: AbortSignal };

/** For one log line and the metrics. */
export type DeliveryEvent = {
  readonly delivery: Delivery;
  readonly outcome: Outcome['kind'] | 'cancelled' | 'held';
  readonly reason?: DeliveryReason | undefined;
  readonly sent?: Sent | undefined;
  readonly attempt?: number | undefined;
  readonly nextAttemptAtMs?: number | undefined;
};

/** Clocks of two machines differ; what is due within this is due. */
const EARLY_MS = 50;
/** Well before the sweep takes a message for one whose fan-out was interrupted and delivers it as well. */
const FRESH_MS = 2500;
const DONE: JobOutcome = { kind: 'done' };

/**
 * Delivers what is due: authorise again, take a place in the endpoint's lane, send, decide, record. The job
 * ends only after the record is durable: a crash on any line repeats the attempt, it never loses it.
 */
export function createDeliverMessage(needs: DeliverNeeds) {
  return async (command: Command, signal: AbortSignal): Promise<JobOutcome> => {
    const [found, message, ready] = await Promise.all([
      command.isFresh ? undefined : needs.findDelivery(command.deliveryId),
      needs.findMessage(command.messageId),
      needs.findTarget(command.subscriptionId),
    ]);
    const fresh = command.isFresh ? freshDelivery(command, { message, ready }, needs) : undefined;
    const delivery = found ?? fresh ?? (await needs.findDelivery(command.deliveryId));
    // Redriven meanwhile, or no longer kept: this job is of the past.
    if (delivery === undefined || delivery.generation !== command.generation) return DONE;
    if (!isOpen(delivery.state)) return finishClosed(delivery, needs);
    const nowMs = needs.clock.now();
    const dueMs = delivery.nextAttemptAtMs ?? nowMs;
    if (dueMs > nowMs + EARLY_MS) return { kind: 'again', atMs: dueMs };

    const verdict = judgeDelivery({ target: ready?.target, message, grant: ready?.grant, nowMs });
    if (verdict.kind !== 'send' || ready === undefined) return setAside(delivery, verdict, needs);
    const entry = await needs.lane.enter(delivery, ready);
    if (entry.kind === 'parked') return DONE;
    if (entry.kind === 'taken') return { kind: 'again', atMs: entry.untilMs };
    try {
      return await attempt({ delivery, ready, message: verdict.message, signal }, needs);
    } finally {
      await needs.lane.leave(delivery, ready);
    }
  };
}

/**
 * The delivery as the fan-out has just stored it: reading it back would tell nothing new. Undefined when that
 * was too long ago to be sure.
 */
function freshDelivery(
  { deliveryId, messageId, subscriptionId, generation }: Command,
  { message, ready }: { message: Message | undefined; ready: ReadyTarget | undefined },
  { clock }: Pick<DeliverNeeds, 'clock'>,
): Delivery | undefined {
  const nowMs = clock.now();
  if (message === undefined || ready === undefined || nowMs - message.acceptedAtMs > FRESH_MS)
    return undefined;
  return {
    id: deliveryId,
    messageId,
    topicId: message.topicId,
    subscriptionId,
    ownerId: message.ownerId,
    partnerId: ready.target.subscription.partnerId,
    type: message.type,
    state: 'pending',
    reason: undefined,
    generation,
    attemptCount: 0,
    nextAttemptAtMs: nowMs,
    acceptedAtMs: message.acceptedAtMs,
    createdAtMs: nowMs,
    finishedAtMs: undefined,
    attempts: [],
  };
}

/** A crash may have come between the record and what follows from it. */
async function finishClosed(delivery: Delivery, needs: DeliverNeeds): Promise<JobOutcome> {
  if (delivery.state === 'dead') await needs.deadLetters.add(delivery, delivery.reason);
  return DONE;
}

async function setAside(delivery: Delivery, verdict: Verdict, needs: DeliverNeeds): Promise<JobOutcome> {
  if (verdict.kind === 'send') return DONE;
  const { id, generation, subscriptionId } = delivery;
  const { reason } = verdict;
  if (verdict.kind === 'cancel') {
    await needs.record({ id, generation, state: 'cancelled', reason, finishedAtMs: needs.clock.now() });
    needs.report({ delivery, outcome: 'cancelled', reason });
    return DONE;
  }
  await needs.record({ id, generation, state: 'held', reason });
  await needs.releaseIfActive(subscriptionId);
  needs.report({ delivery, outcome: 'held', reason });
  return DONE;
}

type Attempting = {
  readonly delivery: Delivery;
  readonly ready: ReadyTarget;
  readonly message: Message;
  readonly signal: AbortSignal;
};

async function attempt(
  { delivery, ready, message, signal }: Attempting,
  needs: DeliverNeeds,
): Promise<JobOutcome> {
  const n = delivery.attemptCount + 1;
  if (n === 1 && delivery.generation > 1) await needs.deadLetters.removePrevious(delivery);
  const sent = await needs.send(delivery, ready, { message, signal });
  // The process is being stopped: no attempt was completed, whoever takes the job next makes it.
  if (signal.aborted && sent.result.kind === 'error') return { kind: 'again', atMs: needs.clock.now() };
  const nowMs = needs.clock.now();
  const outcome = decideOutcome({
    result: sent.result,
    attemptsMade: n,
    schedule: needs.schedule,
    nowMs,
    random: needs.random(),
  });
  await needs.record(recordOf(delivery, outcome, { sent, n, nowMs }));
  needs.report(eventOf(delivery, outcome, { sent, n }));
  if (outcome.kind === 'delivered') {
    await needs.endpoints.succeeded(ready);
    return DONE;
  }
  if (outcome.kind === 'dead') await needs.deadLetters.add(delivery, outcome.reason);
  await needs.endpoints.failed(ready, outcome.kind === 'dead' && outcome.endpointGone);
  return outcome.kind === 'retry' ? { kind: 'again', atMs: outcome.atMs } : DONE;
}

function recordOf(
  { id, generation }: Delivery,
  outcome: Outcome,
  { sent, n, nowMs }: { sent: Sent; n: number; nowMs: number },
): DeliveryRecord {
  const base = { id, generation, attempt: toAttempt(sent, n) };
  if (outcome.kind === 'delivered') return { ...base, state: 'delivered', finishedAtMs: nowMs };
  if (outcome.kind === 'retry') return { ...base, state: 'retrying', nextAttemptAtMs: outcome.atMs };
  return { ...base, state: 'dead', reason: outcome.reason, finishedAtMs: nowMs };
}

function toAttempt({ result, atMs, bodyHash, signature }: Sent, n: number): Attempt {
  const answered = result.kind === 'response';
  return {
    n,
    atMs,
    durationMs: result.durationMs,
    status: answered ? result.status : undefined,
    errorClass: answered ? undefined : result.errorClass,
    errorMessage: answered ? undefined : result.message,
    responseStart: answered ? result.bodyStart : undefined,
    bodyHash,
    signature,
  };
}

function eventOf(
  delivery: Delivery,
  outcome: Outcome,
  { sent, n }: { sent: Sent; n: number },
): DeliveryEvent {
  return {
    delivery,
    outcome: outcome.kind,
    reason: outcome.kind === 'dead' ? outcome.reason : undefined,
    sent,
    attempt: n,
    nextAttemptAtMs: outcome.kind === 'retry' ? outcome.atMs : undefined,
  };
}
