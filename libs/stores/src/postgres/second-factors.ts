import type { SessionId, UserId } from '@anika/core/ids';
import { mayReopen } from '@anika/core/password-reset';
import type { SecondFactor } from '@anika/core/second-factor';
import type { User } from '@anika/core/user';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import { toUser } from './user-row.ts';

type Begun = { readonly userId: UserId; readonly sealedSecret: string; readonly atMs: number };
type Confirmed = {
  readonly userId: UserId;
  /** The one that the code was made from: another may have been begun meanwhile. */
  readonly sealedSecret: string;
  /** Of the code. */
  readonly step: number;
  /** Lower-case hex SHA-256, of each recovery code. */
  readonly codeHashes: readonly string[];
};
/** The session that goes on when all others of the user end. */
type OwnChange = Change & { readonly sessionId: SessionId | undefined };
/** Of a login: whose account it is. */
type CodeUse = { readonly userId: UserId; readonly hash: string };

export type SecondFactorStore = ReturnType<typeof createSecondFactorStore>;

/**
 * Second factors of users. With each that comes or goes the credentials are others: what was opened with the former ones
 * is over, but for the session that made the change.
 */
export function createSecondFactorStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    async find(userId: UserId): Promise<SecondFactor | undefined> {
      const row = await db.secondFactor.findUnique({
        where: { userId },
        include: { _count: { select: { recoveryCodes: { where: { usedAt: null } } } } },
      });
      if (row === null) return undefined;
      const { secret: sealedSecret, confirmedAt, _count } = row;
      return {
        sealedSecret,
        confirmedAtMs: confirmedAt?.getTime(),
        recoveryCodesLeft: _count.recoveryCodes,
      };
    },

    /** In place of one that was begun before. False: one is on. */
    async begin({ userId, sealedSecret, atMs }: Begun): Promise<boolean> {
      const at = new Date(atMs);
      const count = await db.$executeRaw`
        INSERT INTO second_factors (user_id, secret, created_at) VALUES (${userId}, ${sealedSecret}, ${at})
        ON CONFLICT (user_id) DO UPDATE SET secret = EXCLUDED.secret, created_at = EXCLUDED.created_at
        WHERE second_factors.confirmed_at IS NULL`;
      return count > 0;
    },

    /** False: it is not the one that was begun last. */
    confirm(confirmed: Confirmed, change: OwnChange): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const { userId, sealedSecret: secret, step, codeHashes } = confirmed;
        await lockUser(tx, userId);
        const { count } = await tx.secondFactor.updateMany({
          where: { userId, secret, confirmedAt: null },
          data: { confirmedAt: new Date(change.atMs), lastStep: step },
        });
        if (count === 0) return false;
        await replaceCodes(tx, userId, codeHashes);
        await renewCredentials(tx, userId, change.sessionId);
        await audit(tx, userId, { change, action: 'second-factor.on' });
        return true;
      });
    },

    /** Uses up a code and those before it. False: it was used before. */
    async useStep(userId: UserId, step: number): Promise<boolean> {
      const { count } = await db.secondFactor.updateMany({
        where: { userId, confirmedAt: { not: null }, lastStep: { lt: step } },
        data: { lastStep: step },
      });
      return count > 0;
    },

    /** Undefined: the user has no such code, or it was used. Else how many are left. */
    useRecoveryCode({ userId, hash }: CodeUse, change: Change): Promise<number | undefined> {
      return postgres.transaction(async (tx) => {
        const { count } = await tx.recoveryCode.updateMany({
          where: { userId, hash, usedAt: null, secondFactor: { confirmedAt: { not: null } } },
          data: { usedAt: new Date(change.atMs) },
        });
        if (count === 0) return undefined;
        const left = await tx.recoveryCode.count({ where: { userId, usedAt: null } });
        await audit(tx, userId, { change, action: 'second-factor.recovery-code-used', after: { left } });
        return left;
      });
    },

    /** False: none is on. */
    renewRecoveryCodes(userId: UserId, hashes: readonly string[], change: Change): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        await lockUser(tx, userId);
        if ((await tx.secondFactor.count({ where: { userId, confirmedAt: { not: null } } })) === 0)
          return false;
        await replaceCodes(tx, userId, hashes);
        await audit(tx, userId, { change, action: 'second-factor.recovery-codes-renewed' });
        return true;
      });
    },

    /** By its user. False: none is on. */
    end(userId: UserId, change: OwnChange): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        await lockUser(tx, userId);
        if (!(await remove(tx, userId))) return false;
        await renewCredentials(tx, userId, change.sessionId);
        await audit(tx, userId, { change, action: 'second-factor.off' });
        return true;
      });
    },

    /** By an admin or operator, of who has lost it. Undefined: no such user of theirs, or none is on. */
    takeOff(userId: UserId, change: Change): Promise<User | undefined> {
      return postgres.transaction(async (tx) => {
        await lockUser(tx, userId);
        const row = await tx.user.findUnique({ where: { id: userId } });
        if (row === null || !mayReopen(change.by, toUser(row))) return undefined;
        if (!(await remove(tx, userId))) return undefined;
        await renewCredentials(tx, userId, undefined);
        await audit(tx, userId, { change, action: 'second-factor.taken-off' });
        return toUser(row);
      });
    },
  };
}

async function lockUser(tx: Tx, id: UserId): Promise<void> {
  await tx.$queryRaw`SELECT id FROM users WHERE id = ${id} FOR NO KEY UPDATE`;
}

async function replaceCodes(tx: Tx, userId: UserId, hashes: readonly string[]): Promise<void> {
  await tx.recoveryCode.deleteMany({ where: { userId } });
  await tx.recoveryCode.createMany({ data: hashes.map((hash) => ({ userId, hash })) });
}

async function remove(tx: Tx, userId: UserId): Promise<boolean> {
  const { count } = await tx.secondFactor.deleteMany({ where: { userId, confirmedAt: { not: null } } });
  return count > 0;
}

/** Ends sessions, links to set a password and logins that are under way; `kept` is carried along. */
async function renewCredentials(tx: Tx, id: UserId, kept: SessionId | undefined): Promise<void> {
  const [user] = await tx.$queryRaw<{ version: number }[]>`
    UPDATE users SET credentials_version = credentials_version + 1 WHERE id = ${id}
    RETURNING credentials_version AS version`;
  if (user === undefined || kept === undefined) return;
  const former = user.version - 1;
  await tx.session.updateMany({
    where: { id: kept, userId: id, credentialsVersion: former },
    data: { credentialsVersion: user.version },
  });
}

type Audited = { readonly change: Change; readonly action: string; readonly after?: { left: number } };

async function audit(tx: Tx, userId: UserId, { change, action, after }: Audited): Promise<void> {
  const { partnerId } = await tx.user.findUniqueOrThrow({ where: { id: userId } });
  const partnerIds = partnerId === null ? [] : [partnerId];
  await appendAudit(tx, { ...auditedBy(change), action, subjectId: userId, partnerIds, after });
}
