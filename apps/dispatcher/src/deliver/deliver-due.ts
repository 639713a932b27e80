import { deliveryIdOf } from '@anika/broker/delivery-id';
import { decideOutcome } from '@anika/core/delivery/decide-outcome';
import { type Delivery, isOpen } from '@anika/core/delivery/delivery';
import { judgeDelivery, type Verdict } from '@anika/core/delivery/judge-delivery';
import { TIMING } from '@anika/core/delivery/timing';
import type { Message } from '@anika/core/message';
import { type Due, eventOf, newDelivery, recordBase, recordOf, withoutAnswer } from './attempt-record.ts';
import { again, type Command, type Delivered, type DeliverNeeds, DONE } from './deliver-needs.ts';
import { kept, type MaybeMessage, messageOf } from './message-of.ts';
import type { ReadyTarget } from './ready-target.ts';

type Delivering = { readonly ready: ReadyTarget | undefined; readonly signal: AbortSignal };

/**
 * Authorise again, send, decide, record. The job ends only after the record is durable: a crash on any line
 * repeats the attempt, it never loses it.
 */
export async function deliverDue(
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
