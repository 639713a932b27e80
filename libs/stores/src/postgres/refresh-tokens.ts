import type { SessionId, UserId } from '@anika/core/ids';
import { isSameHolder, sessionEndMs } from '@anika/core/session';
import type { Postgres, Tx } from './client.ts';
import type { RefreshToken, Session } from './generated/client.ts';

type Rotation = {
  /** Lower-case hex SHA-256 of the token that is used. */
  readonly hash: string;
  /** What, with the token itself, gives the next one; kept so that it can be given once more. */
  readonly salt: string;
  readonly newHash: string;
  /** The network it is used from. */
  readonly from: string;
  readonly nowMs: number;
};

/**
 * `again`: it was used by the same holder a moment ago; the next token comes from the salt of then. `reused`: it came
 * twice, so one of its holders stole it; the session is over.
 */
export type RotationResult =
  | { readonly kind: 'rotated' | 'reused'; readonly userId: UserId; readonly sessionId: SessionId }
  | { readonly kind: 'again'; readonly userId: UserId; readonly sessionId: SessionId; readonly salt: string }
  | { readonly kind: 'invalid' };

export type RefreshTokenStore = ReturnType<typeof createRefreshTokenStore>;

export function createRefreshTokenStore(postgres: Postgres) {
  return {
    /** Exchanges a token for the next one of its session; of others who present it at once, none gets another one. */
    rotate(rotation: Rotation): Promise<RotationResult> {
      return postgres.transaction((tx) => rotateToken(tx, rotation));
    },

    async deleteExpired(beforeMs: number): Promise<number> {
      const { count } = await postgres.db.refreshToken.deleteMany({
        where: { expiresAt: { lt: new Date(beforeMs) } },
      });
      return count;
    },
  };
}

async function rotateToken(tx: Tx, rotation: Rotation): Promise<RotationResult> {
  const { hash, nowMs, from } = rotation;
  const version = await lockUserOf(tx, hash);
  const token = await tx.refreshToken.findUnique({ where: { id: hash } });
  if (token === null || token.revokedAt !== null || token.expiresAt.getTime() <= nowMs) {
    return { kind: 'invalid' };
  }
  const session = await tx.session.findUnique({ where: { id: token.familyId } });
  if (!isOpen(session, { version, nowMs })) return { kind: 'invalid' };
  const whose = { userId: token.userId as UserId, sessionId: session.id as SessionId };
  if (token.usedAt === null) {
    await useToken(tx, { token, session, rotation });
    return { kind: 'rotated', ...whose };
  }
  const first = { usedAtMs: token.usedAt.getTime(), usedFrom: token.usedFrom ?? undefined };
  if (token.successorSalt !== null && isSameHolder(first, { nowMs, from })) {
    return { kind: 'again', ...whose, salt: token.successorSalt };
  }
  await tx.session.update({ where: { id: session.id }, data: { endedAt: new Date(nowMs) } });
  return { kind: 'reused', ...whose };
}

function isOpen(
  session: Session | null,
  { version, nowMs }: { version: number | undefined; nowMs: number },
): session is Session {
  if (session === null || session.endedAt !== null) return false;
  return session.credentialsVersion === version && session.expiresAt.getTime() > nowMs;
}

type Use = { readonly token: RefreshToken; readonly session: Session; readonly rotation: Rotation };

async function useToken(tx: Tx, { token, session, rotation }: Use): Promise<void> {
  const { salt, newHash, from, nowMs } = rotation;
  const now = new Date(nowMs);
  const expiresAt = new Date(sessionEndMs({ createdAtMs: session.createdAt.getTime(), nowMs }));
  await tx.refreshToken.update({
    where: { id: token.id },
    data: { usedAt: now, usedFrom: from, successorSalt: salt },
  });
  const { familyId, userId } = token;
  await tx.refreshToken.create({ data: { id: newHash, familyId, userId, createdAt: now, expiresAt } });
  await tx.session.update({ where: { id: session.id }, data: { lastUsedAt: now, expiresAt } });
}

/**
 * All that happens to the tokens of one user happens one after another, and so does a change of its credentials, which
 * cannot miss the token that is being made here. Returns the version of the credentials.
 */
async function lockUserOf(tx: Tx, hash: string): Promise<number | undefined> {
  const [user] = await tx.$queryRaw<{ version: number }[]>`
    SELECT credentials_version AS version FROM users
    WHERE id = (SELECT user_id FROM refresh_tokens WHERE id = ${hash}) FOR NO KEY UPDATE`;
  return user?.version;
}
