import type { Attempt, Delivery, DeliveryState, DeliveryStatus, Lease } from '@anika/core/delivery/delivery';
import {
  type DeliveryReason,
  isReasonOf,
  type ReasonedState,
  type ReasonOf,
} from '@anika/core/delivery/reasons';
import type { DeliveryId, MessageId, PartnerId, ReplayId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Document } from 'mongodb';

/** A delivery as it is stored, with its attempts. */
export type DeliveryDocument = {
  _id: DeliveryId;
  messageId: MessageId;
  topicId: TopicId;
  subscriptionId: SubscriptionId;
  ownerId: PartnerId;
  partnerId: PartnerId;
  type: string;
  state: DeliveryState;
  reason?: DeliveryReason;
  generation: number;
  attemptCount: number;
  nextAttemptAt?: Date;
  acceptedAt: Date;
  /** Its message's, within the millisecond. */
  order?: number;
  createdAt: Date;
  finishedAt?: Date;
  attempts: StoredAttempt[];
  /** When its last failed attempt ended; leads the figures to it. */
  failedAt?: Date;
  /** When the sweep looks whether its job is still there; present only while it is open, and is not pulled. */
  sweepAt?: Date;
  /** The replay that started it last, if one did. */
  replayId?: ReplayId;
  pull?: true;
  /** Until it is acknowledged, or has lapsed and been noted. */
  lease?: StoredLease;
};

type StoredAttempt = Omit<Attempt, 'atMs'> & { at: Date };
type StoredLease = Omit<Lease, 'atMs' | 'untilMs'> & { at: Date; until: Date };

export function toStoredLease({ atMs, untilMs, ...rest }: Lease): StoredLease {
  return { ...rest, at: new Date(atMs), until: new Date(untilMs) };
}

function toLease({ at, until, ...rest }: StoredLease): Lease {
  return { ...rest, atMs: at.getTime(), untilMs: until.getTime() };
}

export function toStoredAttempt({ atMs, ...rest }: Attempt): StoredAttempt {
  return { ...rest, at: new Date(atMs) };
}

const HEAD = {
  messageId: 1,
  topicId: 1,
  subscriptionId: 1,
  ownerId: 1,
  partnerId: 1,
  type: 1,
  state: 1,
  reason: 1,
  generation: 1,
  attemptCount: 1,
  nextAttemptAt: 1,
  acceptedAt: 1,
  order: 1,
  createdAt: 1,
  finishedAt: 1,
  pull: 1,
  lease: 1,
} as const satisfies Record<
  Exclude<keyof DeliveryDocument, '_id' | 'attempts' | 'sweepAt' | 'failedAt' | 'replayId'>,
  1
>;

const SHARED = [
  'n',
  'at',
  'durationMs',
  'status',
  'errorClass',
  'bodyHash',
  'signature',
  'spanId',
  'grantVersion',
];

/** For lists, as a projection: attempts without their texts, which may be of 4 KiB each; all of them, or the last. */
export function listed(attempts: 'all' | 'last') {
  const input = attempts === 'all' ? '$attempts' : { $slice: ['$attempts', -1] };
  const shared = Object.fromEntries(SHARED.map((field) => [field, `$$one.${field}`]));
  return { ...HEAD, attempts: { $map: { input, as: 'one', in: shared } } };
}

/** Of an attempt that delivered nothing. */
export function failedAtOf(
  attempt: Attempt,
  state: DeliveryState,
): Pick<DeliveryDocument, 'failedAt'> | undefined {
  if (state === 'delivered') return undefined;
  return { failedAt: new Date(attempt.atMs + attempt.durationMs) };
}

export function toDelivery(document: DeliveryDocument): Delivery {
  return {
    id: document._id,
    messageId: document.messageId,
    topicId: document.topicId,
    subscriptionId: document.subscriptionId,
    ownerId: document.ownerId,
    partnerId: document.partnerId,
    type: document.type,
    generation: document.generation,
    attemptCount: document.attemptCount,
    acceptedAtMs: document.acceptedAt.getTime(),
    order: document.order,
    createdAtMs: document.createdAt.getTime(),
    ...(document.pull && { pull: true }),
    ...(document.lease && { lease: toLease(document.lease) }),
    ...toStatus(document),
    attempts: (document.attempts ?? []).map(({ at, ...rest }) => ({ ...rest, atMs: at.getTime() })),
  };
}

/** @throws Error for a document that lacks what its state has: nothing of ANIKA has written it */
function toStatus(document: DeliveryDocument): DeliveryStatus {
  const { state } = document;
  switch (state) {
    case 'pending':
    case 'retrying':
      return { state, nextAttemptAtMs: timeOf(document, 'nextAttemptAt') };
    case 'delivered':
      return { state, finishedAtMs: timeOf(document, 'finishedAt') };
    case 'dead':
      return { state, reason: reasonOf(document, state), finishedAtMs: timeOf(document, 'finishedAt') };
    case 'cancelled':
      return { state, reason: reasonOf(document, state), finishedAtMs: timeOf(document, 'finishedAt') };
    case 'held':
      return { state, reason: reasonOf(document, state) };
  }
}

function timeOf(document: DeliveryDocument, field: 'nextAttemptAt' | 'finishedAt'): number {
  const time = document[field];
  if (time === undefined) throw new Error(`delivery ${document._id} is ${document.state} without ${field}`);
  return time.getTime();
}

function reasonOf<State extends ReasonedState>(document: DeliveryDocument, state: State): ReasonOf<State> {
  const { _id, reason } = document;
  if (!isReasonOf(state, reason)) throw new Error(`delivery ${_id} is ${state} for the reason ${reason}`);
  return reason;
}

type StatusFields = Pick<DeliveryDocument, 'state' | 'reason' | 'nextAttemptAt' | 'finishedAt' | 'sweepAt'>;

/** When the sweep looks for what is due at a time; undefined: never, it is pulled. */
export type SweepAt = ((dueMs: number) => Date) | undefined;

/** Only what is open has a time at which the sweep looks for it. */
export function toStatusFields(status: DeliveryStatus, sweepAt: SweepAt): StatusFields {
  const { state, reason, nextAttemptAtMs, finishedAtMs } = status;
  return {
    state,
    ...(reason !== undefined && { reason }),
    ...(finishedAtMs !== undefined && { finishedAt: new Date(finishedAtMs) }),
    ...(nextAttemptAtMs !== undefined && {
      nextAttemptAt: new Date(nextAttemptAtMs),
      ...(sweepAt !== undefined && { sweepAt: sweepAt(nextAttemptAtMs) }),
    }),
  };
}

const STATUS_FIELDS = ['reason', 'nextAttemptAt', 'finishedAt', 'sweepAt'] as const;

/** As an update: what the state does not have is taken away. */
export function toStatusUpdate(status: DeliveryStatus, sweepAt: SweepAt) {
  const set = toStatusFields(status, sweepAt);
  const absent = STATUS_FIELDS.filter((field) => !(field in set)).map((field): [string, 1] => [field, 1]);
  return { $set: set, $unset: Object.fromEntries(absent) };
}

/** The same in an update that is a pipeline: the sweep queues nothing that its reader fetches. */
export function sweptAt(at: string | Date): Document {
  return { $cond: ['$pull', '$$REMOVE', at] };
}
