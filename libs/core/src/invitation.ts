import { ROLES, type Role } from './access.ts';
import type { InvitationId, PartnerId, UserId } from './ids.ts';

export const MEMBER_ROLES = ['admin', 'developer', 'viewer'] as const satisfies Role[];
export type MemberRole = (typeof MEMBER_ROLES)[number];

/**
 * What makes somebody a user: whoever holds its token sets the password. Times are milliseconds since the epoch.
 * To the address of a member of that company it is a link to set a new password.
 */
export type Invitation = {
  readonly id: InvitationId;
  /** Undefined: accepting it registers the company. */
  readonly partnerId: PartnerId | undefined;
  /** Of the company that it will register. */
  readonly companyName: string | undefined;
  /** Lower case. */
  readonly email: string;
  readonly role: MemberRole;
  readonly byOperator: boolean;
  readonly createdBy: UserId;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly acceptedAtMs: number | undefined;
  readonly withdrawnAtMs: number | undefined;
};

export const INVITATION_STATES = ['open', 'accepted', 'withdrawn', 'expired'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

export const INVITATION_MS = 7 * 24 * 3_600_000;
/** How many a company may have open. */
export const OPEN_INVITATIONS_MAX = 50;
/** How many operators may have open, all together. */
export const OPERATORS_INVITATIONS_MAX = 1000;

export function invitationState(
  {
    acceptedAtMs,
    withdrawnAtMs,
    expiresAtMs,
  }: Pick<Invitation, 'acceptedAtMs' | 'withdrawnAtMs' | 'expiresAtMs'>,
  nowMs: number,
): InvitationState {
  if (acceptedAtMs !== undefined) return 'accepted';
  if (withdrawnAtMs !== undefined) return 'withdrawn';
  return expiresAtMs <= nowMs ? 'expired' : 'open';
}

/** An invitation takes no role from a member: it could be the last admin's. */
export function roleAfter(present: Role, invited: MemberRole): Role {
  return ROLES.indexOf(invited) < ROLES.indexOf(present) ? invited : present;
}
