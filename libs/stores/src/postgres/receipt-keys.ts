import type { Postgres } from './client.ts';
import { type NewKey, toKeyRow } from './key-row.ts';

/** A key that signs receipts; of a retired one only the public half is left. */
export type StoredReceiptKey = Omit<NewKey, 'sealedPrivateKey'> & {
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
        publicJwk: row.publicJwk as NewKey['publicJwk'],
      }));
    },

    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne(make: () => Promise<NewKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RECEIPT_KEY_LOCK})`;
        if ((await tx.receiptKey.count({ where: { retiredAt: null } })) > 0) return;
        await tx.receiptKey.create({ data: toKeyRow(await make(), atMs) });
      });
    },

    /** Makes a key and retires the present one, whose private half is gone with that. */
    replace(make: () => Promise<NewKey>, atMs: number): Promise<void> {
      return postgres.transaction(async (tx) => {
        await tx.$executeRaw`SELECT pg_advisory_xact_lock(${RECEIPT_KEY_LOCK})`;
        await tx.receiptKey.updateMany({
          where: { retiredAt: null },
          data: { retiredAt: new Date(atMs), privateKey: null },
        });
        await tx.receiptKey.create({ data: toKeyRow(await make(), atMs) });
      });
    },
  };
}
