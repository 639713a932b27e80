import type { UserId } from '@anika/core/ids';
import { mayReopen, type PasswordReset } from '@anika/core/password-reset';
import type { User } from '@anika/core/user';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import { toUser, type UserRow } from './user-row.ts';
import { updateUser } from './users.ts';

/** `tokenHash` is lower-case hex SHA-256 of the token, which itself is not kept. */
type Times = { readonly tokenHash: string; readonly atMs: number; readonly expiresAtMs: number };
type Asked = Times & { readonly email: string; readonly remoteAddress: string };
type Made = Times & { readonly userId: UserId };
type Use = {
  readonly tokenHash: string;
  readonly passwordHash: string;
  readonly atMs: number;
  readonly remoteAddress: string | undefined;
};

export type PasswordResetStore = ReturnType<typeof createPasswordResetStore>;

/** Links to set a new password. Each is bound to the credentials of when it was made: using one ends all of that user. */
export function createPasswordResetStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** By who has forgotten it. Undefined: nobody of an active company has this address. */
    ask(asked: Asked): Promise<User | undefined> {
      return postgres.transaction((tx) => insertAsked(tx, asked));
    },

    /** By an admin or operator, in place of those made before. Undefined: whose change it is may not open this way in. */
    make(made: Made, change: Change): Promise<User | undefined> {
      return postgres.transaction((tx) => insertMade(tx, made, change));
    },

    /** Undefined: there is no link with this token that still opens something. */
    async findOpen(tokenHash: string, nowMs: number): Promise<PasswordReset | undefined> {
      const row = await db.passwordReset.findUnique({ where: { tokenHash }, include: { user: true } });
      if (row === null || row.expiresAt.getTime() <= nowMs) return undefined;
      if (row.credentialsVersion !== row.user.credentialsVersion) return undefined;
      return { user: toUser(row.user), expiresAtMs: row.expiresAt.getTime() };
    },

    /** Sets the password and ends the user's sessions. Undefined: as with `findOpen`, or its maker may not any more. */
    use(use: Use): Promise<User | undefined> {
      return postgres.transaction((tx) => useReset(tx, use));
    },

    async deleteExpired(beforeMs: number): Promise<void> {
      await db.passwordReset.deleteMany({ where: { expiresAt: { lt: new Date(beforeMs) } } });
    },
  };
}

async function insertAsked(tx: Tx, asked: Asked): Promise<User | undefined> {
  const { tokenHash, email, atMs, expiresAtMs, remoteAddress } = asked;
  const [row] = await tx.$queryRaw<UserRow[]>`
    WITH found AS (
      SELECT u.* FROM users u JOIN partners p ON p.id = u.partner_id
      WHERE u.email = ${email} AND p.status = 'active'),
    made AS (
      INSERT INTO password_resets (token_hash, user_id, credentials_version, created_at, expires_at)
      SELECT ${tokenHash}, id, credentials_version, ${new Date(atMs)}, ${new Date(expiresAtMs)} FROM found)
    SELECT id, partner_id AS "partnerId", email, name, role, created_at AS "createdAt", updated_at AS "updatedAt"
    FROM found`;
  const user = row && toUser(row);
  if (user?.partnerId === undefined) return undefined;
  const by = { partnerId: user.partnerId, userId: undefined, remoteAddress };
  await appendAudit(tx, {
    ...auditedBy({ by, atMs }),
    action: 'password-reset.asked',
    subjectId: user.id,
    partnerIds: [user.partnerId],
  });
  return user;
}

async function insertMade(tx: Tx, made: Made, change: Change): Promise<User | undefined> {
  const { tokenHash, userId, atMs, expiresAtMs } = made;
  const row = await lockUser(tx, userId);
  if (row === undefined) return undefined;
  const user = toUser(row);
  if (user.partnerId === undefined || !mayReopen(change.by, user)) return undefined;
  await tx.passwordReset.deleteMany({ where: { userId, createdBy: { not: null } } });
  await tx.passwordReset.create({
    data: {
      tokenHash,
      userId,
      credentialsVersion: row.credentialsVersion,
      createdBy: change.by.userId,
      createdAt: new Date(atMs),
      expiresAt: new Date(expiresAtMs),
    },
  });
  await appendAudit(tx, {
    ...auditedBy(change),
    action: 'password-reset.made',
    subjectId: userId,
    partnerIds: [user.partnerId],
  });
  return user;
}

async function useReset(tx: Tx, { tokenHash, passwordHash, atMs, remoteAddress }: Use) {
  const found = await tx.passwordReset.findUnique({ where: { tokenHash } });
  if (found === null || found.expiresAt.getTime() <= atMs) return undefined;
  const before = await lockUser(tx, found.userId as UserId);
  if (before === undefined || before.credentialsVersion !== found.credentialsVersion) return undefined;
  if (!(await isStillMeant(tx, found.createdBy, toUser(before)))) return undefined;
  const change = {
    at: new Date(atMs),
    actorId: before.id,
    actorPartnerId: before.partnerId ?? undefined,
    remoteAddress,
  };
  await appendAudit(tx, {
    ...change,
    action: 'password-reset.used',
    subjectId: before.id,
    partnerIds: before.partnerId === null ? [] : [before.partnerId],
    after: { handedOver: found.createdBy !== null },
  });
  const user = await updateUser(tx, { before, patch: { passwordHash }, change });
  await tx.passwordReset.deleteMany({ where: { userId: before.id } });
  return user;
}

/** A link counts for as long as its maker may make it. */
async function isStillMeant(tx: Tx, createdBy: string | null, user: User): Promise<boolean> {
  if (createdBy === null) return true;
  const maker = await tx.user.findUnique({ where: { id: createdBy } });
  return maker !== null && mayReopen({ ...toUser(maker), userId: createdBy as UserId }, user);
}

async function lockUser(tx: Tx, id: UserId) {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`;
  return (await tx.user.findUnique({ where: { id } })) ?? undefined;
}
