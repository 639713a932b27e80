import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';
const NEXT = 'quite another password';

let api: TestApi;
let partner: TestPartner;

beforeAll(async () => {
  api = await startTestApi({ ANIKA_TRUST_PROXY: '1' });
  partner = await api.createPartner('ЭкспоБанк');
});
afterAll(() => api.close());

type Tokens = { accessToken: string; refreshToken: string };

function login(email: string, password = PASSWORD): Promise<Answer> {
  return api.call('POST', '/v1/auth/login', { body: { email, password } });
}
function refresh(refreshToken: string, from = '192.0.2.1'): Promise<Answer> {
  const headers = { 'x-forwarded-for': from };
  return api.call('POST', '/v1/auth/refresh', { body: { refreshToken }, headers });
}
const meStatus = async (token: string) => (await api.call('GET', '/v1/auth/me', { token })).status;
const newEmail = () => `${crypto.randomUUID()}@partner.test`;

/** A developer of the partner with two sessions. */
async function signedInTwice() {
  const email = newEmail();
  const { id } = await api.createUser(partner.token, { email, role: 'developer' });
  const [first, second]: Tokens[] = [(await login(email)).body, (await login(email)).body];
  if (first === undefined || second === undefined) throw new Error('not signed in');
  return { email, id, first, second };
}

async function expectOver({ accessToken, refreshToken }: Tokens): Promise<void> {
  expect(await meStatus(accessToken)).toBe(401);
  expect((await refresh(refreshToken)).status).toBe(401);
}

async function expectOpen({ accessToken, refreshToken }: Tokens): Promise<void> {
  expect(await meStatus(accessToken)).toBe(200);
  expect((await refresh(refreshToken)).status).toBe(200);
}

type SignedIn = Awaited<ReturnType<typeof signedInTwice>>;
const asAdmin = (method: string, { id }: SignedIn, body?: object) =>
  api.call(method, `/v1/users/${id}`, { token: partner.token, body });

describe('what ends all sessions of a user, their access and refresh tokens', () => {
  it.each<[string, (user: SignedIn) => Promise<Answer>]>([
    ['a new password by an admin', (user) => asAdmin('PATCH', user, { password: NEXT })],
    ['another role', (user) => asAdmin('PATCH', user, { role: 'viewer' })],
    ['removal', (user) => asAdmin('DELETE', user)],
    [
      'the own new password',
      ({ first }) =>
        api.call('POST', '/v1/auth/password', {
          token: first.accessToken,
          body: { currentPassword: PASSWORD, newPassword: NEXT },
        }),
    ],
    [
      'ending all of them',
      ({ first }) => api.call('DELETE', '/v1/auth/sessions', { token: first.accessToken }),
    ],
    [
      'an invitation that the user accepts',
      async ({ email }) => {
        const body = { email, role: 'viewer' };
        const invited = await api.call('POST', '/v1/users', { token: partner.token, body });
        const accept = { token: invited.body.token, name: 'Анна', password: NEXT };
        return api.call('POST', '/v1/invitations/accept', { body: accept });
      },
    ],
  ])('%s', async (_what, end) => {
    const user = await signedInTwice();
    expect(await meStatus(user.first.accessToken)).toBe(200);
    expect((await end(user)).status).toBeLessThan(300);
    await expectOver(user.first);
    await expectOver(user.second);
  });

  it('a suspension, also after it was taken back', async () => {
    const other = await api.createPartner();
    const { body: tokens } = await login(other.adminEmail);
    for (const status of ['suspended', 'active']) {
      await api.call('PATCH', `/v1/partners/${other.id}`, { token: api.operatorToken, body: { status } });
    }
    await expectOver(tokens);
    expect((await login(other.adminEmail)).status).toBe(200);
  });

  it('is over for logins with the old password that are under way, too', async () => {
    for (let round = 0; round < 4; round += 1) {
      const user = await signedInTwice();
      const [, ...logins] = await Promise.all([
        asAdmin('PATCH', user, { password: NEXT }),
        ...Array.from({ length: 8 }, () => login(user.email)),
      ]);
      for (const { status, body } of logins) {
        expect([200, 401]).toContain(status);
        if (status === 200) await expectOver(body);
      }
      expect((await login(user.email, NEXT)).status).toBe(200);
    }
  });
});

describe('what ends one session', () => {
  it.each<[string, (user: SignedIn) => Promise<Answer>]>([
    [
      'a logout',
      ({ first: { refreshToken } }) => api.call('POST', '/v1/auth/logout', { body: { refreshToken } }),
    ],
    [
      'ending it by its id',
      async ({ first, second }) => {
        const { body } = await api.call('GET', '/v1/auth/sessions', { token: second.accessToken });
        const other = body.items.find(({ current }: { current: boolean }) => !current);
        expect(await meStatus(first.accessToken)).toBe(200);
        return api.call('DELETE', `/v1/auth/sessions/${other.id}`, { token: second.accessToken });
      },
    ],
  ])('%s, and leaves the other as it is', async (_what, end) => {
    const user = await signedInTwice();
    expect((await end(user)).status).toBe(204);
    await expectOver(user.first);
    await expectOpen(user.second);
  });

  it('a refresh token that is used again after its moment, or from elsewhere', async () => {
    const { first, second } = await signedInTwice();
    const next = await refresh(first.refreshToken);
    expect(next.status).toBe(200);
    expect((await refresh(first.refreshToken, '203.0.113.9')).status).toBe(401);
    await expectOver(next.body);
    await expectOpen(second);
  });
});

