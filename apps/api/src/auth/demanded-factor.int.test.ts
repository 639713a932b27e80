import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUpFactor } from '../testing/authenticator.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const patch = (id: string, token: string, body: object) =>
  api.call('PATCH', `/v1/partners/${id}`, { token, body });
const statusOf = async (path: string, token: string) => (await api.call('GET', path, { token })).status;

async function demand(partner: TestPartner): Promise<void> {
  await setUpFactor(api, partner.token, PASSWORD);
  const answer = await patch(partner.id, partner.token, { secondFactorRequired: true });
  expect(answer).toMatchObject({ status: 200, body: { secondFactorRequired: true } });
}

async function newUser({ token }: TestPartner) {
  const email = `${crypto.randomUUID()}@partner.test`;
  await api.createUser(token, { email, role: 'admin' });
  return email;
}

describe('a company that demands a second factor', () => {
  it('lets users without one do nothing but set one up, in whatever session', async () => {
    const partner = await api.createPartner();
    const email = await newUser(partner);
    const before = (await api.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } })).body;
    const browser = await api.call('POST', '/v1/auth/session', { body: { email, password: PASSWORD } });
    const cookie = browser.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    expect(browser.body.mustSetUpFactor).toBe(false);
    expect(await statusOf('/v1/topics', before.accessToken)).toBe(200);
    await demand(partner);

    await expect.poll(() => statusOf('/v1/topics', before.accessToken), { timeout: 5000 }).toBe(403);
    const refreshed = await api.call('POST', '/v1/auth/refresh', {
      body: { refreshToken: before.refreshToken },
    });
    const later = await api.login(email, PASSWORD);
    for (const token of [before.accessToken, refreshed.body.accessToken, later]) {
      const refused = await api.call('GET', '/v1/topics', { token });
      expect(refused).toMatchObject({ status: 403, body: { code: 'totp-setup-required' } });
      // Neither a key that would not be concerned, nor the demand itself, nor another password or session.
      for (const [method, path, body] of [
        ['POST', '/v1/api-keys', { name: 'way round' }],
        ['PATCH', `/v1/partners/${partner.id}`, { secondFactorRequired: false }],
        ['POST', '/v1/auth/password', { currentPassword: PASSWORD, newPassword: 'quite another password' }],
        ['POST', '/v1/invitations', { email: 'way-round@partner.test', role: 'admin' }],
        ['GET', '/v1/auth/sessions', undefined],
        ['GET', '/v1/stream?seconds=0', undefined],
      ] as const) {
        expect(await api.call(method, path, { token, body })).toMatchObject({
          status: 403,
          body: { code: 'totp-setup-required' },
        });
      }
    }
    const headers = { cookie, 'anika-csrf': browser.body.csrfToken };
    expect((await api.call('GET', '/v1/topics', { headers })).status).toBe(403);
    const page = await api.call('GET', '/v1/auth/session', { headers });
    expect(page).toMatchObject({ status: 200, body: { mustSetUpFactor: true } });
    const again = await api.call('POST', '/v1/auth/session', { body: { email, password: PASSWORD } });
    expect(again.body.mustSetUpFactor).toBe(true);

    expect((await api.call('GET', '/v1/auth/totp', { token: later })).body).toMatchObject({
      state: 'off',
      required: true,
    });
    await setUpFactor(api, later, PASSWORD);
    expect(await statusOf('/v1/topics', later)).toBe(200);
    expect((await api.call('GET', '/v1/auth/me', { token: later })).body.mustSetUpFactor).toBe(false);
  });

  it('ends what a stream tells to who has none', async () => {
    const partner = await api.createPartner();
    const email = await newUser(partner);
    const token = await api.login(email, PASSWORD);
    const open = await fetch(`${api.url}/v1/stream`, { headers: { authorization: `Bearer ${token}` } });
    expect(open.status).toBe(200);
    await demand(partner);
    // Read to its end: without one this waits for ever.
    await open.text();
  });

  it('lets its keys work on, and users who have one', async () => {
    const partner = await api.createPartner();
    const key = await partner.apiKey();
    await demand(partner);
    expect(await statusOf('/v1/topics', key)).toBe(200);
    expect(await statusOf('/v1/topics', partner.token)).toBe(200);
  });

  it('puts a user whose factor was taken off, or who has ended it, back to setting one up', async () => {
    const partner = await api.createPartner();
    await demand(partner);
    const { token } = partner;
    expect((await api.call('DELETE', '/v1/auth/totp', { token, body: { password: PASSWORD } })).status).toBe(
      204,
    );
    expect(await statusOf('/v1/topics', token)).toBe(403);
    await setUpFactor(api, token, PASSWORD);
    expect(await statusOf('/v1/topics', token)).toBe(200);
  });

  it('takes the demand back, in the log as well', async () => {
    const partner = await api.createPartner();
    const email = await newUser(partner);
    await demand(partner);
    await patch(partner.id, partner.token, { secondFactorRequired: false });
    expect(await statusOf('/v1/topics', await api.login(email, PASSWORD))).toBe(200);
    const { body } = await api.call('GET', '/v1/audit?action=partner.updated', { token: partner.token });
    expect(body.items).toMatchObject([
      { before: { secondFactorRequired: true } },
      { after: { secondFactorRequired: true } },
    ]);
  });
});

describe('the demand', () => {
  it('is made by an admin who has one', async () => {
    const partner = await api.createPartner();
    const answer = await patch(partner.id, partner.token, { secondFactorRequired: true });
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect(await statusOf('/v1/topics', partner.token)).toBe(200);
  });

  it('is not made for another company, nor by an operator, a developer or a key', async () => {
    const [partner, other] = [await api.createPartner(), await api.createPartner()];
    await setUpFactor(api, partner.token, PASSWORD);
    const body = { secondFactorRequired: true };
    expect((await patch(other.id, partner.token, body)).status).toBe(404);
    expect((await patch(partner.id, api.operatorToken, body)).status).toBe(422);
    expect((await patch(partner.id, await partner.userToken('developer'), body)).status).toBe(403);
    expect((await patch(partner.id, await partner.apiKey(), body)).status).toBe(403);
  });

  it.each([
    ['its name', { name: 'Другое имя' }],
    ['its status', { status: 'active' }],
    ['its limits', { limits: { topics: 100_000 } }],
  ])('is all that an admin changes of the company, not %s', async (_what, body) => {
    const partner = await api.createPartner();
    expect((await patch(partner.id, partner.token, body)).status).toBe(403);
    const both = { ...body, secondFactorRequired: false };
    expect((await patch(partner.id, partner.token, both)).status).toBe(403);
  });
});
