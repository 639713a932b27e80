/** What is kept for endpoints that have never answered a challenge. */
export const UNVERIFIED = {
  /** A message that has been held for longer ends cancelled. */
  holdMs: 7 * 86_400_000,
  /** Of more than this held for one company the oldest end cancelled. */
  heldMax: 100_000,
} as const;
