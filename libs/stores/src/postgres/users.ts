import type { Role } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import type { PartnerId, UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import { isUniqueViolation, type Postgres, type Tx } from './client.ts';
import type { User as UserRow } from './generated/client.ts';
import { idsBefore, type Page } from './page.ts';
import { lockPartner } from './partners.ts';
import { toUser } from './user-row.ts';

type NewUser = {
  readonly id: UserId;
  readonly partnerId: PartnerId;
  readonly email: string;
  readonly passwordHash: string;
  readonly role: Role;
};
type UserPatch = { readonly role?: Role | undefined; readonly passwordHash?: string | undefined };
type PartnerChange = Change & { readonly partnerId: PartnerId };
/** Somebody who may sign in; an operator belongs to no partner that could be suspended. */
export type Account = { readonly user: User; readonly partnerActive: boolean };

const withStatus = { partner: { select: { status: true } } } as const;
type UserWithStatus = UserRow & { partner: { status: string } | null };

function toAccount(row: UserWithStatus): Account {
  return { user: toUser(row), partnerActive: row.partner === null || row.partner.status === 'active' };
}

export type UserStore = ReturnType<typeof createUserStore>;

export function createUserStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** Rejects with `conflict` when the email is somebody's. */
    async create(user: NewUser, change: Change): Promise<User> {
      try {
        return await postgres.transaction((tx) => insertUser(tx, user, change));
      } catch (error) {
        if (!isUniqueViolation(error)) throw error;
        throw new Failure('conflict', `The email ${user.email} is in use`, { cause: error });
      }
    },

    async list(partnerId: PartnerId, { after, limit }: Page): Promise<User[]> {
      const rows = await db.user.findMany({
        where: { partnerId, ...idsBefore(after) },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toUser);
    },

    /** Also ends the user's sessions. Rejects with `conflict` when the partner would have no admin left. */
    update(id: UserId, patch: UserPatch, change: PartnerChange): Promise<User | undefined> {
      return postgres.transaction(async (tx) => {
        const before = await lockUser(tx, id, change.partnerId);
        if (before === undefined) return undefined;
        const role = patch.role ?? before.role;
        if (role !== 'admin') await keepAnAdmin(tx, before);
        const at = new Date(change.atMs);
        const passwordHash = patch.passwordHash ?? before.passwordHash;
        const after = await tx.user.update({ where: { id }, data: { role, passwordHash, updatedAt: at } });
        await tx.refreshToken.updateMany({ where: { userId: id, revokedAt: null }, data: { revokedAt: at } });
        await appendAudit(tx, {
          ...auditedBy(change),
          action: 'user.updated',
          subjectId: id,
          partnerIds: [change.partnerId],
          before: { role: before.role },
          after: { role, passwordChanged: patch.passwordHash !== undefined },
        });
        return toUser(after);
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

    async findByEmail(email: string): Promise<(Account & { passwordHash: string }) | undefined> {
      const row = await db.user.findUnique({ where: { email }, include: withStatus });
      return row === null ? undefined : { ...toAccount(row), passwordHash: row.passwordHash };
    },

    async find(id: UserId): Promise<Account | undefined> {
      const row = await db.user.findUnique({ where: { id }, include: withStatus });
      return row === null ? undefined : toAccount(row);
    },
  };
}

async function insertUser(tx: Tx, user: NewUser, change: Change): Promise<User> {
  const at = new Date(change.atMs);
  const row = await tx.user.create({ data: { ...user, createdAt: at, updatedAt: at } });
  await appendAudit(tx, {
    ...auditedBy(change),
    action: 'user.created',
    subjectId: user.id,
    partnerIds: [user.partnerId],
    after: { role: user.role },
  });
  return toUser(row);
}

/** Undefined: the partner has no such user. The partner's lock lets nobody else count its admins meanwhile. */
async function lockUser(tx: Tx, id: UserId, partnerId: PartnerId): Promise<UserRow | undefined> {
  await lockPartner(tx, partnerId);
  return (await tx.user.findFirst({ where: { id, partnerId } })) ?? undefined;
}

async function keepAnAdmin(tx: Tx, user: UserRow): Promise<void> {
  if (user.role !== 'admin') return;
  const others = await tx.user.count({
    where: { partnerId: user.partnerId, role: 'admin', id: { not: user.id } },
  });
  if (others === 0) throw new Failure('conflict', `${user.email} is the last admin of the partner`);
}
