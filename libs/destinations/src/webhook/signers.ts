import { createHmac, type KeyObject, sign } from 'node:crypto';

const PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** A new signing secret from at least 32 bytes of a cryptographic source: `whsec_` and base64. */
export function newSecret(random: Uint8Array): string {
  if (random.length < SECRET_BYTES)
    throw new RangeError(`newSecret: ${SECRET_BYTES} random bytes are needed`);
  return PREFIX + Buffer.from(random.subarray(0, SECRET_BYTES)).toString('base64');
}

/** What a signature of Standard Webhooks 1.0 covers. */
export type Signed = {
  readonly id: string;
  readonly timestampSeconds: number;
  readonly body: string | Buffer;
};

/** Gives the `webhook-signature` header: one signature a key, separated by spaces. */
export type Signer = (signed: Signed) => string | Promise<string>;

/** `v1,<base64>` for each secret: whoever has one of them can verify the request. */
export function hmacSigner(secrets: readonly string[]): (signed: Signed) => string {
  const keys = secrets.map((secret) =>
    Buffer.from(secret.slice(secret.startsWith(PREFIX) ? PREFIX.length : 0), 'base64'),
  );
  return (signed) => {
    const head = headOf(signed);
    const one = (key: Uint8Array) =>
      createHmac('sha256', key).update(head).update(signed.body).digest('base64');
    return keys.map((key) => `v1,${one(key)}`).join(' ');
  };
}

/** `v1a,<base64>` for each key of the installation (RFC 8032): whoever knows one of the public keys can verify. */
export function ed25519Signer(keys: () => Promise<readonly KeyObject[]>): Signer {
  return async (signed) => {
    const content = Buffer.concat([Buffer.from(headOf(signed)), bytesOf(signed.body)]);
    return (await keys()).map((key) => `v1a,${sign(null, content, key).toString('base64')}`).join(' ');
  };
}

/** What stands before the body in the text that is signed. */
function headOf({ id, timestampSeconds }: Signed): string {
  return `${id}.${timestampSeconds}.`;
}

function bytesOf(body: string | Buffer): Buffer {
  return typeof body === 'string' ? Buffer.from(body) : body;
}
