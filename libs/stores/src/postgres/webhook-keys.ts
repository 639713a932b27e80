import type { Postgres } from './client.ts';
import type { Prisma } from './generated/client.ts';

type NewWebhookKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
};

/** A key that signs requests to endpoints. Times are milliseconds since the epoch. */
export type StoredWebhookKey = NewWebhookKey & {
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
        publicJwk: row.publicJwk as NewWebhookKey['publicJwk'],
        createdAtMs: row.createdAt.getTime(),
        retiredAtMs: row.retiredAt?.getTime(),
      }));
    },

    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne(make: () => Promise<NewWebhookKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${WEBHOOK_KEY_LOCK})`;
        if ((await tx.webhookKey.count({ where: { retiredAt: null } })) > 0) return;
        await tx.webhookKey.create({ data: toRow(await make(), atMs) });
      });
    },

    /** Makes a key, retires the present one and deletes the one before that. */
    replace(make: () => Promise<NewWebhookKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${WEBHOOK_KEY_LOCK})`;
        await tx.webhookKey.deleteMany({ where: { retiredAt: { not: null } } });
        await tx.webhookKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: new Date(atMs) } });
        await tx.webhookKey.create({ data: toRow(await make(), atMs) });
      });
    },
  };
}

function toRow({ kid, sealedPrivateKey, publicJwk }: NewWebhookKey, atMs: number) {
  return {
    kid,
    privateKey: sealedPrivateKey,
    publicJwk: publicJwk as Prisma.InputJsonObject,
    createdAt: new Date(atMs),
  };
}
