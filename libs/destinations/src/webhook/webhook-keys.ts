import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { secretContext } from '@anika/core/secret-context';
import { keepKnown } from '@anika/runtime/keep-known';

type NewKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
};
type StoredKey = NewKey & { readonly retiredAtMs: number | undefined };

export type WebhookKeyNeeds = {
  readonly store: {
    /** Newest first. */
    list(): Promise<readonly StoredKey[]>;
    ensureOne(make: () => Promise<NewKey>, atMs: number): Promise<void>;
    /** Of those before only the present one is left, retired. */
    replace(make: () => Promise<NewKey>, atMs: number): Promise<void>;
  };
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly newKid: () => string;
  readonly clock: { now(): number };
};

export type WebhookKeys = {
  /** All of these sign: the present one, and for a week the one before it. */
  signing(): Promise<readonly KeyObject[]>;
  /** RFC 7517 and 8037: the public halves of the same keys. */
  jwks(): Promise<{ keys: Readonly<Record<string, unknown>>[] }>;
  /** A new key; the one before goes on signing for a week, unless another rotation takes it away. */
  rotate(): Promise<void>;
};

/** Whoever has written down a public key has this long to take the new one. */
const OVERLAP_MS = 7 * 24 * 3_600_000;
/** Within this time all processes sign with a new key too. */
const RELOAD_MS = 60_000;

type Ring = { readonly keys: readonly KeyObject[]; readonly jwks: Readonly<Record<string, unknown>>[] };

/** The Ed25519 keys of the installation: made on first use, shared by all processes over the database. */
export function createWebhookKeys(needs: WebhookKeyNeeds): WebhookKeys {
  const { store, secretBox, clock } = needs;
  async function load(): Promise<Ring> {
    const nowMs = clock.now();
    await store.ensureOne(() => makeKey(needs), nowMs);
    const good = (await store.list()).filter(
      ({ retiredAtMs }) => (retiredAtMs ?? nowMs) > nowMs - OVERLAP_MS,
    );
    return {
      keys: good.map(({ kid, sealedPrivateKey }) =>
        createPrivateKey(secretBox.open(sealedPrivateKey, secretContext.webhookKey(kid))),
      ),
      jwks: good.map(({ publicJwk }) => ({ ...publicJwk })),
    };
  }

  // Known keys go on signing while the database is away.
  const ring = keepKnown(load, clock);

  return {
    signing: async () => (await ring.get(RELOAD_MS)).keys,
    jwks: async () => ({ keys: (await ring.get(RELOAD_MS)).jwks }),
    async rotate() {
      await store.replace(() => makeKey(needs), clock.now());
      ring.forget();
    },
  };
}

async function makeKey({ newKid, secretBox }: WebhookKeyNeeds): Promise<NewKey> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ed25519');
  const kid = newKid();
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    kid,
    sealedPrivateKey: secretBox.seal(pem, secretContext.webhookKey(kid)),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'EdDSA' },
  };
}
