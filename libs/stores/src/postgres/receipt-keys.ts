import type { Postgres } from './client.ts';
import { createKeyWrites, type NewKey } from './key-row.ts';

/** A key that signs receipts; of a retired one only the public half is left. */
export type StoredReceiptKey = Omit<NewKey, 'sealedPrivateKey'> & {
  readonly sealedPrivateKey: string | undefined;
};

const RECEIPT_KEY_LOCK = 7_201_026;

export type ReceiptKeyStore = ReturnType<typeof createReceiptKeyStore>;

export function createReceiptKeyStore(postgres: Postgres) {
  const writes = createKeyWrites(postgres, RECEIPT_KEY_LOCK, (tx) => tx.receiptKey);
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

    ensureOne: writes.ensureOne,

    /** Makes a key and retires the present one, whose private half is gone with that. */
    replace: (make: () => Promise<NewKey>, atMs: number): Promise<void> =>
      writes.replace(make, {
        atMs,
        async retire({ receiptKey }) {
          await receiptKey.updateMany({
            where: { retiredAt: null },
            data: { retiredAt: new Date(atMs), privateKey: null },
          });
        },
      }),
  };
}
