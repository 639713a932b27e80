import type { ApiKey } from '@anika/core/api-key';
import type { SessionId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { until } from '@anika/testkit/until';
import { describe, expect, it } from 'vitest';
import type { VerifiedToken } from './access-tokens.ts';
import { type AuthenticateNeeds, CACHE_MS, createAuthenticate } from './authenticate.ts';
import { newCredential } from './credentials.ts';
import { challengeOf, REFUSALS, type Refusal } from './refusals.ts';

const USER = { id: 'usr_1', partnerId: 'par_1', role: 'developer', email: 'a@example.org' } as User;
const SESSION = 'ses_1' as SessionId;
const FOUND = { user: USER, partnerActive: true, open: true, expiresAtMs: 1000, mustSetUpFactor: false };
const TOKEN = 'Bearer abc.def.ghi';

const NEEDS = {
  tokens: { verify: async () => ({ userId: USER.id, partnerId: USER.partnerId, sessionId: SESSION }) },
  findSession: async () => FOUND,
  findKey: async () => undefined,
  keyUsed: () => undefined,
  clock: { now: () => 0 },
};

const refused = { code: 'unauthenticated' };

const KEY = newCredential('key');
const CURRENT = {
  id: 'key_1',
  partnerId: 'par_1',
  createdBy: USER.id,
  scopes: ['read'],
  expiresAtMs: 1,
} as unknown as ApiKey;
const foundKey = (more: object) => async () => ({
  key: CURRENT,
  partnerActive: true,
  revoked: false,
  ...more,
});
const verifies = (found: VerifiedToken) => ({ tokens: { verify: async () => found } });

describe('authenticate() says why it refuses', () => {
  it.each<[string, string | undefined, Refusal, Partial<AuthenticateNeeds>?]>([
    ['nothing', undefined, 'missing'],
    ['an empty header', '  ', 'missing'],
    ['Basic', 'Basic dTpw', 'wrong-scheme'],
    ['a header X-API-Key', 'X-API-Key', 'wrong-scheme'],
    ['a token without a scheme', 'abc.def.ghi', 'wrong-scheme'],
    ['a key without a scheme', KEY, 'wrong-scheme'],
    ['a scheme that begins alike', 'BearerToken abc.def.ghi', 'wrong-scheme'],
    ['the scheme alone', 'Bearer', 'malformed'],
    ['the scheme and a blank', 'bearer ', 'malformed'],
    ['two tokens', 'Bearer abc.def.ghi abc.def.ghi', 'malformed'],
    ['what is not ASCII', 'Bearer ключ', 'malformed'],
    ['what is too long', `Bearer ${'a'.repeat(4097)}`, 'malformed'],
    ['a mistyped key', `Bearer ${KEY.slice(0, -1)}!`, 'malformed'],
    ['no token by its form', TOKEN, 'malformed', verifies('malformed')],
    ['a refresh token', `Bearer ${newCredential('refresh')}`, 'wrong-kind'],
    ['an invitation', `Bearer ${newCredential('invitation')}`, 'wrong-kind'],
    ['an expired token', TOKEN, 'expired', verifies('expired')],
    ['an expired key', `Bearer ${KEY}`, 'expired', { findKey: foundKey({}), clock: { now: () => 1 } }],
    ['a forged token', TOKEN, 'invalid', verifies('invalid')],
    ['an unknown key', `Bearer ${KEY}`, 'invalid'],
    ['a revoked key', `Bearer ${KEY}`, 'invalid', { findKey: foundKey({ revoked: true }) }],
    [
      'an expired key that was revoked',
      `Bearer ${KEY}`,
      'invalid',
      { findKey: foundKey({ revoked: true }), clock: { now: () => 1 } },
    ],
    [
      'a key of a suspended company',
      `Bearer ${KEY}`,
      'invalid',
      { findKey: foundKey({ partnerActive: false }) },
    ],
  ])('%s', async (_what, authorization, refusal, more) => {
    const authenticate = createAuthenticate({ ...NEEDS, ...more });
    await expect(authenticate(authorization)).rejects.toMatchObject({
      ...refused,
      message: REFUSALS[refusal],
      headers: { 'WWW-Authenticate': challengeOf(refusal) },
    });
  });

  it.each(Object.entries(REFUSALS))('%s in words that a header and JSON may hold', (_refusal, detail) => {
    expect(detail).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/);
  });
});

