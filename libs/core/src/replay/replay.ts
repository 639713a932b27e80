import { DELIVERY_STATES, type DeliveryState } from '../delivery/delivery.ts';
import type { DeliveryAction } from '../delivery/transition.ts';
import type { Filter } from '../filter.ts';
import type { PartnerId, ReplayId, SubscriptionId, TopicId } from '../ids.ts';

export const REPLAY_STATES = ['running', 'paused', 'done', 'stopped'] as const;
export type ReplayState = (typeof REPLAY_STATES)[number];

/** `missing`: what never arrived; `all`: what did as well. */
export const REPLAY_KINDS = ['missing', 'all'] as const;
export type ReplayKind = (typeof REPLAY_KINDS)[number];

/** Why one waits or has ended before its time: its partner asked for it, or the broker found that. */
export const REPLAY_REASONS = {
  paused: [
    'asked',
    'subscription-paused',
    'subscription-disabled',
    'subscription-unverified',
    'endpoint-failing',
  ],
  stopped: ['asked', 'subscription-deleted', 'partner-suspended', 'grant-revoked', 'grant-expired'],
} as const;
export type PauseReason = (typeof REPLAY_REASONS)['paused'][number];
export type StopReason = (typeof REPLAY_REASONS)['stopped'][number];

/** The state with its reason. Only what is running may be done some day. */
export type ReplayStatus =
  | { readonly state: 'running' | 'done'; readonly reason?: undefined }
  | { readonly state: 'paused'; readonly reason: PauseReason }
  | { readonly state: 'stopped'; readonly reason: StopReason };

/** What is to be sent again, of what the subscription may have. */
export type ReplayWish = {
  /** From this time of acceptance on, milliseconds since the epoch. */
  readonly fromMs: number;
  /** Before this one. */
  readonly toMs: number;
  /** Empty: all types. */
  readonly types: readonly string[];
  readonly filter: Filter | undefined;
  readonly only: ReplayKind;
};

/** What has become of the deliveries that it has started. */
export type ReplayCounts = Readonly<Record<DeliveryState, number>>;

export function countsOf(numberOf: (state: DeliveryState) => number): ReplayCounts {
  const [pending, retrying, delivered, dead, cancelled, held] = DELIVERY_STATES.map(numberOf);
  return {
    pending: pending ?? 0,
    retrying: retrying ?? 0,
    delivered: delivered ?? 0,
    dead: dead ?? 0,
    cancelled: cancelled ?? 0,
    held: held ?? 0,
  };
}

/** Messages of a time for a subscription again. */
export type Replay = ReplayWish &
  ReplayStatus & {
    readonly id: ReplayId;
    readonly subscriptionId: SubscriptionId;
    readonly partnerId: PartnerId;
    readonly topicId: TopicId;
    /** Deliveries started a second, at most. */
    readonly perSecond: number;
    /** The last message that was looked at. */
    readonly position: { readonly acceptedAtMs: number; readonly id: string } | undefined;
    /** All messages of the time were looked at. */
    readonly isRead: boolean;
    /** Messages found so far that it sends. */
    readonly matched: number;
    /** Set once nothing of it is under way any more. */
    readonly settled: ReplayCounts | undefined;
    readonly createdAtMs: number;
    readonly endedAtMs: number | undefined;
  };

/** A replay looks no further back than this. */
export const REPLAY_MAX_DAYS = 92;
export const REPLAY_MAX_MS = REPLAY_MAX_DAYS * 24 * 3_600_000;
export const REPLAY_PACE = { min: 1, max: 1000, usual: 100 } as const;

/** Which deliveries it starts again. */
export const STARTS_AGAIN = {
  missing: 'replay-missing',
  all: 'replay-all',
} as const satisfies Record<ReplayKind, DeliveryAction['kind']>;
