import { canonicalJson } from '../canonical-json.ts';
import type { Delivery, DeliveryState } from '../delivery/delivery.ts';
import type { PartnerId, TopicId } from '../ids.ts';

/** Of the facts below; another one when they mean something else. */
export const RECEIPT_FORMAT = 'anika-receipt-1';

/** What a receipt says, as JSON: whole numbers, texts, truths and null, so that it has one canonical form. */
export type Facts = {
  readonly format: typeof RECEIPT_FORMAT;
  readonly kind: string;
  readonly issuer: string;
};

export type Counts = Readonly<Partial<Record<DeliveryState, number>>>;

/** What is counted for a receipt. */
export type Figures = {
  readonly counts: Counts;
  /** Of the delivered ones, those that needed one attempt. */
  readonly firstAttempt: number;
  /** Distinct messages among the deliveries. */
  readonly messages: number;
  /** Messages of the topic that have none of these deliveries. */
  readonly withoutDelivery: number;
  readonly medianMs: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly oldestUndeliveredMs: number | undefined;
};

export type ReceiptOf = {
  readonly issuer: string;
  readonly topicId: TopicId;
  readonly ownerId: PartnerId;
  /** Undefined: of all readers. */
  readonly partnerId: PartnerId | undefined;
  readonly fromMs: number;
  readonly toMs: number;
  /** Nothing of this time has been deleted after the topic's retention. */
  readonly isComplete: boolean;
};

/**
 * Of a time. It is counted in deliveries, one message for one subscription: each is in exactly one state, so the line
 * always adds up. What never became a delivery is counted apart, in messages.
 */
export function rangeReceipt(of: ReceiptOf, figures: Figures) {
  const { counts } = figures;
  const { pending = 0, retrying = 0, delivered = 0, dead = 0, cancelled = 0, held = 0 } = counts;
  const underWay = pending + retrying;
  return {
    format: RECEIPT_FORMAT,
    kind: of.partnerId === undefined ? 'topic' : 'pair',
    issuer: of.issuer,
    topicId: of.topicId,
    ownerId: of.ownerId,
    partnerId: of.partnerId ?? null,
    from: iso(of.fromMs),
    to: iso(of.toMs),
    complete: of.isComplete,
    accepted: delivered + dead + cancelled + held + underWay,
    underWay,
    deliveries: { pending, retrying, delivered, dead, cancelled, held },
    deliveredAtFirstAttempt: figures.firstAttempt,
    messages: figures.messages + figures.withoutDelivery,
    withoutDelivery: figures.withoutDelivery,
    timeToDeliveryMs: {
      median: figures.medianMs ?? null,
      p95: figures.p95Ms ?? null,
      p99: figures.p99Ms ?? null,
    },
    oldestUndeliveredAt: isoOrNull(figures.oldestUndeliveredMs),
  } as const;
}

/** Of one delivery: what both sides may know of what was sent. */
export function deliveryReceipt(issuer: string, delivery: Delivery) {
  const { id, messageId, topicId, subscriptionId, ownerId, partnerId, type, state } = delivery;
  return {
    format: RECEIPT_FORMAT,
    kind: 'delivery',
    issuer,
    deliveryId: id,
    messageId,
    topicId,
    subscriptionId,
    ownerId,
    partnerId,
    type,
    state,
    reason: delivery.reason ?? null,
    acceptedAt: iso(delivery.acceptedAtMs),
    finishedAt: isoOrNull(delivery.finishedAtMs),
    attempts: delivery.attempts.map((attempt) => ({
      n: attempt.n,
      at: iso(attempt.atMs),
      bodySha256: attempt.bodyHash,
      signature: attempt.signature,
      status: attempt.status ?? null,
      errorClass: attempt.errorClass ?? null,
      grantVersion: attempt.grantVersion ?? null,
    })),
  } as const;
}

/** The one text of these facts (RFC 8785): what is signed, and what the fingerprint is of. */
export function canonicalForm(facts: Facts): string {
  return canonicalJson(facts);
}

const FINGERPRINT_DIGITS = 16;

/** To be read to each other over the phone: `sha256` is hex, of the canonical form in UTF-8. */
export function fingerprintOf(sha256: string): string {
  return (sha256.slice(0, FINGERPRINT_DIGITS).toUpperCase().match(/.{4}/g) ?? []).join('-');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : iso(ms);
}
