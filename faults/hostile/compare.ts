import type { Field } from '../field.ts';
import type { Measured } from '../neighbours.ts';

/**
 * What counts as quiet at least. Two cores run the programs, the stores, the neighbours and the company itself: the
 * work that its quotas allow it takes its part of them, as that of anybody would, and 2 × 20 ms is no measure of that.
 */
const QUIET_FLOOR_MS = 100;
const TIMES = 2;

/** Breaks the row when the others were too slow beside the company: the middle one of the stretches of each kind counts. */
export function compare(
  field: Pick<Field, 'note' | 'require' | 'isShort'>,
  quiet: readonly Measured[],
  beside: readonly Measured[],
): void {
  for (const one of quiet) field.note(`quiet:  ${described(one)}`);
  for (const one of beside) field.note(`beside: ${described(one)}`);
  if (field.isShort) return; // what else runs on a machine that tests is nobody's fault here
  const [quietMs, p99Ms] = [middleP99Ms(quiet), middleP99Ms(beside)];
  const allowedMs = TIMES * Math.max(quietMs, QUIET_FLOOR_MS);
  field.require(
    p99Ms <= allowedMs,
    `beside it the others' p99 was ${p99Ms} ms, ${quietMs} ms before; at most ${allowedMs} ms are allowed`,
  );
}

function middleP99Ms(stretches: readonly Measured[]): number {
  const sorted = stretches.map(({ p99Ms }) => p99Ms).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
}

function described({ messages, p50Ms, p99Ms, ownDelayP99Ms }: Measured): string {
  return `p50 ${p50Ms} ms, p99 ${p99Ms} ms of ${messages} messages (event loop of this suite: p99 ${ownDelayP99Ms} ms)`;
}
