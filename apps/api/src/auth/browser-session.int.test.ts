import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';
const PATH = '/v1/auth/session';

let api: TestApi;
let partner: TestPartner;

beforeAll(async () => {
  api = await startTestApi();
  partner = await api.createPartner();
});
afterAll(() => api.close());

type Browser = { readonly cookie: string; readonly csrf: string; readonly setCookie: string };

async function signIn(email = partner.adminEmail): Promise<Browser> {
  const { status, headers, body } = await api.call('POST', PATH, { body: { email, password: PASSWORD } });
  expect(status).toBe(201);
  const [setCookie = ''] = headers.getSetCookie();
  return { cookie: setCookie.split(';', 1)[0] ?? '', csrf: body.csrfToken, setCookie };
}

const read = ({ cookie }: Pick<Browser, 'cookie'>, path = PATH) =>
  api.call('GET', path, { headers: { cookie } });
const createTopic = (headers: Record<string, string>, name = `Тема ${crypto.randomUUID()}`) =>
  api.call('POST', '/v1/topics', { headers, body: { name } });

describe('signing in a browser', () => {
  it('sets a cookie that scripts cannot read and other sites cannot send, and nothing else that signs in', async () => {
    const { headers, body } = await api.call('POST', PATH, {
      body: { email: partner.adminEmail, password: PASSWORD },
    });
    const [setCookie = ''] = headers.getSetCookie();
    expect(setCookie).toMatch(
      /^anika_session_8080=[^;]+; Max-Age=28800; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(Object.keys(body).sort()).toEqual([
      'csrfToken',
      'email',
      'mustSetUpFactor',
      'partnerId',
      'role',
      'userId',
    ]);
    expect(body).toMatchObject({ email: partner.adminEmail, role: 'admin', partnerId: partner.id });
  });

  it('over HTTPS takes the prefix that keeps neighbours of the host out', async () => {
    const secure = await startTestApi({ ANIKA_PUBLIC_URL: 'https://anika.example' });
    const { headers } = await secure.call('POST', PATH, {
      body: { email: 'operator@anika.test', password: 'operator-password-1' },
    });
    expect(headers.getSetCookie()[0]).toMatch(/^__Host-anika_session=[^;]+;.*Path=\/;.*Secure/);
    await secure.close();
  });

  it.each([
    ['a wrong password', () => ({ email: partner.adminEmail, password: 'not the password' })],
    ['an unknown account', () => ({ email: 'nobody@anika.test', password: PASSWORD })],
  ])('refuses %s without a cookie', async (_, body) => {
    const { status, headers } = await api.call('POST', PATH, { body: body() });
    expect(status).toBe(401);
    expect(headers.getSetCookie()).toEqual([]);
  });
});

describe('a call with the cookie', () => {
  it('reads as its user', async () => {
    const browser = await signIn();
    expect((await read(browser)).body).toMatchObject({ email: partner.adminEmail, role: 'admin' });
    expect((await read(browser, '/v1/topics')).status).toBe(200);
  });

  it('changes something only with the token of its own session', async () => {
    const browser = await signIn();
    const other = await signIn();
    const { cookie } = browser;
    for (const csrf of [undefined, '', 'made-up', other.csrf, cookie.split('=')[1] ?? '']) {
      const { status, body } = await createTopic({
        cookie,
        ...(csrf !== undefined && { 'anika-csrf': csrf }),
      });
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    expect((await createTopic({ cookie, 'anika-csrf': browser.csrf })).status).toBe(201);
    expect((await createTopic({ cookie, 'anika-csrf': (await read(browser)).body.csrfToken })).status).toBe(
      201,
    );
  });

  it('counts for nothing beside an Authorization header', async () => {
    const { cookie, csrf } = await signIn();
    const { status } = await createTopic({ cookie, 'anika-csrf': csrf, authorization: 'Bearer made-up' });
    expect(status).toBe(401);
  });

  it('of a made-up or foreign session is refused', async () => {
    const { cookie } = await signIn();
    const [name = '', sealed = ''] = cookie.split('=');
    const changed = `${sealed.slice(0, -10)}${sealed.at(-10) === 'a' ? 'b' : 'a'}${sealed.slice(-9)}`;
    for (const value of ['', 'x', 'ses_01kb3v6m0eqx4tq2h7s9d5c8fz', changed]) {
      expect((await read({ cookie: `${name}=${value}` })).status).toBe(401);
    }
  });

  it('may do what the role may, as it is now', async () => {
    const email = `viewer-${crypto.randomUUID()}@partner.test`;
    const user = await api.createUser(partner.token, { email, role: 'viewer' });
    const { cookie, csrf } = await signIn(email);
    expect((await createTopic({ cookie, 'anika-csrf': csrf })).status).toBe(403);
    await api.call('DELETE', `/v1/users/${user.id}`, { token: partner.token });
    expect((await read({ cookie })).status).toBe(401);
  });
});

describe('the end of a browser session', () => {
  it('by signing out: the cookie is forgotten and worth nothing', async () => {
    const browser = await signIn();
    const { cookie, csrf } = browser;
    const headers = { cookie, 'anika-csrf': csrf };
    const answer = await api.call('DELETE', PATH, { headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^anika_session_8080=; Max-Age=0/);
    expect((await read(browser)).status).toBe(401);
    expect((await createTopic(headers)).status).toBe(401);
  });

  it('from the list of sessions, where it stands among the others', async () => {
    const browser = await signIn();
    const { body } = await read(browser, '/v1/auth/sessions');
    const current = body.items.find((one: { current: boolean }) => one.current);
    expect(body.items.length).toBeGreaterThan(1);
    await api.call('DELETE', `/v1/auth/sessions/${current.id}`, { token: partner.token });
    expect((await read(browser)).status).toBe(401);
  });
});
