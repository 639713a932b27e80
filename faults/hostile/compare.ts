import type { Field } from '../field.ts';
import type { Measured } from '../neighbours.ts';

/**
 * What counts as quiet at least. Two cores run the programs, the stores, the neighbours and the company itself: the
 * work that its quotas allow it takes its part of them, as that of anybody would, and 2 × 20 ms is no measure of that.
 */
const QUIET_FLOOR_MS = 100;
const TIMES = 2;

/** Breaks the row when the others were too slow beside the company: in the middle one of the stretches. */
export function compare(field: Field, quiet: Measured, beside: readonly Measured[]): void {
  field.note(`quiet:  ${described(quiet)}`);
  for (const one of beside) field.note(`beside: ${described(one)}`);
  if (field.isShort) return; // what else runs on a machine that tests is nobody's fault here
  const p99Ms = middle(beside.map((one) => one.p99Ms));
  const allowedMs = TIMES * Math.max(quiet.p99Ms, QUIET_FLOOR_MS);
  field.require(
    p99Ms <= allowedMs,
    `beside it the others' p99 was ${p99Ms} ms, ${quiet.p99Ms} ms before; at most ${allowedMs} ms are allowed`,
  );
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.POSITIVE_INFINITY;
}

function described({ messages, p50Ms, p99Ms, ownDelayP99Ms }: Measured): string {
  return `p50 ${p50Ms} ms, p99 ${p99Ms} ms of ${messages} messages (event loop of this suite: p99 ${ownDelayP99Ms} ms)`;
}
