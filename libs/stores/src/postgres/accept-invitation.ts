import type { PartnerId, UserId } from '@anika/core/ids';
import { type Invitation, invitationState, roleAfter } from '@anika/core/invitation';
import type { AuditedBy } from './actor.ts';
import { appendAudit } from './audit.ts';
import { isUniqueViolation, type Postgres, type Tx } from './client.ts';
import type { Invitation as InvitationRow, User } from './generated/client.ts';
import { toInvitation } from './invitations.ts';
import { lockPartner } from './partners.ts';
import { toUser } from './user-row.ts';
import { insertUser, updateUser } from './users.ts';

type Acceptance = {
  readonly tokenHash: string;
  readonly name: string;
  readonly passwordHash: string;
  /** For the user and, if one is registered, the company. */
  readonly ids: { readonly user: UserId; readonly partner: PartnerId };
  readonly atMs: number;
  readonly remoteAddress: string | undefined;
};
/** `userId` undefined: the address is somebody's in another company, and nothing but the invitation has changed. */
export type Accepted = { readonly invitation: Invitation; readonly userId: UserId | undefined };

export type AcceptInvitation = (acceptance: Acceptance) => Promise<Accepted | undefined>;

/** Of two who accept at once for one address the second finds the first's user: once more tells. */
const TRIES = 2;

/** Undefined: there is no open invitation with this token. */
export function createAcceptInvitation(postgres: Postgres): AcceptInvitation {
  return async (acceptance) => {
    for (let tried = 1; ; tried += 1) {
      try {
        return await postgres.transaction((tx) => accept(tx, acceptance));
      } catch (error) {
        if (tried === TRIES || !isUniqueViolation(error)) throw error;
      }
    }
  };
}

async function accept(tx: Tx, acceptance: Acceptance): Promise<Accepted | undefined> {
  const { tokenHash, atMs, remoteAddress } = acceptance;
  await tx.$queryRaw`SELECT id FROM invitations WHERE token_hash = ${tokenHash} FOR UPDATE`;
  const row = await tx.invitation.findUnique({ where: { tokenHash } });
  const invitation = row === null ? undefined : toInvitation(row);
  if (invitation === undefined || invitationState(invitation, atMs) !== 'open') return undefined;
  if (!(await isStillMeant(tx, row))) return undefined;
  const { id, email } = invitation;
  const at = new Date(atMs);
  await tx.invitation.update({ where: { id }, data: { acceptedAt: at } });
  if (invitation.partnerId !== undefined) await lockPartner(tx, invitation.partnerId);
  const present = await tx.user.findUnique({ where: { email } });
  const isMember =
    present !== null && present.partnerId !== null && present.partnerId === invitation.partnerId;
  const isTaken = present !== null && !isMember;
  const partnerId = invitation.partnerId ?? acceptance.ids.partner;
  const userId = present === null ? acceptance.ids.user : (present.id as UserId);
  const by = {
    at,
    actorId: isTaken ? undefined : userId,
    actorPartnerId: isTaken ? undefined : partnerId,
    remoteAddress,
  };
  const concerned = isTaken && invitation.partnerId === undefined ? [] : [partnerId];
  await appendAudit(tx, { ...by, action: 'invitation.accepted', subjectId: id, partnerIds: concerned });
  if (isTaken) return { invitation, userId: undefined };
  if (invitation.partnerId === undefined) await insertCompany(tx, { invitation, partnerId, by });
  await enter(tx, { acceptance, present, invitation, partnerId, by });
  return { invitation, userId };
}

/** An invitation by a company's admin counts for as long as that admin is one. */
async function isStillMeant(tx: Tx, row: InvitationRow | null): Promise<boolean> {
  if (row === null || row.byOperator) return true;
  const maker = await tx.user.findFirst({ where: { id: row.createdBy, partnerId: row.partnerId } });
  return maker?.role === 'admin';
}

type Company = { readonly invitation: Invitation; readonly partnerId: PartnerId; readonly by: AuditedBy };

async function insertCompany(tx: Tx, { invitation, partnerId: id, by }: Company): Promise<void> {
  const name = invitation.companyName ?? '';
  await tx.partner.create({ data: { id, name, createdAt: by.at, updatedAt: by.at } });
  await appendAudit(tx, {
    ...by,
    action: 'partner.created',
    subjectId: id,
    partnerIds: [id],
    after: { name },
  });
}

type Entry = Company & { readonly acceptance: Acceptance; readonly present: User | null };

/** As a new user; a member of the company gets the password, and the role if that is more. */
async function enter(tx: Tx, { acceptance, present, invitation, partnerId, by }: Entry): Promise<void> {
  const { name, passwordHash, ids } = acceptance;
  const { email, role } = invitation;
  if (present === null) {
    await insertUser(tx, { id: ids.user, partnerId, email, name, passwordHash, role }, by);
    return;
  }
  const patch = { role: roleAfter(toUser(present).role, role), name, passwordHash };
  await updateUser(tx, { before: present, patch, change: by });
}
