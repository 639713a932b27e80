import type { Postgres } from './client.ts';
import type { Prisma } from './generated/client.ts';

type NewReceiptKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
};

/** A key that signs receipts; of a retired one only the public half is left. */
export type StoredReceiptKey = Omit<NewReceiptKey, 'sealedPrivateKey'> & {
  readonly sealedPrivateKey: string | undefined;
};

const RECEIPT_KEY_LOCK = 7_201_026;

export type ReceiptKeyStore = ReturnType<typeof createReceiptKeyStore>;

export function createReceiptKeyStore(postgres: Postgres) {
  return {
    /** Newest first. */
    async list(): Promise<StoredReceiptKey[]> {
      const rows = await postgres.db.receiptKey.findMany({
        orderBy: [{ createdAt: 'desc' }, { kid: 'desc' }],
      });
      return rows.map((row) => ({
        kid: row.kid,
        sealedPrivateKey: row.privateKey ?? undefined,
        publicJwk: row.publicJwk as NewReceiptKey['publicJwk'],
      }));
    },

    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne(make: () => Promise<NewReceiptKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RECEIPT_KEY_LOCK})`;
        if ((await tx.receiptKey.count({ where: { retiredAt: null } })) > 0) return;
        await tx.receiptKey.create({ data: toRow(await make(), atMs) });
      });
    },

    /** Makes a key and retires the present one, whose private half is gone with that. */
    replace(make: () => Promise<NewReceiptKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RECEIPT_KEY_LOCK})`;
        await tx.receiptKey.updateMany({
          where: { retiredAt: null },
          data: { retiredAt: new Date(atMs), privateKey: null },
        });
        await tx.receiptKey.create({ data: toRow(await make(), atMs) });
      });
    },
  };
}

function toRow({ kid, sealedPrivateKey, publicJwk }: NewReceiptKey, atMs: number) {
  return {
    kid,
    privateKey: sealedPrivateKey,
    publicJwk: publicJwk as Prisma.InputJsonObject,
    createdAt: new Date(atMs),
  };
}
