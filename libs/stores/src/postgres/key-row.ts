import type { Prisma } from './generated/client.ts';

/** A key that was just made; its private half sealed, as PKCS #8 in PEM. */
export type NewKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  /** RFC 7517. */
  readonly publicJwk: Readonly<Record<string, unknown>>;
};

/** For a table of keys of one kind. */
export function toKeyRow({ kid, sealedPrivateKey, publicJwk }: NewKey, atMs: number) {
  return {
    kid,
    privateKey: sealedPrivateKey,
    publicJwk: publicJwk as Prisma.InputJsonObject,
    createdAt: new Date(atMs),
  };
}
