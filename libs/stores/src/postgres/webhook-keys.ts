import type { Postgres } from './client.ts';
import { createKeyWrites, type NewKey } from './key-row.ts';

/** A key that signs requests to endpoints. Times are milliseconds since the epoch. */
export type StoredWebhookKey = NewKey & {
  readonly createdAtMs: number;
  readonly retiredAtMs: number | undefined;
};

const WEBHOOK_KEY_LOCK = 7_201_016;

export type WebhookKeyStore = ReturnType<typeof createWebhookKeyStore>;

export function createWebhookKeyStore(postgres: Postgres) {
  const writes = createKeyWrites(postgres, WEBHOOK_KEY_LOCK, (tx) => tx.webhookKey);
  return {
    /** Newest first. */
    async list(): Promise<StoredWebhookKey[]> {
      const rows = await postgres.db.webhookKey.findMany({
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

    /** Makes a key, retires the present one and deletes the one before that. */
    replace: (make: () => Promise<NewKey>, atMs: number): Promise<void> =>
      writes.replace(make, {
        atMs,
        async retire({ webhookKey }) {
          await webhookKey.deleteMany({ where: { retiredAt: { not: null } } });
          await webhookKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: new Date(atMs) } });
        },
      }),
  };
}
