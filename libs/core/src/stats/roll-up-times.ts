/** How figures are kept up to date, in milliseconds; the test beside this holds what must hold between them. */

/** How often they are counted anew. */
export const ROLL_UP_EVERY_MS = 60_000;
/** So long after its end a minute is counted for good: whatever ended in it is stored by then. */
export const CLOSES_AFTER_MS = 60_000;
/** A delivery made so long after its message was accepted may be too late for the minute of it. */
export const COUNTED_LATE_MS = 30_000;
/** A mark that is younger may stand for a delivery that is not stored yet. */
export const MARK_RIPE_MS = 60_000;
/** On the first start what happened before is counted back to here. */
export const FIRST_BACK_MS = 86_400_000;
/** What one run counts in one go. */
export const SPAN_MS = 600_000;

/** Who counts has it this long since it last said so; then another may go on. */
export function leaseMs(everyMs: number): number {
  return Math.max(10_000, 3 * everyMs);
}
