import { grantState } from '../access.ts';
import { holdReason } from '../audience/matching.ts';
import type { Target } from '../route.ts';
import type { PauseReason, Replay, ReplayCounts, ReplayStatus, StopReason } from './replay.ts';

/** What a dispatcher does next for a replay. */
export type ReplayStep =
  /** Its state is another from here on. */
  | { readonly kind: 'become'; readonly status: ReplayStatus }
  /** Nothing of it is under way any more. */
  | { readonly kind: 'settle' }
  | { readonly kind: 'wait'; readonly ms: number }
  /** Start at most so many deliveries, of messages accepted before a time; `isLast`: nothing comes after it. */
  | {
      readonly kind: 'read';
      readonly max: number;
      readonly untilMs: number;
      readonly isLast: boolean;
    };

type Case = {
  /** Undefined: the subscription is deleted. */
  readonly target: Target | undefined;
  readonly counts: Pick<ReplayCounts, 'pending' | 'retrying' | 'held' | 'dead'>;
  readonly nowMs: number;
  /** So many of its deliveries may wait for their first request. */
  readonly atOnce: number;
};

/** So many may have failed, and a part of what it has found, before it is paused; */
const FAILED_MIN = 50;
const FAILED_PART = 1 / 10;
/** fewer where nothing has arrived at its endpoint for some time. */
const FAILED_FEW = 10;
const SILENT_MS = 10_000;
/** A request that was under way when its delivery was cancelled is answered by then. */
const ANSWERED_MS = 20_000;
/** What was accepted later than this ago may not be stored yet. Only what is to end in the future comes so near. */
const STORED_MS = 2500;
/** A part of a second: what is started at once. */
const BATCHES_A_SECOND = 4;
const WAIT = { soonMs: 200, retryingMs: 2000, pausedMs: 2000, askedMs: 10_000 } as const;

/**
 * What follows for a replay that has not ended, or whose last deliveries are under way. Each of its deliveries is
 * authorised right before it is sent, as any other.
 */
export function nextStep(replay: Replay, { target, counts, nowMs, atOnce }: Case): ReplayStep {
  const isOver = counts.pending + counts.retrying + counts.held === 0;
  const waiting: ReplayStep = {
    kind: 'wait',
    ms: counts.pending > 0 ? WAIT.soonMs : WAIT.retryingMs,
  };
  if (replay.state === 'stopped') {
    return isOver && nowMs >= (replay.endedAtMs ?? 0) + ANSWERED_MS ? { kind: 'settle' } : waiting;
  }
  const end = endOf(target, nowMs);
  if (end !== undefined) return become({ state: 'stopped', reason: end });
  if (replay.isRead && isOver) return { kind: 'settle' };
  if (replay.reason === 'asked') return { kind: 'wait', ms: WAIT.askedMs };
  const hindrance = hindranceOf(replay, { target, counts, nowMs });
  if (hindrance !== undefined) {
    if (replay.reason === hindrance) return { kind: 'wait', ms: WAIT.pausedMs };
    return become({ state: 'paused', reason: hindrance });
  }
  if (replay.state === 'paused') return become({ state: 'running' });
  if (replay.isRead) return waiting;
  const room = atOnce - counts.pending - counts.held;
  if (room <= 0) return { kind: 'wait', ms: WAIT.soonMs };
  const max = Math.min(room, Math.ceil(replay.perSecond / BATCHES_A_SECOND));
  return { kind: 'read', max, ...readableOf(replay, nowMs) };
}

function become(status: ReplayStatus): ReplayStep {
  return { kind: 'become', status };
}

/** Why it can never go on. */
function endOf(target: Target | undefined, nowMs: number): StopReason | undefined {
  if (target === undefined || target.topic.deleted) return 'subscription-deleted';
  const { topic, subscription, grant, readerActive } = target;
  if (!readerActive || !topic.ownerActive) return 'partner-suspended';
  if (subscription.partnerId === topic.ownerId) return undefined;
  const state = grant === undefined ? 'revoked' : grantState(grant, nowMs);
  if (state === 'active') return undefined;
  return state === 'expired' ? 'grant-expired' : 'grant-revoked';
}

/** Why it must wait, until that has passed or somebody resumes it. */
function hindranceOf(
  replay: Replay,
  { target, counts, nowMs }: Omit<Case, 'atOnce'>,
): PauseReason | undefined {
  const { state, failingSinceMs } = target?.subscription ?? {};
  if (target !== undefined && state !== 'active') return holdReason(target.subscription);
  if (replay.isRead) return undefined;
  const failed = counts.retrying + counts.dead;
  const isSilent = failingSinceMs !== undefined && nowMs - failingSinceMs >= SILENT_MS;
  if (isSilent && failed >= FAILED_FEW) return 'endpoint-failing';
  const limit = FAILED_MIN + replay.matched * FAILED_PART;
  // Half of them must have arrived by then: otherwise it would be paused again at the next failure.
  return failed >= (replay.reason === 'endpoint-failing' ? limit / 2 : limit)
    ? 'endpoint-failing'
    : undefined;
}

function readableOf({ toMs, createdAtMs }: Replay, nowMs: number): { untilMs: number; isLast: boolean } {
  if (toMs <= createdAtMs) return { untilMs: toMs, isLast: true };
  const untilMs = Math.min(toMs, nowMs - STORED_MS);
  return { untilMs, isLast: untilMs === toMs };
}
