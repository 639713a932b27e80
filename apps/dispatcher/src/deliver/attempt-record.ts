import { grantVersionOf } from '@anika/broker/targets';
import type { Outcome } from '@anika/core/delivery/decide-outcome';
import type { Attempt, Delivery, StatusIn } from '@anika/core/delivery/delivery';
import type { DeliveryReason } from '@anika/core/delivery/reasons';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import type { DeliveryId, MessageId, PartnerId, SubscriptionId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Evidence, Tried } from '@anika/destinations/destination';
import type { ReadyTarget } from './ready-target.ts';

/** A delivery that is due. Where nothing of it is stored yet, its first record is what stores it. */
export type Due =
  | { readonly delivery: Delivery; readonly isStored: true }
  | { readonly delivery: Delivery & StatusIn<'pending'>; readonly isStored: false };

/** For one log line and the metrics. */
export type DeliveryEvent = {
  readonly delivery: Delivery;
  /** Of the request its message came with. */
  readonly requestId: string | undefined;
  readonly outcome: Outcome['kind'] | 'cancelled' | 'held';
  readonly reason?: DeliveryReason | undefined;
  readonly sent?: Tried | undefined;
  readonly attempt?: number | undefined;
  readonly nextAttemptAtMs?: number | undefined;
};

/** The delivery as the fan-out has made it. */
export function newDelivery(
  {
    deliveryId,
    messageId,
    subscriptionId,
  }: { deliveryId: DeliveryId; messageId: MessageId; subscriptionId: SubscriptionId },
  { message, partnerId, nowMs }: { message: Message; partnerId: PartnerId; nowMs: number },
): Delivery & StatusIn<'pending'> {
  return {
    id: deliveryId,
    messageId,
    topicId: message.topicId,
    subscriptionId,
    ownerId: message.ownerId,
    partnerId,
    type: message.type,
    state: 'pending',
    generation: 1,
    attemptCount: 0,
    nextAttemptAtMs: nowMs,
    acceptedAtMs: message.acceptedAtMs,
    order: message.order,
    createdAtMs: nowMs,
    attempts: [],
  };
}

/** What every record of a delivery begins with. */
export function recordBase(due: Due): Pick<DeliveryRecord, 'id' | 'generation' | 'unstored'> {
  const { id, generation } = due.delivery;
  return due.isStored ? { id, generation } : { id, generation, unstored: due.delivery };
}

type Made = {
  readonly sent: Tried;
  /** Its number. */
  readonly n: number;
  /** When its outcome was decided. */
  readonly nowMs: number;
  /** What it was sent by. */
  readonly ready: ReadyTarget;
};

/** The durable record of an attempt. */
export function recordOf(due: Due, outcome: Outcome, { sent, n, nowMs, ready }: Made): DeliveryRecord {
  const attempt = { ...toAttempt(sent.evidence, n), grantVersion: grantVersionOf(ready) };
  const base = { ...recordBase(due), attempt };
  if (outcome.kind === 'delivered') return { ...base, state: 'delivered', finishedAtMs: nowMs };
  if (outcome.kind === 'retry') return { ...base, state: 'retrying', nextAttemptAtMs: outcome.atMs };
  return { ...base, state: 'dead', reason: outcome.reason, finishedAtMs: nowMs };
}

/** An answer may repeat what was sent. */
export function withoutAnswer(sent: Tried): Tried {
  const { evidence } = sent;
  if (evidence.result.kind !== 'response') return sent;
  return { ...sent, evidence: { ...evidence, result: { ...evidence.result, bodyStart: '' } } };
}

function toAttempt({ result, atMs, bodyHash, signature, spanId }: Evidence, n: number): Attempt {
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
    spanId,
    phases: result.phases,
    address: result.address,
  };
}

/** The same for the log and the metrics. */
export function eventOf(
  delivery: Delivery,
  outcome: Outcome,
  { sent, n, requestId }: { sent: Tried; n: number; requestId: string | undefined },
): DeliveryEvent {
  return {
    delivery,
    requestId,
    outcome: outcome.kind,
    reason: outcome.kind === 'dead' ? outcome.reason : undefined,
    sent,
    attempt: n,
    nextAttemptAtMs: outcome.kind === 'retry' ? outcome.atMs : undefined,
  };
}
