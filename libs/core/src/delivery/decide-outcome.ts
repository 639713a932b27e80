import type { Answer } from './attempt-result.ts';
import type { ReasonOf } from './reasons.ts';
import { nextDelayMs, type RetrySchedule } from './retry-schedule.ts';

/** What follows from an attempt. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly atMs: number }
  /** `endpointGone`: the endpoint asked never to be called again. */
  | { readonly kind: 'dead'; readonly reason: ReasonOf<'dead'>; readonly endpointGone: boolean };

/** Who asks for more waits a day. */
export const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

type Situation = {
  readonly answer: Answer;
  /** Attempts made so far, this one included. */
  readonly attemptsMade: number;
  readonly schedule: RetrySchedule;
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
};

/** Pure and total: every answer to every attempt has exactly one outcome. */
export function decideOutcome({ answer, attemptsMade, schedule, nowMs, random }: Situation): Outcome {
  if (answer.kind === 'accepted') return { kind: 'delivered' };
  if (answer.kind === 'refused') {
    return { kind: 'dead', reason: answer.reason, endpointGone: answer.reason === 'gone' };
  }
  const delayMs = nextDelayMs(schedule, attemptsMade, random);
  if (delayMs === undefined) return { kind: 'dead', reason: 'attempts-exhausted', endpointGone: false };
  const askedMs = Math.min(Math.max(answer.retryAfterMs ?? 0, 0), RETRY_AFTER_MAX_MS);
  return { kind: 'retry', atMs: nowMs + Math.max(delayMs, askedMs) };
}
