import { type Invitation, invitationState } from '@anika/core/invitation';
import { iso } from '../http/times.ts';

/** An invitation as the API shows it: never its token. */
export function invitationView(invitation: Invitation, nowMs: number) {
  const { id, email, role, partnerId, companyName, createdAtMs, expiresAtMs } = invitation;
  return {
    id,
    email,
    role,
    partnerId: partnerId ?? null,
    companyName: companyName ?? null,
    state: invitationState(invitation, nowMs),
    createdAt: iso(createdAtMs),
    expiresAt: iso(expiresAtMs),
  };
}
