import {
  type Attempt,
  type Delivery,
  type DeliveryState,
  type NewDelivery,
  OPEN,
  type StatusIn,
  statusOf,
  UNFINISHED,
} from './delivery.ts';
import { GRANT_ENDS, type ReasonOf } from './reasons.ts';

/** What a dispatcher can find out about a delivery. */
export type FoundState = Exclude<DeliveryState, 'pending'>;

/**
 * What a dispatcher found out: with the attempt that it made, if it made one. Where nothing of the delivery is stored
 * yet, this is what stores it.
 */
export type DeliveryRecord = Pick<Delivery, 'id' | 'generation'> &
  StatusIn<FoundState> & {
    readonly attempt?: Attempt | undefined;
    /** The delivery this is the first record of: most likely nothing of it is stored yet. */
    readonly unstored?: NewDelivery | undefined;
  };

/**
 * In which states a delivery may be when a dispatcher's record counts. One that was stopped and continued learns late
 * what became of its POST: by then another one has taken the delivery on, and must not be overruled.
 */
export const FOUND_FROM: Readonly<Record<FoundState, readonly DeliveryState[]>> = {
  // What was sent before a cancellation or a pause took hold was sent all the same.
  delivered: [...OPEN, 'held', 'cancelled'],
  retrying: OPEN,
  dead: OPEN,
  cancelled: OPEN,
  held: OPEN,
};

/** What companies and the broker do to deliveries. */
export type DeliveryAction =
  /** Its subscription is active again. */
  | { readonly kind: 'release' }
  /** What it stood on has ended: a grant, a subscription, a topic. */
  | { readonly kind: 'cancel'; readonly reason: ReasonOf<'cancelled'>; readonly atMs: number }
  /** With the others of its subscription. */
  | { readonly kind: 'redrive' }
  /** What its reader lost when a grant ended is given back. */
  | { readonly kind: 'restore' }
  /** By a replay: of what never arrived, or of what did as well. */
  | { readonly kind: 'replay-missing' | 'replay-all' }
  /** Its replay, which was paused because much of it failed, goes on: at once, whenever its next attempt was due. */
  | { readonly kind: 'replay-failed' }
  /** This one alone. */
  | { readonly kind: 'retry' | 'resend'; readonly atMs: number };

/** In which states each of them may be done. */
export const DONE_FROM: Readonly<Record<DeliveryAction['kind'], readonly DeliveryState[]>> = {
  release: ['held'],
  cancel: UNFINISHED,
  redrive: ['dead'],
  restore: ['cancelled'],
  'replay-missing': ['dead', 'cancelled'],
  'replay-all': ['dead', 'cancelled', 'delivered'],
  'replay-failed': ['dead', 'retrying'],
  retry: ['dead', ...OPEN],
  resend: ['delivered'],
};

/** What a transition depends on and decides. */
export type Situation = Pick<Delivery, 'generation' | 'attemptCount'> & StatusIn<DeliveryState>;

type FoundRecord = Pick<DeliveryRecord, 'generation' | 'attempt'> & StatusIn<FoundState>;

export type DeliveryInput = { readonly kind: 'found'; readonly record: FoundRecord } | DeliveryAction;

/**
 * The life of a delivery, pure and total: what follows from each input in each state; undefined: nothing, it came too
 * late or does not concern this state. The stores do the same in one write, with conditions from the same tables.
 */
export function transition(
  before: Situation & Pick<Delivery, 'acceptedAtMs'>,
  input: DeliveryInput,
): Situation | undefined {
  if (input.kind === 'found') return found(before, input.record);
  if (!DONE_FROM[input.kind].includes(before.state)) return undefined;
  const { generation, attemptCount, acceptedAtMs } = before;
  switch (input.kind) {
    case 'cancel':
      return {
        generation,
        attemptCount,
        state: 'cancelled',
        reason: input.reason,
        finishedAtMs: input.atMs,
      };
    case 'release':
      return { generation, attemptCount, state: 'pending', nextAttemptAtMs: acceptedAtMs };
    case 'restore':
      return isRestorable(before) ? anew(generation, acceptedAtMs) : undefined;
    case 'redrive':
    case 'replay-missing':
    case 'replay-all':
    case 'replay-failed':
      // Due since it was accepted: many go out in that order.
      return anew(generation, acceptedAtMs);
    case 'retry':
    case 'resend':
      return anew(generation, input.atMs);
  }
}

/** With a generation of its own, whose schedule begins at the first attempt. */
function anew(generation: number, nextAttemptAtMs: number): Situation {
  return { generation: generation + 1, attemptCount: 0, state: 'pending', nextAttemptAtMs };
}

function isRestorable({ reason }: Situation): boolean {
  const ends: readonly (string | undefined)[] = GRANT_ENDS;
  return ends.includes(reason);
}

/** The state counts only if nobody redrove the delivery meanwhile, and if nobody recorded this attempt. */
function found(before: Situation, record: FoundRecord): Situation | undefined {
  const { generation, attempt, state } = record;
  if (before.generation !== generation || !FOUND_FROM[state].includes(before.state)) return undefined;
  if (attempt !== undefined && before.attemptCount !== attempt.n - 1) return undefined;
  return { generation, attemptCount: attempt?.n ?? before.attemptCount, ...statusOf(record) };
}
