import type { Answer, AttemptResult, ErrorClass } from '@anika/core/delivery/attempt-result';
import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';

/** What an HTTP answer, or none, says: the one place that reads statuses. */
export function answerOf(result: AttemptResult, nowMs: number): Answer {
  if (result.kind === 'error') return { kind: 'failed' };
  const { status, retryAfter } = result;
  if (status >= 200 && status < 300) return { kind: 'accepted' };
  if (status === 410) return { kind: 'refused', reason: 'gone' };
  if (status === 413) return { kind: 'refused', reason: 'too-large' };
  if (status !== 429 && status !== 503) return { kind: 'failed' };
  return { kind: 'failed', retryAfterMs: parseRetryAfter(retryAfter, nowMs) };
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

/** An answer that took this part of the time-out came from an endpoint at its limit. */
const SLOW_PART = 0.5;

/** A name that nobody answers for holds a look-up as an endpoint that does not answer holds a connection. */
const STRAINED: ReadonlySet<ErrorClass> = new Set(['timeout', 'dns']);

/** Only an answer within this time shows that more at once would be borne: who takes long may be holding places. */
const QUICK_MS = 1000;

/** Additive increase, multiplicative decrease: what follows from the answer to one request. */
export function loadOf(result: AttemptResult, timeoutMs: number): EndpointLoad {
  if (result.kind === 'error') return STRAINED.has(result.errorClass) ? 'strained' : 'unknown';
  if (result.status === 429 || result.status === 503) return 'strained';
  if (result.durationMs >= timeoutMs * SLOW_PART) return 'strained';
  const isQuick = result.durationMs <= QUICK_MS;
  return isQuick && result.status >= 200 && result.status < 300 ? 'fine' : 'unknown';
}
