import { expect, it } from 'vitest';
import { credentialHash, isWellFormed, newCredential, refreshTokenAfter } from './credentials.ts';

const KINDS = ['key', 'refresh', 'invitation'] as const;

it.each(KINDS)('a new %s is well formed, and with any character changed, added or lost it is not', (kind) => {
  const credential = newCredential(kind);
  expect(isWellFormed(kind, credential)).toBe(true);
  for (let at = 0; at < credential.length; at += 1) {
    const other = credential[at] === 'A' ? 'B' : 'A';
    expect(isWellFormed(kind, credential.slice(0, at) + other + credential.slice(at + 1))).toBe(false);
  }
  for (const wrong of [
    `${credential}A`,
    credential.slice(0, -1),
    credential.slice(1),
    '',
    'ank_',
    'ank_madeup',
  ]) {
    expect(isWellFormed(kind, wrong)).toBe(false);
  }
});

it('one kind is not another', () => {
  for (const kind of KINDS) {
    for (const other of KINDS.filter((one) => one !== kind)) {
      expect(isWellFormed(other, newCredential(kind))).toBe(false);
    }
  }
});

it('a key from before there was a check is well formed', () => {
  expect(isWellFormed('key', `ank_${Buffer.alloc(32, 250).toString('base64url')}`)).toBe(true);
});

it('the token after a refresh token is the same for token and salt, and another for others', () => {
  const token = newCredential('refresh');
  const next = refreshTokenAfter(token, 'salt');
  expect(refreshTokenAfter(token, 'salt')).toBe(next);
  expect(isWellFormed('refresh', next)).toBe(true);
  const others = [
    refreshTokenAfter(token, 'another salt'),
    refreshTokenAfter(newCredential('refresh'), 'salt'),
    refreshTokenAfter(credentialHash(token), 'salt'),
  ];
  expect(others).not.toContain(next);
});
