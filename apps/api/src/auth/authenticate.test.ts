import type { SessionId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { describe, expect, it } from 'vitest';
import { createAuthenticate } from './authenticate.ts';
import { newCredential } from './credentials.ts';

const USER = { id: 'usr_1', partnerId: 'par_1', role: 'developer', email: 'a@example.org' } as User;
const SESSION = 'ses_1' as SessionId;
const FOUND = { user: USER, partnerActive: true, open: true, expiresAtMs: 1000 };
const TOKEN = 'Bearer abc.def.ghi';

const NEEDS = {
  tokens: { verify: async () => ({ userId: USER.id, partnerId: USER.partnerId, sessionId: SESSION }) },
  findSession: async () => FOUND,
  findKey: async () => undefined,
  keyUsed: () => undefined,
  clock: { now: () => 0 },
};

const refused = { code: 'unauthenticated' };

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
