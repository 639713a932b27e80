import type { UserId } from '@anika/core/ids';
import type { Postgres, Tx } from './client.ts';

type NewToken = {
  /** Lower-case hex SHA-256 of the token. */
  readonly hash: string;
  /** All tokens that came from one login. */
  readonly familyId: string;
  readonly userId: UserId;
  readonly nowMs: number;
  readonly expiresAtMs: number;
};

type Rotation = {
  readonly hash: string;
  readonly newHash: string;
  readonly nowMs: number;
  readonly expiresAtMs: number;
};

/** `reused`: a token came twice, so one of its holders stole it; the whole family is revoked. */
export type RotationResult =
  | { readonly kind: 'rotated' | 'reused'; readonly userId: UserId }
  | { readonly kind: 'invalid' };

export type RefreshTokenStore = ReturnType<typeof createRefreshTokenStore>;

export function createRefreshTokenStore(postgres: Postgres) {
  const { db } = postgres;

  return {
    async issue({ hash, familyId, userId, nowMs, expiresAtMs }: NewToken): Promise<void> {
      await db.refreshToken.create({
        data: {
          id: hash,
          familyId,
          userId,
          createdAt: new Date(nowMs),
          expiresAt: new Date(expiresAtMs),
        },
      });
    },

    /** Exchanges a token for the next one of its family; of two who present it at once, one succeeds. */
    rotate(rotation: Rotation): Promise<RotationResult> {
      return postgres.transaction((tx) => rotateToken(tx, rotation));
    },

    /** Ends the session that a token belongs to. */
    revokeFamilyOf(hash: string): Promise<void> {
      return postgres.transaction(async (tx) => {
        await lockUserOf(tx, hash);
        await tx.$executeRaw`
          UPDATE refresh_tokens SET revoked_at = now()
          WHERE revoked_at IS NULL AND family_id = (SELECT family_id FROM refresh_tokens WHERE id = ${hash})`;
      });
    },

    async deleteExpired(beforeMs: number): Promise<number> {
      const { count } = await db.refreshToken.deleteMany({
        where: { expiresAt: { lt: new Date(beforeMs) } },
      });
      return count;
    },
  };
}

async function rotateToken(tx: Tx, { hash, newHash, nowMs, expiresAtMs }: Rotation): Promise<RotationResult> {
  await lockUserOf(tx, hash);
  const token = await tx.refreshToken.findUnique({ where: { id: hash } });
  if (token === null || token.revokedAt !== null || token.expiresAt.getTime() <= nowMs) {
    return { kind: 'invalid' };
  }
  const userId = token.userId as UserId;
  const now = new Date(nowMs);
  if (token.usedAt !== null) {
    const family = { familyId: token.familyId, revokedAt: null };
    await tx.refreshToken.updateMany({ where: family, data: { revokedAt: now } });
    return { kind: 'reused', userId };
  }
  await tx.refreshToken.update({ where: { id: hash }, data: { usedAt: now } });
  await tx.refreshToken.create({
    data: {
      id: newHash,
      familyId: token.familyId,
      userId,
      createdAt: now,
      expiresAt: new Date(expiresAtMs),
    },
  });
  return { kind: 'rotated', userId };
}

/**
 * All that happens to the tokens of one user happens one after another. A change of the user or a suspension
 * of its partner revokes them under the same lock, and so cannot miss the one that is being made here.
 */
async function lockUserOf(tx: Tx, hash: string): Promise<void> {
  await tx.$queryRaw`
    SELECT id FROM users WHERE id = (SELECT user_id FROM refresh_tokens WHERE id = ${hash})
    FOR NO KEY UPDATE`;
}
