import type { Postgres } from './client.ts';
import { type NewKey, toKeyRow } from './key-row.ts';

/** A key that access tokens are signed with; a retired one only verifies. Times are milliseconds since the epoch. */
export type StoredSigningKey = NewKey & {
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
        publicJwk: row.publicJwk as NewKey['publicJwk'],
        createdAtMs: row.createdAt.getTime(),
        retiredAtMs: row.retiredAt?.getTime(),
      }));
    },

    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne(make: () => Promise<NewKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SIGNING_KEY_LOCK})`;
        if ((await tx.signingKey.count({ where: { retiredAt: null } })) > 0) return;
        await tx.signingKey.create({ data: toKeyRow(await make(), atMs) });
      });
    },

    /** Makes a key and retires those before it; deletes what was retired long ago. */
    replace(
      make: () => Promise<NewKey>,
      { atMs, forgetRetiredBeforeMs }: { atMs: number; forgetRetiredBeforeMs: number },
    ): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SIGNING_KEY_LOCK})`;
        await tx.signingKey.deleteMany({ where: { retiredAt: { lt: new Date(forgetRetiredBeforeMs) } } });
        await tx.signingKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: new Date(atMs) } });
        await tx.signingKey.create({ data: toKeyRow(await make(), atMs) });
      });
    },
  };
}
