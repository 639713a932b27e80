import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** Seals texts for storage (AES-256-GCM). Sealed: `<key id>.<nonce>.<tag>.<ciphertext>` in base64url. */
export type SecretBox = {
  /** `context` names what the secret belongs to: a sealed text moved to another row does not open. */
  seal(plain: string, context: string): string;
  /** Throws when the text was changed, belongs to another context, or its key is not configured. */
  open(sealed: string, context: string): string;
  /** Whether it was sealed with an older key and should be sealed anew. */
  isOld(sealed: string): boolean;
};

const NONCE_BYTES = 12;
const KEY_BYTES = 32;

/**
 * Parses `k2:<base64>,k1:<base64>`: the first key seals, all open. Undefined when an id repeats or a key is
 * not 32 bytes.
 */
export function parseSecretKeys(text: string): ReadonlyMap<string, Buffer> | undefined {
  const keys = new Map<string, Buffer>();
  for (const entry of text.split(',')) {
    const match = /^([a-z0-9]{1,16}):([A-Za-z0-9+/=_-]+)$/.exec(entry.trim());
    const [, id = '', encoded = ''] = match ?? [];
    const key = Buffer.from(encoded, 'base64');
    if (match === null || keys.has(id) || key.length !== KEY_BYTES) return undefined;
    keys.set(id, key);
  }
  return keys.size === 0 ? undefined : keys;
}

/** Keys of their own for one purpose, with the same ids (HKDF, RFC 5869): who learns them learns none of the others. */
export function deriveKeys(keys: ReadonlyMap<string, Buffer>, purpose: string): ReadonlyMap<string, Buffer> {
  const derive = (key: Buffer) => Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES));
  return new Map([...keys].map(([id, key]) => [id, derive(key)]));
}

export function createSecretBox(keys: ReadonlyMap<string, Buffer>): SecretBox {
  const [current] = keys;
  if (current === undefined) throw new RangeError('createSecretBox: at least one key is needed');
  const [currentId, currentKey] = current;
  return {
    seal(plain, context) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', currentKey, nonce).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      const parts = [nonce, cipher.getAuthTag(), text].map((part) => part.toString('base64url'));
      return [currentId, ...parts].join('.');
    },
    open(sealed, context) {
      const [id = '', nonce = '', tag = '', text = ''] = sealed.split('.');
      const key = keys.get(id);
      if (key === undefined)
        throw new Error(`a stored secret was sealed with the key "${id}", which is not configured`);
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      })
        .setAAD(Buffer.from(context))
        .setAuthTag(Buffer.from(tag, 'base64url'));
      return Buffer.concat([decipher.update(Buffer.from(text, 'base64url')), decipher.final()]).toString(
        'utf8',
      );
    },
    isOld: (sealed) => !sealed.startsWith(`${currentId}.`),
  };
}
