import type { Postgres, Tx } from './client.ts';
import type { Prisma } from './generated/client.ts';

/** A key that was just made; its private half sealed, as PKCS #8 in PEM. */
export type NewKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  /** RFC 7517. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
};

type KeyRow = {
  readonly kid: string;
  readonly privateKey: string;
  readonly publicJwk: Prisma.InputJsonObject;
  readonly createdAt: Date;
};

/** A table of keys of one kind. */
type KeyTable = {
  count(active: { where: { retiredAt: null } }): PromiseLike<number>;
  create(row: { data: KeyRow }): PromiseLike<unknown>;
};

function toKeyRow({ kid, sealedPrivateKey, publicJwk }: NewKey, atMs: number): KeyRow {
  return {
    kid,
    privateKey: sealedPrivateKey,
    publicJwk: publicJwk as Prisma.InputJsonObject,
    createdAt: new Date(atMs),
  };
}

/** Changes to a table of keys, by one process at a time. */
export function createKeyWrites(postgres: Postgres, lock: number, tableOf: (tx: Tx) => KeyTable) {
  const alone = (work: (tx: Tx) => Promise<void>) =>
    postgres.transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${lock})`;
      await work(tx);
    });

  return {
    /** Makes a key when none is active; of processes that start together, one does. */
    ensureOne: (make: () => Promise<NewKey>, atMs: number): Promise<void> =>
      alone(async (tx) => {
        if ((await tableOf(tx).count({ where: { retiredAt: null } })) > 0) return;
        await tableOf(tx).create({ data: toKeyRow(await make(), atMs) });
      }),

    /** Makes a key, once those before it are out of the way. */
    replace: (
      make: () => Promise<NewKey>,
      { atMs, retire }: { atMs: number; retire: (tx: Tx) => Promise<unknown> },
    ): Promise<void> =>
      alone(async (tx) => {
        await retire(tx);
        await tableOf(tx).create({ data: toKeyRow(await make(), atMs) });
      }),
  };
}
