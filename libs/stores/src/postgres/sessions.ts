import type { SessionId, UserId } from '@anika/core/ids';
import { SESSIONS_MAX, type Session } from '@anika/core/session';
import { auditedBy, type Change } from './actor.ts';
import { appendAudit } from './audit.ts';
import type { Postgres, Tx } from './client.ts';
import type { Account } from './credentials.ts';
import type { Session as SessionRow } from './generated/client.ts';
import { idsBefore, type Page } from './page.ts';
import { toUser, type UserRow } from './user-row.ts';

/** `hash` is lower-case hex SHA-256 of the token. */
type FirstToken = { readonly hash: string; readonly expiresAtMs: number };
type NewSession = Omit<Session, 'lastUsedAtMs'> & {
  /** Of the user when its password was compared. */
  readonly credentialsVersion: number;
  /** Undefined: nothing refreshes the session. */
  readonly refreshToken: FirstToken | undefined;
};
/** `open`: it was not ended, and its user has the credentials it was opened with. It may have expired. */
export type FoundSession = Account & {
  readonly open: boolean;
  readonly expiresAtMs: number;
  /** The company demands a second factor, and the user has none. */
  readonly mustSetUpFactor: boolean;
};

type JoinedRow = UserRow & {
  partnerActive: boolean;
  open: boolean;
  expiresAt: Date;
  mustSetUpFactor: boolean;
};

export type SessionStore = ReturnType<typeof createSessionStore>;

export function createSessionStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    /** False: since the password was compared, it or the role was changed or the partner suspended. */
    open(session: NewSession): Promise<boolean> {
      return postgres.transaction((tx) => openSession(tx, session));
    },

    /** With its user as it is now: one query. */
    async find(id: SessionId): Promise<FoundSession | undefined> {
      const [row] = await db.$queryRaw<JoinedRow[]>`
        SELECT u.id, u.partner_id AS "partnerId", u.email, u.name, u.role,
               u.created_at AS "createdAt", u.updated_at AS "updatedAt",
               (p.id IS NULL OR p.status = 'active') AS "partnerActive", s.expires_at AS "expiresAt",
               (s.ended_at IS NULL AND s.credentials_version = u.credentials_version) AS open,
               (p.second_factor_required IS TRUE AND f.confirmed_at IS NULL) AS "mustSetUpFactor"
        FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN partners p ON p.id = u.partner_id
        LEFT JOIN second_factors f ON f.user_id = u.id
        WHERE s.id = ${id}`;
      if (row === undefined) return undefined;
      const { partnerActive, open, expiresAt, mustSetUpFactor } = row;
      return { user: toUser(row), partnerActive, open, mustSetUpFactor, expiresAtMs: expiresAt.getTime() };
    },

    /** The open ones of a user, newest first. */
    async list(userId: UserId, { nowMs, after, limit }: Page & { nowMs: number }): Promise<Session[]> {
      const { credentialsVersion } = await db.user.findUniqueOrThrow({ where: { id: userId } });
      const rows = await db.session.findMany({
        where: {
          userId,
          credentialsVersion,
          endedAt: null,
          expiresAt: { gt: new Date(nowMs) },
          ...idsBefore(after),
        },
        orderBy: { id: 'desc' },
        take: limit,
      });
      return rows.map(toSession);
    },

    /** False: whose change it is has no such open session. */
    end(id: SessionId, change: Change): Promise<boolean> {
      return postgres.transaction(async (tx) => {
        const { count } = await tx.session.updateMany({
          where: { id, userId: change.by.userId, endedAt: null },
          data: { endedAt: new Date(change.atMs) },
        });
        if (count > 0) await audit(tx, { change, action: 'session.ended', subjectId: id });
        return count > 0;
      });
    },

    /** Ends all sessions of whose change it is. */
    async endAll(change: Change): Promise<void> {
      const id = change.by.userId;
      await postgres.transaction(async (tx) => {
        await tx.user.updateMany({ where: { id }, data: { credentialsVersion: { increment: 1 } } });
        await audit(tx, { change, action: 'sessions.ended', subjectId: id });
      });
    },

    /** Ends the session that a refresh token belongs to. Undefined: there is none. */
    async endOf(hash: string, atMs: number): Promise<SessionId | undefined> {
      const [row] = await db.$queryRaw<{ id: SessionId }[]>`
        UPDATE sessions SET ended_at = ${new Date(atMs)}
        WHERE ended_at IS NULL AND id = (SELECT family_id FROM refresh_tokens WHERE id = ${hash})
        RETURNING id`;
      return row?.id;
    },

    /** Forgets what was over before. */
    async deleteExpired(beforeMs: number): Promise<void> {
      const before = { lt: new Date(beforeMs) };
      await db.session.deleteMany({ where: { OR: [{ expiresAt: before }, { endedAt: before }] } });
    },
  };
}

type Ended = { readonly change: Change; readonly action: string; readonly subjectId: string };

async function audit(tx: Tx, { change, action, subjectId }: Ended): Promise<void> {
  const { partnerId } = change.by;
  const partnerIds = partnerId === undefined ? [] : [partnerId];
  await appendAudit(tx, { ...auditedBy(change), action, subjectId, partnerIds });
}

function toSession(row: SessionRow): Session {
  return {
    id: row.id as SessionId,
    userId: row.userId as UserId,
    remoteAddress: row.remoteAddress ?? undefined,
    createdAtMs: row.createdAt.getTime(),
    lastUsedAtMs: row.lastUsedAt.getTime(),
    expiresAtMs: row.expiresAt.getTime(),
  };
}

async function openSession(tx: Tx, session: NewSession): Promise<boolean> {
  const { id, userId, credentialsVersion, refreshToken } = session;
  const [user] = await tx.$queryRaw<{ version: number }[]>`
    SELECT credentials_version AS version FROM users WHERE id = ${userId} FOR NO KEY UPDATE`;
  if (user?.version !== credentialsVersion) return false;
  const at = new Date(session.createdAtMs);
  await tx.session.create({
    data: {
      id,
      userId,
      credentialsVersion,
      remoteAddress: session.remoteAddress ?? null,
      createdAt: at,
      lastUsedAt: at,
      expiresAt: new Date(session.expiresAtMs),
    },
  });
  if (refreshToken !== undefined) {
    const { hash, expiresAtMs } = refreshToken;
    const data = { id: hash, familyId: id, userId, createdAt: at, expiresAt: new Date(expiresAtMs) };
    await tx.refreshToken.create({ data });
  }
  await tx.$executeRaw`
    DELETE FROM sessions WHERE id IN (
      SELECT id FROM sessions WHERE user_id = ${userId} ORDER BY created_at DESC OFFSET ${SESSIONS_MAX})`;
  return true;
}
