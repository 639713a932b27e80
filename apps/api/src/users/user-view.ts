import type { User } from '@anika/core/user';
import { iso } from '../http/times.ts';

/** A user as the API shows it: never anything of the password. */
export function userView(user: User) {
  const { id, partnerId, email, name = null, role, createdAtMs, updatedAtMs } = user;
  return { id, partnerId, email, name, role, createdAt: iso(createdAtMs), updatedAt: iso(updatedAtMs) };
}
