import type { AttemptResult, ErrorClass } from './attempt-result.ts';

/**
 * How an endpoint bore a request: `strained` gets fewer requests at once from now on, `fine` one step more, up to
 * the subscription's limit. `unknown` tells nothing about its load.
 */
export type EndpointLoad = 'fine' | 'strained' | 'unknown';

/** An answer that took this part of the time-out came from an endpoint at its limit. */
const SLOW_PART = 0.5;

/** A name that nobody answers for holds a look-up as an endpoint that does not answer holds a connection. */
const STRAINED: ReadonlySet<ErrorClass> = new Set(['timeout', 'dns']);

/** Only an answer within this time shows that more at once would be borne: who takes long may be holding places. */
const QUICK_MS = 1000;

/** Additive increase, multiplicative decrease: what follows from the answer to one request. */
export function endpointLoadOf(result: AttemptResult, timeoutMs: number): EndpointLoad {
  if (result.kind === 'error') return STRAINED.has(result.errorClass) ? 'strained' : 'unknown';
  if (result.status === 429 || result.status === 503) return 'strained';
  if (result.durationMs >= timeoutMs * SLOW_PART) return 'strained';
  const isQuick = result.durationMs <= QUICK_MS;
  return isQuick && result.status >= 200 && result.status < 300 ? 'fine' : 'unknown';
}
