import type { Postgres } from './client.ts';
import { createKeyWrites, type NewKey } from './key-row.ts';

/** A key that access tokens are signed with; a retired one only verifies. Times are milliseconds since the epoch. */
export type StoredSigningKey = NewKey & {
  readonly createdAtMs: number;
  readonly retiredAtMs: number | undefined;
};

const SIGNING_KEY_LOCK = 7_201_003;

export type SigningKeyStore = ReturnType<typeof createSigningKeyStore>;

export function createSigningKeyStore(postgres: Postgres) {
  const writes = createKeyWrites(postgres, SIGNING_KEY_LOCK, (tx) => tx.signingKey);
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

    ensureOne: writes.ensureOne,

    /** Makes a key and retires those before it; deletes what was retired long ago. */
    replace: (
      make: () => Promise<NewKey>,
      { atMs, forgetRetiredBeforeMs }: { atMs: number; forgetRetiredBeforeMs: number },
    ): Promise<void> =>
      writes.replace(make, {
        atMs,
        async retire({ signingKey }) {
          await signingKey.deleteMany({ where: { retiredAt: { lt: new Date(forgetRetiredBeforeMs) } } });
          await signingKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: new Date(atMs) } });
        },
      }),
  };
}
