/** So far ahead a message may be scheduled. */
export const SCHEDULE_MAX_DAYS = 90;
/** So many messages of a company wait for their time. */
export const SCHEDULED_MAX = 10_000;

const DAY_MS = 86_400_000;

export type Schedule =
  | { readonly kind: 'now' }
  | { readonly kind: 'later'; readonly atMs: number }
  | { readonly kind: 'too-late' };

/** What a time asked for means: one that has passed is now. */
export function scheduleOf(deliverAtMs: number | undefined, nowMs: number): Schedule {
  if (deliverAtMs === undefined || deliverAtMs <= nowMs) return { kind: 'now' };
  if (deliverAtMs > nowMs + SCHEDULE_MAX_DAYS * DAY_MS) return { kind: 'too-late' };
  return { kind: 'later', atMs: deliverAtMs };
}
