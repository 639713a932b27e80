import type { Postgres } from './client.ts';
import { type NewKey, toKeyRow } from './key-row.ts';

/** A key that signs requests to endpoints. Times are milliseconds since the epoch. */
export type StoredWebhookKey = NewKey & {
  readonly createdAtMs: number;
  readonly retiredAtMs: number | undefined;
};

const WEBHOOK_KEY_LOCK = 7_201_016;

export type WebhookKeyStore = ReturnType<typeof createWebhookKeyStore>;

export function createWebhookKeyStore(postgres: Postgres) {
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

    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne(make: () => Promise<NewKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${WEBHOOK_KEY_LOCK})`;
        if ((await tx.webhookKey.count({ where: { retiredAt: null } })) > 0) return;
        await tx.webhookKey.create({ data: toKeyRow(await make(), atMs) });
      });
    },

    /** Makes a key, retires the present one and deletes the one before that. */
    replace(make: () => Promise<NewKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${WEBHOOK_KEY_LOCK})`;
        await tx.webhookKey.deleteMany({ where: { retiredAt: { not: null } } });
        await tx.webhookKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: new Date(atMs) } });
        await tx.webhookKey.create({ data: toKeyRow(await make(), atMs) });
      });
    },
  };
}