describe('a refresh token', () => {
  it('gives the same holder the same next one for a moment, as two tabs or a lost answer ask', async () => {
    const { first } = await signedInTwice();
    const both = await Promise.all([refresh(first.refreshToken), refresh(first.refreshToken)]);
    const again = await refresh(first.refreshToken);
    expect([...both, again].map(({ status }) => status)).toEqual([200, 200, 200]);
    const next = new Set([...both, again].map(({ body }) => body.refreshToken));
    expect(next.size).toBe(1);
    await expectOpen(again.body);
  });

  it('is the same holder’s from anywhere in an IPv6 /64, and nobody else’s', async () => {
    const { first } = await signedInTwice();
    expect((await refresh(first.refreshToken, '2001:db8:1:2::1')).status).toBe(200);
    expect((await refresh(first.refreshToken, '2001:db8:1:2:ffff::1')).status).toBe(200);
    expect((await refresh(first.refreshToken, '2001:db8:1:3::1')).status).toBe(401);
  });

  it.each(['', 'anr_', 'anr_made-up', `anr_${'A'.repeat(43)}`, `anr_${'A'.repeat(49)}`, 'ank_x'])(
    '"%s" is refused, and logging it out is nothing',
    async (refreshToken) => {
      expect((await refresh(refreshToken)).status).toBe(401);
      const logout = await api.call('POST', '/v1/auth/logout', { body: { refreshToken } });
      expect(logout.status).toBe(204);
    },
  );
});

describe('changing the own password', () => {
  const change = (token: string, currentPassword: string, newPassword = NEXT) =>
    api.call('POST', '/v1/auth/password', { token, body: { currentPassword, newPassword } });

  it('answers the tokens of a new session, and the old password is wrong', async () => {
    const { email, first } = await signedInTwice();
    const changed = await change(first.accessToken, PASSWORD);
    expect(changed.status).toBe(200);
    expect(changed.headers.get('cache-control')).toBe('no-store');
    await expectOpen(changed.body);
    expect((await login(email)).status).toBe(401);
    expect((await login(email, NEXT)).status).toBe(200);
  });

  it('refuses a wrong present password, and slows down guessing it with a stolen token', async () => {
    const { first, email } = await signedInTwice();
    for (let n = 0; n < 10; n += 1) {
      expect(await change(first.accessToken, `guess ${n}`)).toMatchObject({
        status: 422,
        body: { code: 'validation-failed', errors: [{ path: 'currentPassword' }] },
      });
    }
    expect((await change(first.accessToken, PASSWORD)).status).toBe(429);
    expect((await login(email)).status).toBe(200);
  });

  it('has no other way, for an admin neither: PATCH /v1/users/{id} asks for no present one', async () => {
    const company = await api.createPartner();
    const { userId } = (await api.call('GET', '/v1/auth/me', { token: company.token })).body;
    const patch = (body: object) => api.call('PATCH', `/v1/users/${userId}`, { token: company.token, body });
    const refused = await patch({ password: NEXT });
    expect(refused).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(refused.body.detail).toContain('POST /v1/auth/password');
    expect((await login(company.adminEmail)).status).toBe(200);
    expect((await login(company.adminEmail, NEXT)).status).toBe(401);
    expect((await patch({ role: 'admin' })).status).toBe(200);
  });

  it('of two changes at once one is made', async () => {
    const { first } = await signedInTwice();
    const both = await Promise.all([
      change(first.accessToken, PASSWORD),
      change(first.accessToken, PASSWORD),
    ]);
    const statuses = both.map(({ status }) => status).sort();
    expect(statuses[0]).toBe(200);
    expect([401, 409, 422]).toContain(statuses[1]);
  });
});

describe('the sessions of a user', () => {
  it('are listed with the one that asks, and other people’s are not found', async () => {
    const { first } = await signedInTwice();
    const { body } = await api.call('GET', '/v1/auth/sessions', { token: first.accessToken });
    expect(body.items).toHaveLength(2);
    expect(body.items.filter(({ current }: { current: boolean }) => current)).toHaveLength(1);
    const path = `/v1/auth/sessions/${body.items[0].id}`;
    expect((await api.call('DELETE', path, { token: partner.token })).status).toBe(404);
    await expectOpen(first);
  });
});

describe('an operator', () => {
  it('changes the own password as well', async () => {
    const email = 'operator@anika.test';
    const token = await api.login(email, 'operator-password-1');
    const body = { currentPassword: 'operator-password-1', newPassword: NEXT };
    const changed = await api.call('POST', '/v1/auth/password', { token, body });
    await expectOpen(changed.body);
    expect(await meStatus(token)).toBe(401);
    expect((await login(email, 'operator-password-1')).status).toBe(401);
  });
});