describe('authenticate()', () => {
  it.each([
    { kind: 'user', id: USER.id },
    { kind: 'session', id: SESSION },
    { kind: 'partner', id: 'par_1' },
  ] as const)(
    'answers with what it was loading at a change of the $kind, and loads again next time',
    async (change) => {
      const waiting: ((found: typeof FOUND | undefined) => void)[] = [];
      const findSession = () => new Promise<typeof FOUND | undefined>((resolve) => waiting.push(resolve));
      const authenticate = createAuthenticate({ ...NEEDS, findSession });
      const before = authenticate(TOKEN);
      await expect.poll(() => waiting.length).toBe(1);
      authenticate.forget(change);
      waiting[0]?.(FOUND);
      expect(await before).toMatchObject({ userId: USER.id, sessionId: SESSION });

      const after = authenticate(TOKEN);
      await expect.poll(() => waiting.length).toBe(2);
      waiting[1]?.(undefined);
      await expect(after).rejects.toMatchObject(refused);
    },
  );

  it.each([
    ['ended', { ...FOUND, open: false }],
    ['expired', { ...FOUND, expiresAtMs: 0 }],
    ['of a suspended company', { ...FOUND, partnerActive: false }],
    ['of another user', { ...FOUND, user: { ...USER, id: 'usr_2' } as User }],
    ['of another company', { ...FOUND, user: { ...USER, partnerId: 'par_2' } as User }],
    ['gone', undefined],
  ])('refuses a token whose session is %s', async (_what, found) => {
    const authenticate = createAuthenticate({ ...NEEDS, findSession: async () => found });
    await expect(authenticate(TOKEN)).rejects.toMatchObject(refused);
  });

  it('looks a session up once for many calls, and again after a change of its user only', async () => {
    let lookUps = 0;
    const findSession = async () => {
      lookUps += 1;
      return FOUND;
    };
    const authenticate = createAuthenticate({ ...NEEDS, findSession });
    for (let n = 0; n < 5; n += 1) await authenticate(TOKEN);
    authenticate.forget({ kind: 'user', id: 'usr_2' });
    await authenticate(TOKEN);
    expect(lookUps).toBe(1);
    authenticate.forget({ kind: 'user', id: USER.id });
    await authenticate(TOKEN);
    expect(lookUps).toBe(2);
  });

  it('knows a second after it what was changed without an announcement', async () => {
    let over = false;
    const authenticate = createAuthenticate({
      ...NEEDS,
      findSession: async () => ({ ...FOUND, open: !over }),
      findKey: async () => ({ key: CURRENT, partnerActive: true, revoked: over }),
    });
    const credentials = [TOKEN, `Bearer ${KEY}`];
    for (const each of credentials) await authenticate(each);
    over = true;
    expect(CACHE_MS).toBe(1000);
    // The clock of the cache is another one.
    await until(Date.now() + CACHE_MS + 50);
    for (const each of credentials) await expect(authenticate(each)).rejects.toMatchObject(refused);
  });

  it('looks for no key that is made up or mistyped', async () => {
    const lookedFor: string[] = [];
    const findKey = async (hash: string) => {
      lookedFor.push(hash);
      return undefined;
    };
    const authenticate = createAuthenticate({ ...NEEDS, findKey });
    const key = newCredential('key');
    const madeUp = ['ank_', 'ank_madeup', key.slice(0, -1), `${key.slice(0, -1)}!`, `ank_${'A'.repeat(49)}`];
    for (const credential of madeUp)
      await expect(authenticate(`Bearer ${credential}`)).rejects.toMatchObject(refused);
    expect(lookedFor).toEqual([]);
    await expect(authenticate(`Bearer ${key}`)).rejects.toMatchObject(refused);
    await expect(authenticate(`Bearer ${key.slice(0, 47)}`)).rejects.toMatchObject(refused);
    expect(lookedFor).toHaveLength(2);
  });
});
