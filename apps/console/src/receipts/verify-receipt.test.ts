import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { canonicalForm, type Facts, fingerprintOf, RECEIPT_FORMAT } from '@anika/core/receipt/receipt';
import { describe, expect, it } from 'vitest';
import { receiptIn, verifyReceipt } from './verify-receipt.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const KEY = { ...publicKey.export({ format: 'jwk' }), kid: 'receipt-1' };
const FACTS = {
  format: RECEIPT_FORMAT,
  kind: 'pair',
  issuer: 'https://anika.example',
  accepted: 12,
  note: 'Лада',
};

const part = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

function receiptOf(
  facts: Facts,
  header: object = { alg: 'ES256', typ: 'anika-receipt', kid: 'receipt-1' },
): string {
  const canonical = canonicalForm(facts);
  const content = `${part(header)}.${part(canonical)}`;
  const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const fingerprint = fingerprintOf(createHash('sha256').update(canonical).digest('hex'));
  return JSON.stringify({ ...facts, fingerprint, jws: `${content}.${signature.toString('base64url')}` });
}

describe('verifyReceipt()', () => {
  const genuine = receiptOf(FACTS);

  it('takes a receipt of this installation, in whatever order and spacing it was kept', async () => {
    const kept = JSON.stringify(
      Object.fromEntries(Object.entries(JSON.parse(genuine)).reverse()),
      undefined,
      2,
    );
    expect(await verifyReceipt(kept, [KEY])).toMatchObject({ kind: 'genuine', facts: { accepted: 12 } });
  });

  it.each([
    ['a changed figure', { ...JSON.parse(genuine), accepted: 13 }, [KEY], 'changed'],
    ['a figure more', { ...JSON.parse(genuine), dead: 0 }, [KEY], 'changed'],
    [
      'another fingerprint',
      { ...JSON.parse(genuine), fingerprint: '0000-0000-0000-0000' },
      [KEY],
      'wrong-fingerprint',
    ],
    ['a key that is not there', JSON.parse(genuine), [], 'not-signed-here'],
    [
      'a broken signature',
      { ...JSON.parse(genuine), jws: `${JSON.parse(genuine).jws.slice(0, -8)}AAAAAAAA` },
      [KEY],
      'not-signed-here',
    ],
    [
      'another kind of token',
      JSON.parse(receiptOf(FACTS, { alg: 'ES256', typ: 'at+jwt', kid: 'receipt-1' })),
      [KEY],
      'not-signed-here',
    ],
    ['no signature at all', { ...JSON.parse(genuine), jws: 'none' }, [KEY], 'not-signed-here'],
    ['something else', { hello: 1 }, [KEY], 'no-receipt'],
  ])('refuses %s', async (_, receipt, keys, kind) => {
    expect(await verifyReceipt(JSON.stringify(receipt), keys)).toEqual({ kind });
  });

  it.each(['', '{', 'null', '[]'])('takes %s for no receipt', (text) => {
    expect(receiptIn(text)).toBeUndefined();
  });
});
