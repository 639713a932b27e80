import type { Caller } from './access.ts';
import type { User } from './user.ts';

/** A link to set a new password, without its token. Times are milliseconds since the epoch. */
export type PasswordReset = {
  readonly user: User;
  readonly expiresAtMs: number;
};

/** Of one that is mailed to who has forgotten the password. */
export const MAILED_RESET_MS = 30 * 60_000;
/** Of one that is handed over. */
export const HANDED_RESET_MS = 24 * 3_600_000;

/**
 * Whose way in somebody may open again: an admin of a colleague, an operator of a company's admin. Nobody their own:
 * whoever has found an open browser would need neither the password nor a code.
 */
export function mayReopen(
  by: Pick<Caller, 'userId' | 'role' | 'partnerId'>,
  user: Pick<User, 'id' | 'role' | 'partnerId'>,
): boolean {
  if (user.partnerId === undefined || user.id === by.userId) return false;
  if (by.role === 'operator') return user.role === 'admin';
  return by.role === 'admin' && by.partnerId === user.partnerId;
}
