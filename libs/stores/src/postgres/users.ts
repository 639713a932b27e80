import type { Role } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { PartnerId, UserId } from '@anika/core/ids';
import type { ListedUser, User } from '@anika/core/user';
import { type AuditedBy, auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import { type Account, type Credentials, findCredentials } from './credentials.ts';
import { Prisma, type User as UserRow } from './generated/client.ts';
import { idsBefore, type Page } from './page.ts';
import { lockPartner } from './partners.ts';
import { toUser } from './user-row.ts';

export type NewUser = {
  readonly id: UserId;
  readonly partnerId: PartnerId;
  readonly email: string;
  readonly name?: string | undefined;
  readonly passwordHash: string;
  readonly role: Role;
};
type UserPatch = { readonly role?: Role | undefined; readonly passwordHash?: string | undefined };
type PartnerChange = Change & { readonly partnerId: PartnerId };

const withFactor = { secondFactor: { select: { confirmedAt: true } } } as const;
const isOn = ({ secondFactor }: { secondFactor: { confirmedAt: Date | null } | null }) =>
  secondFactor !== null && secondFactor.confirmedAt !== null;
const withStatus = { partner: { select: { status: true } } } as const;
type UserWithStatus = UserRow & { partner: { status: string } | null };

function toAccount(row: UserWithStatus): Account {
  return { user: toUser(row), partnerActive: row.partner === null || row.partner.status === 'active' };
}

export type UserStore = ReturnType<typeof createUserStore>;

export function createUserStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Of one role, or of all. */
    async list(partnerId: PartnerId, { role, after, limit }: Page & { role?: Role | undefined }) {
      const rows = await db.user.findMany({
        where: { partnerId, ...(role !== undefined && { role }), ...idsBefore(after) },
        include: withFactor,
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map((row): ListedUser => ({ ...toUser(row), hasSecondFactor: isOn(row) }));
    },

    /** A new password or role ends the user's sessions. Rejects with `conflict` when the partner would have no admin left. */
    update(id: UserId, patch: UserPatch, change: PartnerChange): Promise<User | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lockUser(tx, id, change.partnerId);
        if (before === undefined) return undefined;
        if ((patch.role ?? before.role) !== 'admin') await keepAnAdmin(tx, before);
        return updateUser(tx, { before, patch, change: auditedBy(change) });
      });
    },

    /** Of oneself. False: the credentials were changed since the present password was compared. */
    setOwnPassword(
      {
        id,
        credentialsVersion,
        passwordHash,
      }: Pick<Credentials, 'credentialsVersion' | 'passwordHash'> & { id: UserId },
      change: Change,
    ): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        await tx.$queryRaw`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`;
        const before = await tx.user.findUnique({ where: { id } });
        if (before?.credentialsVersion !== credentialsVersion) return false;
        await updateUser(tx, { before, patch: { passwordHash }, change: auditedBy(change) });
        return true;
      });
    },

    /** Rejects with `conflict` when the partner would have no admin left. */
    remove(id: UserId, change: PartnerChange): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const before = await lockUser(tx, id, change.partnerId);
        if (before === undefined) return false;
        await keepAnAdmin(tx, before);
        await tx.user.delete({ where: { id } });
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'user.removed',
          subjectId: id,
          partnerIds: [change.partnerId],
          before: { role: before.role },
        });
        return true;
      });
    },

    findByEmail: (email: string): Promise<Credentials | undefined> =>
      findCredentials(db, Prisma.sql`u.email = ${email}`),
    findCredentials: (id: UserId): Promise<Credentials | undefined> =>
      findCredentials(db, Prisma.sql`u.id = ${id}`),

    /** Whether the company of the user demands a second factor. */
    async mustHaveFactor(id: UserId): Promise<boolean> {
      const demanded = { id, partner: { secondFactorRequired: true } };
      return (await db.user.count({ where: demanded })) > 0;
    },

    async find(id: UserId): Promise<Account | undefined> {
      const row = await db.user.findUnique({ where: { id }, include: withStatus });
      return row === null ? undefined : toAccount(row);
    },
  };
}

export async function insertUser(tx: Tx, user: NewUser, change: AuditedBy): Promise<User> {
  const row = await tx.user.create({
    data: { ...user, name: user.name ?? null, createdAt: change.at, updatedAt: change.at },
  });
  await appendAudit(tx, {
    ...change,
    action: 'user.created',
    subjectId: user.id,
    partnerIds: [user.partnerId],
    after: { role: user.role },
  });
  return toUser(row);
}

type Update = {
  readonly before: UserRow;
  readonly patch: UserPatch & { name?: string };
  readonly change: AuditedBy;
};

/** The user must be locked. With a new password or role, what was opened with the old one is over. */
export async function updateUser(tx: Tx, { before, patch, change }: Update): Promise<User> {
  const { id, partnerId } = before;
  const role = patch.role ?? before.role;
  const passwordChanged = patch.passwordHash !== undefined;
  const after = await tx.user.update({
    where: { id },
    data: {
      // Only what is changed: another change of the same user may be under way.
      ...(patch.role !== undefined && { role }),
      ...(patch.name !== undefined && { name: patch.name }),
      ...(patch.passwordHash !== undefined && { passwordHash: patch.passwordHash }),
      ...((passwordChanged || role !== before.role) && { credentialsVersion: { increment: 1 } }),
      updatedAt: change.at,
    },
  });
  await appendAudit(tx, {
    ...change,
    action: 'user.updated',
    subjectId: id,
    partnerIds: partnerId === null ? [] : [partnerId],
    before: { role: before.role },
    after: { role, passwordChanged },
  });
  return toUser(after);
}

/** Undefined: the partner has no such user. The partner's lock lets nobody else count its admins meanwhile. */
async function lockUser(tx: Tx, id: UserId, partnerId: PartnerId): Promise<UserRow | undefined> {
  await lockPartner(tx, partnerId);
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`;
  return (await tx.user.findFirst({ where: { id, partnerId } })) ?? undefined;
}

async function keepAnAdmin(tx: Tx, user: UserRow): Promise<void> {
  if (user.role !== 'admin') return;
  const others = await tx.user.count({
    where: { partnerId: user.partnerId, role: 'admin', id: { not: user.id } },
  });
  if (others === 0) throw new Failure('conflict', `${user.email} is the last admin of the partner`);
}
