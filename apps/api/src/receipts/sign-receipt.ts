import { createHash, type KeyObject, sign } from 'node:crypto';
import { canonicalForm, type Facts, fingerprintOf } from '@anika/core/receipt/receipt';

export type SignReceiptNeeds = {
  readonly key: () => Promise<{ readonly kid: string; readonly privateKey: KeyObject }>;
  readonly clock: { now(): number };
};

export type Signed<F> = F & { readonly fingerprint: string; readonly jws: string };
export type SignReceipt = <F extends Facts>(facts: F) => Promise<Signed<F>>;

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** Facts with the fingerprint of their canonical form, and that form signed: a JWS in compact form (RFC 7515). */
export function createSignReceipt({ key, clock }: SignReceiptNeeds): SignReceipt {
  return async (facts) => {
    const form = canonicalForm(facts);
    const { kid, privateKey } = await key();
    // When it was signed is no part of what was signed for: both sides ask at their own time.
    const header = { alg: 'ES256', iat: Math.floor(clock.now() / 1000), kid, typ: 'anika-receipt' };
    const signed = `${base64url(JSON.stringify(header))}.${base64url(form)}`;
    const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return {
      ...facts,
      fingerprint: fingerprintOf(createHash('sha256').update(form).digest('hex')),
      jws: `${signed}.${signature.toString('base64url')}`,
    };
  };
}
