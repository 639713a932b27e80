import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { secretContext } from '@anika/core/secret-context';
import { keepKnown } from '@anika/runtime/keep-known';

type StoredKey = {
  readonly kid: string;
  readonly sealedPrivateKey: string;
  readonly publicJwk: Readonly<Record<string, unknown>>;
  readonly retiredAtMs: number | undefined;
};

export type SigningKeyNeeds = {
  readonly store: {
    list(): Promise<readonly StoredKey[]>;
    ensureOne(make: () => Promise<Omit<StoredKey, 'retiredAtMs'>>, atMs: number): Promise<void>;
    replace(
      make: () => Promise<Omit<StoredKey, 'retiredAtMs'>>,
      times: { atMs: number; forgetRetiredBeforeMs: number },
    ): Promise<void>;
  };
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly clock: { now(): number };
};

export type SigningKey = { readonly kid: string; readonly privateKey: KeyObject };

export type SigningKeys = {
  /** The key new tokens are signed with. */
  current(): Promise<SigningKey>;
  /** Undefined when no such key was ever published. */
  publicKey(kid: string): Promise<KeyObject | undefined>;
  /**
   * From now on new tokens are signed with a new key. Older ones still verify what they signed, and are forgotten
   * a day after they were replaced.
   */
  rotate(): Promise<void>;
  /** RFC 7517. */
  jwks(): Promise<{ keys: Readonly<Record<string, unknown>>[] }>;
};

const RELOAD_MS = 60_000;
/** Far longer than any access token lives. */
const KEEP_RETIRED_MS = 24 * 3_600_000;
/** A made-up `kid` must not make every request read the database. */
const RELOAD_UNKNOWN_MS = 2000;

type Ring = {
  readonly stored: readonly StoredKey[];
  readonly current: SigningKey;
  readonly publicKeys: ReadonlyMap<string, KeyObject>;
};

async function makeKey(needs: SigningKeyNeeds): Promise<Omit<StoredKey, 'retiredAtMs'>> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('ec', { namedCurve: 'P-256' });
  const kid = randomBytes(9).toString('base64url');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    kid,
    sealedPrivateKey: needs.secretBox.seal(pem, secretContext.signingKey(kid)),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'ES256' },
  };
}

/** The ES256 keys of access tokens: made on first use, shared by all processes over the database. */
export function createSigningKeys(needs: SigningKeyNeeds): SigningKeys {
  async function load(): Promise<Ring> {
    await needs.store.ensureOne(() => makeKey(needs), needs.clock.now());
    const stored = await needs.store.list();
    const newest = stored.find((key) => key.retiredAtMs === undefined);
    if (newest === undefined) throw new Error('there is no signing key');
    const pem = needs.secretBox.open(newest.sealedPrivateKey, secretContext.signingKey(newest.kid));
    return {
      stored,
      current: { kid: newest.kid, privateKey: createPrivateKey(pem) },
      publicKeys: new Map(
        stored.map((key) => [key.kid, createPublicKey({ key: key.publicJwk, format: 'jwk' })]),
      ),
    };
  }

  // Known keys go on signing while the database is away.
  const ring = keepKnown(load, needs.clock);

  return {
    current: async () => (await ring.get(RELOAD_MS)).current,
    async publicKey(kid) {
      const known = (await ring.get(RELOAD_MS)).publicKeys.get(kid);
      return known ?? (await ring.get(RELOAD_UNKNOWN_MS)).publicKeys.get(kid);
    },
    async rotate() {
      const atMs = needs.clock.now();
      const forgetRetiredBeforeMs = atMs - KEEP_RETIRED_MS;
      await needs.store.replace(() => makeKey(needs), { atMs, forgetRetiredBeforeMs });
      ring.forget();
    },
    jwks: async () => ({ keys: (await ring.get(RELOAD_MS)).stored.map((key) => ({ ...key.publicJwk })) }),
  };
}
