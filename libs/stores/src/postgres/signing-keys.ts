import type { Postgres } from './client.ts';
import type { Prisma } from './generated/client.ts';

type NewSigningKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
};

/** A key that access tokens are signed with; a retired one only verifies. Times are milliseconds since the epoch. */
export type StoredSigningKey = NewSigningKey & {
  readonly createdAtMs: number;
  readonly retiredAtMs: number | undefined;
};

const SIGNING_KEY_LOCK = 7_201_003;

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>;

export function createSigningKeyStore(postgres: Postgres) {
  return {
    /** Newest first. */
    async list(): Promise<StoredSigningKey[]> {
      const rows = await postgres.db.signingKey.findMany({
        orderBy: [{ createdAt: 'desc' }, { kid: 'desc' }],
      });
      return rows.map((row) => ({
        kid: row.kid,
        sealedPrivateKey: row.privateKey,
        publicJwk: row.publicJwk as NewSigningKey['publicJwk'],
        createdAtMs: row.createdAt.getTime(),
        retiredAtMs: row.retiredAt?.getTime(),
      }));
    },

    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne(make: () => Promise<NewSigningKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SIGNING_KEY_LOCK})`;
        if ((await tx.signingKey.count({ where: { retiredAt: null } })) > 0) return;
        await tx.signingKey.create({ data: toRow(await make(), atMs) });
      });
    },

    /** Makes a key and retires those before it; deletes what was retired long ago. */
    replace(
      make: () => Promise<NewSigningKey>,
      { atMs, forgetRetiredBeforeMs }: { atMs: number; forgetRetiredBeforeMs: number },
    ): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SIGNING_KEY_LOCK})`;
        await tx.signingKey.deleteMany({ where: { retiredAt: { lt: new Date(forgetRetiredBeforeMs) } } });
        await tx.signingKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: new Date(atMs) } });
        await tx.signingKey.create({ data: toRow(await make(), atMs) });
      });
    },
  };
}

function toRow({ kid, sealedPrivateKey, publicJwk }: NewSigningKey, atMs: number) {
  return {
    kid,
    privateKey: sealedPrivateKey,
    publicJwk: publicJwk as Prisma.InputJsonObject,
    createdAt: new Date(atMs),
  };
}
