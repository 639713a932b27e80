import type { DeliveryId, MessageId, PartnerId, ReplayId, SubscriptionId, TopicId } from '../ids.ts';
import type { Phases } from './attempt-result.ts';
import type { ReasonOf } from './reasons.ts';

export const DELIVERY_STATES = ['pending', 'retrying', 'delivered', 'dead', 'cancelled', 'held'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Still to be sent: it has a time, and a job. */
export const OPEN = ['pending', 'retrying'] as const satisfies readonly DeliveryState[];
/** Nothing came of it yet: to be sent, or kept back until its subscription is active. */
export const UNFINISHED = [...OPEN, 'held'] as const satisfies readonly DeliveryState[];

export function isUnfinished(state: DeliveryState): boolean {
  const states: readonly DeliveryState[] = UNFINISHED;
  return states.includes(state);
}

/** One POST to the endpoint and what came of it. */
export type Attempt = {
  readonly n: number;
  readonly atMs: number;
  readonly durationMs: number;
  readonly status: number | undefined;
  readonly errorClass: string | undefined;
  readonly errorMessage: string | undefined;
  /** The first 4 KiB of the answer. */
  readonly responseStart: string | undefined;
  /** Lower-case hex SHA-256 of the body that was sent. */
  readonly bodyHash: string;
  readonly signature: string;
  /** In the trace of its message; undefined: of a version before the first that sent `traceparent`. */
  readonly spanId?: string | undefined;
  /** Of the grant it was sent under; undefined: to the topic's owner itself. */
  readonly grantVersion?: number | undefined;
  readonly phases?: Phases | undefined;
  /** `ip:port` of the endpoint. */
  readonly address?: string | undefined;
};

/** A delivery in the hands of one puller: an attempt that has begun, and nobody else's until it ends. */
export type Lease = {
  /** Unguessable; whoever has it may acknowledge. */
  readonly token: string;
  /** The generation and the attempt that it is of. */
  readonly generation: number;
  readonly n: number;
  readonly atMs: number;
  readonly untilMs: number;
  /** Of what was given. */
  readonly bodyHash: string;
  readonly signature: string;
  readonly spanId?: string | undefined;
  /** Of the grant it was given under; undefined: to the topic's owner itself. */
  readonly grantVersion?: number | undefined;
};

/** What each state has of its own. */
type StateData = {
  readonly pending: { readonly nextAttemptAtMs: number };
  readonly retrying: { readonly nextAttemptAtMs: number };
  readonly delivered: { readonly finishedAtMs: number };
  readonly dead: { readonly reason: ReasonOf<'dead'>; readonly finishedAtMs: number };
  readonly cancelled: { readonly reason: ReasonOf<'cancelled'>; readonly finishedAtMs: number };
  readonly held: { readonly reason: ReasonOf<'held'> };
};

type Field = 'nextAttemptAtMs' | 'reason' | 'finishedAtMs';

/** A state with exactly its own data; what another state has may be asked for, and is not there. */
export type StatusIn<State extends DeliveryState> = {
  [S in State]: { readonly state: S } & StateData[S] & {
      readonly [Other in Exclude<Field, keyof StateData[S]>]?: undefined;
    };
}[State];

export type DeliveryStatus = StatusIn<DeliveryState>;

export function isOpen<Status extends DeliveryStatus>(
  status: Status,
): status is Status & StatusIn<(typeof OPEN)[number]> {
  const states: readonly DeliveryState[] = OPEN;
  return states.includes(status.state);
}

/** The state and its data, without what else a record or a delivery has. */
export function statusOf(of: DeliveryStatus): DeliveryStatus {
  switch (of.state) {
    case 'pending':
    case 'retrying':
      return { state: of.state, nextAttemptAtMs: of.nextAttemptAtMs };
    case 'delivered':
      return { state: of.state, finishedAtMs: of.finishedAtMs };
    case 'dead':
      return { state: of.state, reason: of.reason, finishedAtMs: of.finishedAtMs };
    case 'cancelled':
      return { state: of.state, reason: of.reason, finishedAtMs: of.finishedAtMs };
    case 'held':
      return { state: of.state, reason: of.reason };
  }
}

/** What does not change from the fan-out on. */
export type DeliveryOrigin = {
  readonly id: DeliveryId;
  readonly messageId: MessageId;
  readonly topicId: TopicId;
  readonly subscriptionId: SubscriptionId;
  readonly ownerId: PartnerId;
  readonly partnerId: PartnerId;
  readonly type: string;
  readonly acceptedAtMs: number;
  /** Its message's, within the millisecond. */
  readonly order?: number | undefined;
  readonly createdAtMs: number;
  /** Its reader fetches it: nobody sends it, and no job is made for it. */
  readonly pull?: true | undefined;
};

/** One message for one subscription. */
export type Delivery = DeliveryOrigin &
  DeliveryStatus & {
    /** Grows with each redrive; part of the job id. */
    readonly generation: number;
    /** POSTs of this generation. */
    readonly attemptCount: number;
    readonly attempts: readonly Attempt[];
    /** Of one that is pulled: who has it now, or had it last and has said nothing. */
    readonly lease?: Lease | undefined;
  };

/** A delivery as the fan-out makes it: to be sent now, or kept back. */
export type NewDelivery = DeliveryOrigin & {
  /** The replay that makes it. */
  readonly replayId?: ReplayId | undefined;
} & (
    | { readonly state: 'pending'; readonly reason?: undefined }
    | { readonly state: 'held'; readonly reason: ReasonOf<'held'> }
  );

export function statusOfNew(delivery: NewDelivery): StatusIn<'pending' | 'held'> {
  return delivery.state === 'held'
    ? { state: 'held', reason: delivery.reason }
    : { state: 'pending', nextAttemptAtMs: delivery.createdAtMs };
}
