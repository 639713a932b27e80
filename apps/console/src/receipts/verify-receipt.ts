import { canonicalForm, type Facts, fingerprintOf, RECEIPT_FORMAT } from '@anika/core/receipt/receipt';
import { sha256Of } from '../proof/sha256.ts';

/** A public key of the installation (RFC 7517). */
export type Key = Readonly<Record<string, unknown>>;

export type Verdict =
  /** Signed by this installation, and as it was signed. */
  | { readonly kind: 'genuine'; readonly fingerprint: string; readonly facts: Facts }
  | { readonly kind: 'no-receipt' | 'changed' | 'not-signed-here' | 'wrong-fingerprint' };

type Receipt = { readonly facts: Facts; readonly fingerprint: string; readonly jws: string };

/** The receipt of a text; undefined where it is none. */
export function receiptIn(text: string): Receipt | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { fingerprint, jws, ...facts } = { fingerprint: undefined, jws: undefined, ...value };
    if (typeof fingerprint !== 'string' || typeof jws !== 'string' || !isFacts(facts)) return undefined;
    return { facts, fingerprint, jws };
  } catch {
    return undefined;
  }
}

function isFacts(value: object): value is Facts {
  return 'format' in value && value.format === RECEIPT_FORMAT && 'kind' in value && 'issuer' in value;
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const utf8 = (text: string) => new TextEncoder().encode(text);

async function isSigned(jws: string, keys: readonly Key[]): Promise<boolean> {
  const [header = '', payload = '', signature = ''] = jws.split('.');
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytesOf(header)));
    if (typeof parsed !== 'object' || parsed === null) return false;
    const { alg, typ, kid }: Key = { ...parsed };
    const key = keys.find((one) => one.kid === kid);
    if (alg !== 'ES256' || typ !== 'anika-receipt' || key === undefined) return false;
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    const imported = await crypto.subtle.importKey('jwk', { ...key }, algorithm, false, ['verify']);
    const content = utf8(`${header}.${payload}`);
    return await crypto.subtle.verify(
      { name: 'ECDSA', hash: 'SHA-256' },
      imported,
      bytesOf(signature),
      content,
    );
  } catch {
    return false; // what cannot be read or checked is not signed by us
  }
}

/** Checks a receipt by itself: its fingerprint, that its signature is over these very facts, and whose it is. */
export async function verifyReceipt(text: string, keys: readonly Key[]): Promise<Verdict> {
  const receipt = receiptIn(text);
  if (receipt === undefined) return { kind: 'no-receipt' };
  const { facts, fingerprint, jws } = receipt;
  const canonical = canonicalForm(facts);
  if (!(await isSigned(jws, keys))) return { kind: 'not-signed-here' };
  const signed = new TextDecoder().decode(bytesOf(jws.split('.')[1] ?? ''));
  if (signed !== canonical) return { kind: 'changed' };
  return fingerprintOf(await sha256Of(canonical)) === fingerprint
    ? { kind: 'genuine', fingerprint, facts }
    : { kind: 'wrong-fingerprint' };
}
