import type { SessionId, UserId } from './ids.ts';

/** What one login opened; its access and refresh tokens end with it. Times are milliseconds since the epoch. */
export type Session = {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly remoteAddress: string | undefined;
  readonly createdAtMs: number;
  readonly lastUsedAtMs: number;
  readonly expiresAtMs: number;
};

const DAY_MS = 24 * 3_600_000;
/** A session that is not refreshed for so long is over. */
const IDLE_MS = 30 * DAY_MS;
/** However often it is refreshed. */
const LONGEST_MS = 90 * DAY_MS;
/** In a browser: a working day, and nothing refreshes it. */
export const PAGES_SESSION_MS = 8 * 3_600_000;
/**
 * Two tabs, or an answer that was lost, use a refresh token twice within moments. Later, one of two holders is a thief.
 */
export const REFRESH_GRACE_MS = 10_000;
/** Open sessions of a user; the oldest makes room for one more. */
export const SESSIONS_MAX = 1000;

/** When a session that is used now will be over. */
export function sessionEndMs({ createdAtMs, nowMs }: { createdAtMs: number; nowMs: number }): number {
  return Math.min(nowMs + IDLE_MS, createdAtMs + LONGEST_MS);
}

export type RefreshUse = { readonly usedAtMs: number; readonly usedFrom: string | undefined };

/** Whether a used refresh token, used again, comes from who used it a moment ago. `from`: the network asking now. */
export function isSameHolder(first: RefreshUse, again: { nowMs: number; from: string }): boolean {
  return again.nowMs - first.usedAtMs <= REFRESH_GRACE_MS && first.usedFrom === again.from;
}
