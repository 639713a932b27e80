import type { AttemptResult } from './attempt-result.ts';
import type { ReasonOf } from './reasons.ts';
import { nextDelayMs, type RetrySchedule } from './retry-schedule.ts';

/** What follows from an attempt. */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'retry'; readonly atMs: number }
  /** `endpointGone`: the endpoint asked never to be called again. */
  | { readonly kind: 'dead'; readonly reason: ReasonOf<'dead'>; readonly endpointGone: boolean };

export const RETRY_AFTER_MAX_MS = 24 * 3_600_000;

type Situation = {
  readonly result: AttemptResult;
  /** Attempts made so far, this one included. */
  readonly attemptsMade: number;
  readonly schedule: RetrySchedule;
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
};

/** Pure and total: every result of every attempt has exactly one outcome. */
export function decideOutcome(situation: Situation): Outcome {
  const { result } = situation;
  if (result.kind === 'response') {
    if (result.status >= 200 && result.status < 300) return { kind: 'delivered' };
    if (result.status === 410) return { kind: 'dead', reason: 'gone', endpointGone: true };
    if (result.status === 413) return { kind: 'dead', reason: 'too-large', endpointGone: false };
  }
  const delayMs = nextDelayMs(situation.schedule, situation.attemptsMade, situation.random);
  if (delayMs === undefined) return { kind: 'dead', reason: 'attempts-exhausted', endpointGone: false };
  const askedMs = retryAfterOf(result, situation.nowMs);
  return { kind: 'retry', atMs: situation.nowMs + Math.max(delayMs, askedMs) };
}

function retryAfterOf(result: AttemptResult, nowMs: number): number {
  if (result.kind !== 'response' || (result.status !== 429 && result.status !== 503)) return 0;
  const waitMs = parseRetryAfter(result.retryAfter, nowMs) ?? 0;
  return Math.min(Math.max(waitMs, 0), RETRY_AFTER_MAX_MS);
}

/** RFC 9110 §10.2.3: seconds or an HTTP date; undefined when it is neither. */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  // Date.parse takes far more than dates: numbers with signs or fractions become years.
  if (!/^[A-Za-z]{3,9},? .*\d\d:\d\d:\d\d/.test(text)) return undefined;
  // The asctime form names no zone and means GMT, not where we run.
  const atMs = Date.parse(/ \d{4}$/.test(text) ? `${text} GMT` : text);
  return Number.isNaN(atMs) ? undefined : atMs - nowMs;
}
