import type { Caller } from '@anika/core/access';
import type { Change } from '@anika/core/change';
import { invalid, notFound } from '@anika/core/failures';
import type { IdMaker, InvitationId, PartnerId } from '@anika/core/ids';
import {
  INVITATION_MS,
  type Invitation,
  type MemberRole,
  OPEN_INVITATIONS_MAX,
  OPERATORS_INVITATIONS_MAX,
} from '@anika/core/invitation';
import type { AcceptInvitation } from '@anika/stores/postgres/accept-invitation';
import type { InvitationStore } from '@anika/stores/postgres/invitations';
import { credentialHash, isWellFormed, newCredential } from '../auth/credentials.ts';
import { checkNewPassword, notTheOwnPassword, type Passwords } from '../auth/passwords.ts';
import type { PageRequest } from '../http/page.ts';
import type { MailInvitation } from './mail-invitation.ts';

export type InvitationNeeds = {
  readonly store: Pick<InvitationStore, 'create' | 'list' | 'withdraw' | 'findOpen'>;
  readonly accept: AcceptInvitation;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly mailInvitation: MailInvitation;
  readonly announce: (change: Change) => void;
  readonly newId: IdMaker;
  readonly clock: { now(): number };
};

type Invite = {
  readonly email: string;
  readonly role: MemberRole;
  readonly companyName?: string | undefined;
  readonly partnerId?: PartnerId | undefined;
};
type Acceptance = {
  readonly token: string;
  readonly name: string;
  readonly password: string;
  readonly remoteAddress: string | undefined;
};

export type Invitations = ReturnType<typeof createInvitations>;

/** Where the invited one will belong: an admin's own company; for an operator, one of two says. */
function companyOf(invite: Invite, by: Caller): Pick<Invitation, 'partnerId' | 'companyName'> {
  const { partnerId, companyName, role } = invite;
  if (by.partnerId !== undefined) {
    if (companyName !== undefined)
      throw invalid('companyName', 'is for operators: you invite to your own company');
    if (partnerId !== undefined)
      throw invalid('partnerId', 'is for operators: you invite to your own company');
    return { partnerId: by.partnerId, companyName };
  }
  if ((partnerId === undefined) === (companyName === undefined)) {
    throw invalid(
      'companyName',
      'give either the name of a new company, or the partnerId of one that is there',
    );
  }
  if (role !== 'admin') throw invalid('role', 'must be admin: an operator invites no other');
  return { partnerId, companyName };
}

/** How people become users. The text of a token exists here only, for the length of one answer. */
export function createInvitations(needs: InvitationNeeds) {
  const { store, clock, newId } = needs;

  return {
    /**
     * Rejects with `conflict` when too many are open; whether the address has an account makes no difference. Accepting
     * one to a member sets that member's password, so nobody invites oneself.
     */
    async create(invite: Invite, by: Caller): Promise<{ invitation: Invitation; token: string }> {
      if (by.partnerId !== undefined && invite.email === by.email) throw notTheOwnPassword();
      const token = newCredential('invitation');
      const byOperator = by.partnerId === undefined;
      const atMs = clock.now();
      const invitation = await store.create(
        {
          id: newId('inv'),
          ...companyOf(invite, by),
          email: invite.email,
          role: invite.role,
          tokenHash: credentialHash(token),
          byOperator,
          createdBy: by.userId,
          expiresAtMs: atMs + INVITATION_MS,
        },
        { by, atMs, max: byOperator ? OPERATORS_INVITATIONS_MAX : OPEN_INVITATIONS_MAX },
      );
      needs.mailInvitation(invitation, token);
      return { invitation, token };
    },

    list: (by: Caller, page: PageRequest): Promise<Invitation[]> => store.list(by.partnerId, page),

    async withdraw(id: InvitationId, by: Caller): Promise<void> {
      const change = { by, atMs: clock.now() };
      if ((await store.withdraw(id, by.partnerId, change)) === undefined) throw notFound('invitation');
    },

    /** What is wrong with a password is told before the token is used up. */
    async accept(acceptance: Acceptance): Promise<Invitation> {
      const { token, name, password, remoteAddress } = acceptance;
      const tokenHash = credentialHash(token);
      const wellFormed = isWellFormed('invitation', token);
      const open = wellFormed ? await store.findOpen(tokenHash, clock.now()) : undefined;
      if (open === undefined) throw notFound('open invitation');
      checkNewPassword(password, { email: open.email, path: 'password' });
      const passwordHash = await needs.passwords.hash(password);
      const accepted = await needs.accept({
        tokenHash,
        name,
        passwordHash,
        ids: { user: newId('usr'), partner: newId('par') },
        atMs: clock.now(),
        remoteAddress,
      });
      if (accepted === undefined) throw notFound('open invitation');
      if (accepted.userId !== undefined) needs.announce({ kind: 'user', id: accepted.userId });
      return accepted.invitation;
    },
  };
}
