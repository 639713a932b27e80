import { Secret } from 'otpauth';
import { describe, expect, it } from 'vitest';
import { issuerOf, newTotpSecret, stepOfCode, totpUri } from './totp-codes.ts';

/** Of RFC 6238, appendix B: SHA-1; there with eight digits. */
const secret = Secret.fromUTF8('12345678901234567890').base32;
const VECTORS = [
  [59, '94287082'],
  [1_111_111_109, '07081804'],
  [1_111_111_111, '14050471'],
  [1_234_567_890, '89005924'],
  [2_000_000_000, '69279037'],
] as const;

describe('issuerOf()', () => {
  it.each([
    ['https://broker.example:8443/x', 'ANIKA broker.example'],
    ['http://[::1]:3000', 'ANIKA 1'],
  ])('of %s has no colon, which would end it', (url, issuer) => {
    expect(issuerOf(url)).toBe(issuer);
    expect(totpUri({ secret, issuer: issuerOf(url), email: 'a@b.example' })).toContain('issuer=ANIKA');
  });
});

describe('stepOfCode()', () => {
  it.each(VECTORS)('at %i s knows %s by its last six digits', (seconds, digits) => {
    const found = stepOfCode(digits.slice(-6), { secret, nowMs: seconds * 1000 });
    expect(found).toBe(Math.floor(seconds / 30));
  });

  it.each([
    [-31, undefined],
    [-30, 1],
    [0, 1],
    [59, 1],
    [60, undefined],
  ])('takes the code of 30–59 s at %i s after its step has begun: %s', (after, step) => {
    expect(stepOfCode('287082', { secret, nowMs: (30 + after) * 1000 })).toBe(step);
  });

  it.each(['', '28708', '2870820', '287082 ', 'abcdef', '２８７０８２'])('knows "%s" as none', (code) => {
    expect(stepOfCode(code, { secret, nowMs: 59_000 })).toBeUndefined();
  });
});

it('newTotpSecret() has 160 bits, each time others', () => {
  const [one, other] = [newTotpSecret(), newTotpSecret()];
  expect(Secret.fromBase32(one).bytes).toHaveLength(20);
  expect(one).not.toBe(other);
});

it('totpUri() has what apps read, whatever the address is made of', () => {
  const uri = new URL(
    totpUri({ secret, issuer: 'ANIKA anika.example', email: "o'neil&co/a=b@авто.example" }),
  );
  expect(uri.protocol).toBe('otpauth:');
  expect(decodeURIComponent(uri.pathname)).toContain("ANIKA anika.example:o'neil&co/a=b@авто.example");
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: 'ANIKA anika.example',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
