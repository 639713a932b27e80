import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { secretContext } from '@anika/core/secret-context';
import { keepKnown } from '@anika/runtime/keep-known';

type PublicJwk = Readonly<Record<string, unknown>>;
type NewKey = { readonly kid: string; readonly sealedPrivateKey: string; readonly publicJwk: PublicJwk };
/** Of a retired one the private half is gone. */
type StoredKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string | undefined;
  readonly publicJwk: PublicJwk;
};

export type ReceiptKeyNeeds = {
  readonly store: {
    /** Newest first. */
    list(): Promise<readonly StoredKey[]>;
    ensureOne(make: () => Promise<NewKey>, atMs: number): Promise<void>;
    replace(make: () => Promise<NewKey>, atMs: number): Promise<void>;
  };
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly newKid: () => string;
  readonly clock: { now(): number };
};

export type ReceiptKeys = {
  /** The key that receipts are signed with. */
  present(): Promise<{ readonly kid: string; readonly privateKey: KeyObject }>;
  /** The public halves of all there ever were (RFC 7517). */
  jwks(): Promise<readonly PublicJwk[]>;
  /** A new key from now on; the private half of the one before is destroyed. */
  rotate(): Promise<void>;
};

/** Within this time all processes sign with a new key. */
const SIGNING_MS = 60_000;
/** So old what is published may be: a key is to be found before anybody has a receipt of it. */
const PUBLISHED_MS = 5000;

type Ring = {
  readonly present: { readonly kid: string; readonly privateKey: KeyObject };
  readonly jwks: readonly PublicJwk[];
};

/**
 * The ES256 keys of receipts: made on first use, shared by all processes over the database. They are other keys than
 * those of access tokens, so that a receipt can never be taken for one, and theirs are not forgotten: whoever keeps a
 * receipt for years can verify it for as long.
 */
export function createReceiptKeys(needs: ReceiptKeyNeeds): ReceiptKeys {
  const { store, secretBox, clock } = needs;
  async function load(): Promise<Ring> {
    await store.ensureOne(() => makeKey(needs), clock.now());
    const stored = await store.list();
    const newest = stored.find(({ sealedPrivateKey }) => sealedPrivateKey !== undefined);
    if (newest?.sealedPrivateKey === undefined) throw new Error('there is no key for receipts');
    const { kid, sealedPrivateKey } = newest;
    const pem = secretBox.open(sealedPrivateKey, secretContext.receiptKey(kid));
    return {
      present: { kid, privateKey: createPrivateKey(pem) },
      jwks: stored.map(({ publicJwk }) => ({ ...publicJwk })),
    };
  }

  // Known keys go on signing while the database is away.
  const ring = keepKnown(load, clock);

  return {
    present: async () => (await ring.get(SIGNING_MS)).present,
    jwks: async () => (await ring.get(PUBLISHED_MS)).jwks,
    async rotate() {
      await store.replace(() => makeKey(needs), clock.now());
      ring.forget();
    },
  };
}

async function makeKey({ newKid, secretBox }: ReceiptKeyNeeds): Promise<NewKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const kid = `receipt-${newKid()}`;
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    kid,
    sealedPrivateKey: secretBox.seal(pem, secretContext.receiptKey(kid)),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' },
  };
}
