import type { Role } from './access.ts';
import type { PartnerId, UserId } from './ids.ts';

/** A person who signs in with email and password. Times are milliseconds since the epoch. */
export type User = {
  readonly id: UserId;
  /** Undefined: an operator, who belongs to no partner. */
  readonly partnerId: PartnerId | undefined;
  /** Lower case. */
  readonly email: string;
  /** Undefined: none was given. */
  readonly name: string | undefined;
  readonly role: Role;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

/** As colleagues see it. */
export type ListedUser = User & { readonly hasSecondFactor: boolean };
