import { Failure } from '@anika/core/failures';
import type { InvitationId, PartnerId, UserId } from '@anika/core/ids';
import { type Invitation, invitationState, MEMBER_ROLES } from '@anika/core/invitation';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import { keepLimit } from './company-limits.ts';
import type { Invitation as InvitationRow, Prisma } from './generated/client.ts';
import { idsBefore, type Page } from './page.ts';
import { lockPartner } from './partners.ts';
import { wordColumn } from './word-column.ts';

type NewInvitation = Omit<Invitation, 'createdAtMs' | 'acceptedAtMs' | 'withdrawnAtMs'> & {
  /** Lower-case hex SHA-256 of the token. */
  readonly tokenHash: string;
};
/** Whose invitations: those of a company, or (undefined) all that operators have made. */
type Inviter = PartnerId | undefined;

const readRole = wordColumn('invitations.role', MEMBER_ROLES);

export function toInvitation(row: InvitationRow): Invitation {
  return {
    id: row.id as InvitationId,
    partnerId: (row.partnerId as PartnerId | null) ?? undefined,
    companyName: row.companyName ?? undefined,
    email: row.email,
    role: readRole(row.role),
    byOperator: row.byOperator,
    createdBy: row.createdBy as UserId,
    createdAtMs: row.createdAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
    acceptedAtMs: row.acceptedAt?.getTime(),
    withdrawnAtMs: row.withdrawnAt?.getTime(),
  };
}

function madeBy(inviter: Inviter): Prisma.InvitationWhereInput {
  return inviter === undefined ? { byOperator: true } : { byOperator: false, partnerId: inviter };
}

export type InvitationStore = ReturnType<typeof createInvitationStore>;

export function createInvitationStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Rejects with `limit-reached`, with `conflict` when the inviter has `max` open ones, with `not-found` when there is no such partner. */
    create(invitation: NewInvitation, { max, ...change }: Change & { max: number }): Promise<Invitation> {
      return postgres.transaction(async (tx) => {
        const { partnerId } = invitation;
        const { atMs } = change;
        if (partnerId !== undefined) {
          await keepLimit(tx, postgres.companyLimits, { kind: 'users', partnerId, atMs });
        }
        return insertInvitation(tx, invitation, { max, ...change });
      });
    },

    async list(inviter: Inviter, { after, limit }: Page): Promise<Invitation[]> {
      const rows = await db.invitation.findMany({
        where: { ...madeBy(inviter), ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toInvitation);
    },

    /** Undefined: the inviter has no such invitation. Rejects with `conflict` when it is accepted. */
    withdraw(id: InvitationId, inviter: Inviter, change: Change): Promise<Invitation | undefined> {
      return postgres.transaction((tx) => withdrawInvitation(tx, { id, ...madeBy(inviter) }, change));
    },

    /** Undefined: there is no open one with this token. */
    async findOpen(tokenHash: string, nowMs: number): Promise<Invitation | undefined> {
      const row = await db.invitation.findUnique({ where: { tokenHash } });
      const found = row === null ? undefined : toInvitation(row);
      return found !== undefined && invitationState(found, nowMs) === 'open' ? found : undefined;
    },

    /** Forgets those that ended before. */
    async deleteEnded(beforeMs: number): Promise<void> {
      await db.invitation.deleteMany({ where: { expiresAt: { lt: new Date(beforeMs) } } });
    },
  };
}

async function insertInvitation(
  tx: Tx,
  invitation: NewInvitation,
  { max, ...change }: Change & { max: number },
): Promise<Invitation> {
  const { partnerId, companyName, expiresAtMs, byOperator, ...rest } = invitation;
  if (partnerId !== undefined) await existingPartner(tx, partnerId);
  const at = new Date(change.atMs);
  const open = { acceptedAt: null, withdrawnAt: null, expiresAt: { gt: at } };
  const inviter = byOperator ? undefined : partnerId;
  if ((await tx.invitation.count({ where: { ...madeBy(inviter), ...open } })) >= max) {
    throw new Failure('conflict', `Cannot invite: ${max} invitations are open; withdraw one first`);
  }
  const row = await tx.invitation.create({
    data: {
      ...rest,
      byOperator,
      partnerId: partnerId ?? null,
      companyName: companyName ?? null,
      createdAt: at,
      expiresAt: new Date(expiresAtMs),
    },
  });
  await appendAudit(tx, {
    ...auditedBy(change),
    action: 'invitation.created',
    subjectId: invitation.id,
    partnerIds: partnerId === undefined ? [] : [partnerId],
    after: { role: invitation.role, companyName: companyName ?? null },
  });
  return toInvitation(row);
}

/** Locked, so that two at once cannot be one too many. */
async function existingPartner(tx: Tx, id: PartnerId): Promise<void> {
  await lockPartner(tx, id);
  const found = await tx.partner.findUnique({ where: { id }, select: { id: true } });
  if (found === null) throw new Failure('not-found', 'No such partner, or it is not yours to see');
}

async function withdrawInvitation(
  tx: Tx,
  where: Prisma.InvitationWhereInput,
  change: Change,
): Promise<Invitation | undefined> {
  const found = await tx.invitation.findFirst({ where });
  if (found === null || found.withdrawnAt !== null) return undefined;
  const [row] = await tx.invitation.updateManyAndReturn({
    where: { id: found.id, acceptedAt: null },
    data: { withdrawnAt: new Date(change.atMs) },
  });
  if (row === undefined) throw new Failure('conflict', 'Cannot withdraw: the invitation is accepted');
  await appendAudit(tx, {
    ...auditedBy(change),
    action: 'invitation.withdrawn',
    subjectId: row.id,
    partnerIds: row.partnerId === null ? [] : [row.partnerId],
  });
  return toInvitation(row);
}
