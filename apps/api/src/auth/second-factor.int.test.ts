import { connectPostgres } from '@anika/stores/postgres/client';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authenticator, codeOf, setUpFactor } from '../testing/authenticator.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;

let api: TestApi;
let partner: TestPartner;

beforeAll(async () => {
  api = await startTestApi();
  partner = await api.createPartner('ЭкспоБанк');
});
afterAll(() => api.close());

type Person = {
  readonly id: string;
  readonly email: string;
  readonly token: string;
  readonly app: Authenticator;
};

const post = (path: string, body: object, token?: string) => api.call('POST', path, { body, token });
const login = (email: string, password = PASSWORD) => post('/v1/auth/login', { email, password });
const factorOf = async (token: string) => (await api.call('GET', '/v1/auth/totp', { token })).body;
const meStatus = async (token: string) => (await api.call('GET', '/v1/auth/me', { token })).status;
const end = (token: string, body: object) => api.call('DELETE', '/v1/auth/totp', { token, body });

async function newPerson(role: 'developer' | 'admin' = 'developer'): Promise<Omit<Person, 'app'>> {
  const email = `${crypto.randomUUID()}@partner.test`;
  const { id } = await api.createUser(partner.token, { email, role });
  return { id, email, token: await api.login(email, PASSWORD) };
}

async function withFactor(role?: 'admin'): Promise<Person> {
  const person = await newPerson(role);
  return { ...person, app: await setUpFactor(api, person.token, PASSWORD) };
}

async function challengeOf(email: string): Promise<string> {
  const answer = await login(email);
  expect(answer).toMatchObject({ status: 401, body: { code: 'totp-required' } });
  return answer.body.challenge.token;
}

async function secondStep(email: string, proof: object) {
  return post('/v1/auth/totp/login', { challenge: await challengeOf(email), ...proof });
}

async function actionsAbout(id: string, token = partner.token): Promise<string[]> {
  const { body } = await api.call('GET', '/v1/audit?limit=200', { token });
  return body.items
    .filter(({ subjectId }: { subjectId: string }) => subjectId === id)
    .map(({ action }: { action: string }) => action);
}

/** Another code than that of now and its neighbours. */
function wrongCode(secret: string): string {
  const near = [-1, 0, 1].map((steps) => codeOf(secret, Date.now() + steps * STEP_MS));
  return ['000000', '111111', '222222', '333333'].find((code) => !near.includes(code)) ?? '';
}

describe('setting up a second factor', () => {
  it('takes the password and a code, and shows ten recovery codes once', async () => {
    const { id, email, token } = await newPerson();
    expect(await factorOf(token)).toEqual({
      state: 'off',
      since: null,
      recoveryCodesLeft: 0,
      required: false,
    });
    const begun = await post('/v1/auth/totp', { password: PASSWORD }, token);
    expect(begun).toMatchObject({ status: 201, body: { secret: expect.stringMatching(/^[A-Z2-7]{32}$/) } });
    expect(begun.headers.get('cache-control')).toBe('no-store');
    const uri = new URL(begun.body.uri);
    expect(decodeURIComponent(uri.pathname)).toContain(email);
    expect(Object.fromEntries(uri.searchParams)).toMatchObject({
      secret: begun.body.secret,
      issuer: expect.stringMatching(/^ANIKA /),
    });
    expect((await factorOf(token)).state).toBe('begun');
    expect((await login(email)).status).toBe(200);

    const code = codeOf(begun.body.secret, Date.now());
    const confirmed = await post('/v1/auth/totp/confirm', { code }, token);
    expect(confirmed.status).toBe(200);
    expect(new Set(confirmed.body.recoveryCodes).size).toBe(10);
    for (const one of confirmed.body.recoveryCodes) expect(one).toMatch(/^([0-9a-z]{4}-){3}[0-9a-z]{4}$/);
    expect(await factorOf(token)).toMatchObject({ state: 'on', recoveryCodesLeft: 10 });
    expect(await actionsAbout(id)).toContain('second-factor.on');
  });

  it('is refused with a wrong password, a wrong code, without having begun, and when one is on', async () => {
    const { token } = await newPerson();
    expect(await post('/v1/auth/totp', { password: 'a guess' }, token)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'password' }] },
    });
    expect((await post('/v1/auth/totp/confirm', { code: '123456' }, token)).status).toBe(409);
    const { body } = await post('/v1/auth/totp', { password: PASSWORD }, token);
    const wrong = await post('/v1/auth/totp/confirm', { code: wrongCode(body.secret) }, token);
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'code', rule: 'wrong-first-code' }] },
    });
    const code = codeOf(body.secret, Date.now());
    expect((await post('/v1/auth/totp/confirm', { code }, token)).status).toBe(200);
    expect((await post('/v1/auth/totp', { password: PASSWORD }, token)).status).toBe(409);
    expect((await post('/v1/auth/totp/confirm', { code }, token)).status).toBe(409);
  });

  it('begun again forgets the former secret', async () => {
    const { token } = await newPerson();
    const first = (await post('/v1/auth/totp', { password: PASSWORD }, token)).body.secret;
    const second = (await post('/v1/auth/totp', { password: PASSWORD }, token)).body.secret;
    const confirm = (secret: string) =>
      post('/v1/auth/totp/confirm', { code: codeOf(secret, Date.now()) }, token);
    expect((await confirm(first)).status).toBe(422);
    expect((await confirm(second)).status).toBe(200);
  });

  it('ends all sessions but the one that does it, which goes on and can be refreshed', async () => {
    const { email, token: other } = await newPerson();
    const { accessToken, refreshToken } = (await login(email)).body;
    await setUpFactor(api, accessToken, PASSWORD);
    await expect.poll(() => meStatus(other), { timeout: 5000 }).toBe(401);
    expect(await meStatus(accessToken)).toBe(200);
    expect((await post('/v1/auth/refresh', { refreshToken })).status).toBe(200);
  });

  it('keeps the secret sealed and recovery codes as hashes', async () => {
    const { id, app } = await withFactor();
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    const rows = [
      await postgres.db.secondFactor.findMany({ where: { userId: id } }),
      await postgres.db.recoveryCode.findMany({ where: { userId: id } }),
      await postgres.db.auditEntry.findMany({ where: { subjectId: id } }),
    ];
    await postgres.close();
    const text = JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(text).toContain(id);
    for (const secret of [app.secret, ...app.recoveryCodes]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(secret.replaceAll('-', ''));
    }
  });

  it('is for people: no key has one', async () => {
    const token = await partner.apiKey();
    expect((await api.call('GET', '/v1/auth/totp', { token })).status).toBe(403);
    expect((await post('/v1/auth/totp', { password: PASSWORD }, token)).status).toBe(403);
  });
});

describe('a login with a second factor', () => {
  it('gives no token for the password, and tokens for the code', async () => {
    const { email, app } = await withFactor();
    const first = await login(email);
    expect(first.status).toBe(401);
    expect(first.headers.get('cache-control')).toBe('no-store');
    expect(first.body).toMatchObject({ code: 'totp-required', challenge: { expiresIn: 300 } });
    const challenge = first.body.challenge.token;
    const answer = await post('/v1/auth/totp/login', { challenge, code: app.code() });
    expect(answer.status).toBe(200);
    expect(await meStatus(answer.body.accessToken)).toBe(200);
    expect((await post('/v1/auth/refresh', { refreshToken: answer.body.refreshToken })).status).toBe(200);
    expect(await meStatus(challenge)).toBe(401);
  });

  it('says of a wrong password what it says of every other', async () => {
    const { email } = await withFactor();
    const [wrong, unknown] = [await login(email, 'a guess'), await login('nobody@partner.test', 'a guess')];
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...unknown.body, requestId: '' });
  });

  it('in a browser gives the cookie for the code only', async () => {
    const { email, app } = await withFactor();
    const first = await post('/v1/auth/session', { email, password: PASSWORD });
    expect(first).toMatchObject({ status: 401, body: { code: 'totp-required' } });
    expect(first.headers.getSetCookie()).toEqual([]);
    const challenge = first.body.challenge.token;
    const wrong = await post('/v1/auth/totp/session', { challenge, code: wrongCode(app.secret) });
    expect(wrong.status).toBe(422);
    expect(wrong.headers.getSetCookie()).toEqual([]);
    const answer = await post('/v1/auth/totp/session', { challenge, code: app.code() });
    expect(answer).toMatchObject({ status: 201, body: { email, mustSetUpFactor: false } });
    const cookie = answer.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    expect((await api.call('GET', '/v1/auth/session', { headers: { cookie } })).status).toBe(200);
  });

  it.each([
    ['made up', () => 'anc_k1.a.b.c'],
    ['empty', () => ''],
    ['an access token', () => partner.token],
  ])('wants a challenge that is not %s', async (_what, challenge) => {
    const { app } = await withFactor();
    const answer = await post('/v1/auth/totp/login', { challenge: challenge(), code: app.code() });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('wants the code of the account that the challenge is of', async () => {
    const [one, other] = [await withFactor(), await withFactor()];
    expect((await secondStep(one.email, { code: other.app.code() })).status).toBe(422);
    expect((await secondStep(one.email, { recoveryCode: other.app.recoveryCodes[0] })).status).toBe(422);
  });

  it('is over when the password is changed between its steps', async () => {
    const { email, token, app } = await withFactor();
    const challenge = await challengeOf(email);
    const body = { currentPassword: PASSWORD, newPassword: 'quite another password' };
    expect((await post('/v1/auth/password', body, token)).status).toBe(200);
    expect((await post('/v1/auth/totp/login', { challenge, code: app.code() })).status).toBe(401);
  });

  it('wants either a code or a recovery code', async () => {
    const { email, app } = await withFactor();
    const both = { code: app.code(), recoveryCode: app.recoveryCodes[0] };
    expect((await secondStep(email, {})).status).toBe(422);
    expect((await secondStep(email, both)).status).toBe(422);
    expect((await secondStep(email, { code: app.code() })).status).toBe(200);
  });
});

describe('a code', () => {
  it('is good once, many at once and for whatever it is used', async () => {
    const { email, token, app } = await withFactor();
    const challenge = await challengeOf(email);
    const code = app.code();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => post('/v1/auth/totp/login', { challenge, code })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422, 422, 422]);
    expect((await end(token, { code })).status).toBe(422);
  });

  it('of the step before or after is good, a farther one and one before a used one are not', async () => {
    const [early, late, far] = [await withFactor(), await withFactor(), await withFactor()];
    expect((await secondStep(late.email, { code: late.app.code(1) })).status).toBe(200);
    expect((await secondStep(late.email, { code: late.app.code() })).status).toBe(422);
    // The set-up has used that of the step before.
    expect((await secondStep(early.email, { code: early.app.code(-1) })).status).toBe(422);
    for (const steps of [-3, 3]) {
      expect((await secondStep(far.email, { code: far.app.code(steps) })).status).toBe(422);
    }
  });

  it('is guessed five times in a quarter of an hour, forty at once and wherever from; the company sees it', async () => {
    const { id, email, app } = await withFactor();
    const challenge = await challengeOf(email);
    const code = wrongCode(app.secret);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => post('/v1/auth/totp/login', { challenge, code })),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    expect([count(422), count(429)]).toEqual([5, 35]);
    const right = await post('/v1/auth/totp/login', { challenge, code: app.code() });
    expect(right.status).toBe(429);
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(60);
    // Whoever has the recovery codes is not locked out by who has only the password.
    const recovered = { challenge, recoveryCode: app.recoveryCodes[0] };
    expect((await post('/v1/auth/totp/login', recovered)).status).toBe(200);
    await eventually(async () => (await actionsAbout(id)).includes('second-factor.failed') || undefined);
  });
});

describe('a recovery code', () => {
  it('is good once, however it is typed, and its use is in the log', async () => {
    const { id, email, app } = await withFactor();
    const [first = '', second = ''] = app.recoveryCodes;
    expect((await secondStep(email, { recoveryCode: first })).status).toBe(200);
    expect((await secondStep(email, { recoveryCode: first })).status).toBe(422);
    const typed = ` ${second.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')} `;
    const answer = await secondStep(email, { recoveryCode: typed });
    expect(answer.status).toBe(200);
    expect((await factorOf(answer.body.accessToken)).recoveryCodesLeft).toBe(8);
    expect(await actionsAbout(id)).toContain('second-factor.recovery-code-used');
  });

  it('is no good any more once new ones were asked for', async () => {
    const { email, token, app } = await withFactor();
    const renewed = await post('/v1/auth/totp/recovery-codes', { code: app.code() }, token);
    expect(renewed.status).toBe(200);
    expect((await secondStep(email, { recoveryCode: app.recoveryCodes[0] })).status).toBe(422);
    expect((await secondStep(email, { recoveryCode: renewed.body.recoveryCodes[0] })).status).toBe(200);
  });

  it('is guessed ten times', async () => {
    const { email } = await withFactor();
    const challenge = await challengeOf(email);
    const statuses = await Promise.all(
      Array.from({ length: 15 }, async (_, n) => {
        const recoveryCode = `0000-0000-0000-00${n}0`;
        return (await post('/v1/auth/totp/login', { challenge, recoveryCode })).status;
      }),
    );
    expect(statuses.filter((status) => status === 422)).toHaveLength(10);
    expect(statuses.filter((status) => status === 429)).toHaveLength(5);
  });
});

describe('ending a second factor', () => {
  it.each([
    ['the password', () => ({ password: PASSWORD })],
    ['a code', (app: Authenticator) => ({ code: app.code() })],
    ['a recovery code', (app: Authenticator) => ({ recoveryCode: app.recoveryCodes[3] })],
  ])('takes %s, and the password alone opens the next session', async (_what, proof) => {
    const { id, email, token, app } = await withFactor();
    expect((await end(token, {})).status).toBe(422);
    expect((await end(token, { password: 'a guess' })).status).toBe(422);
    expect((await end(token, proof(app))).status).toBe(204);
    expect((await login(email)).status).toBe(200);
    expect(await meStatus(token)).toBe(200);
    expect((await end(token, { password: PASSWORD })).status).toBe(409);
    expect(await actionsAbout(id)).toContain('second-factor.off');
  });

  it('ends the other sessions, and logins that are under way', async () => {
    const { email, token, app } = await withFactor();
    const other = (await secondStep(email, { code: app.code() })).body.accessToken;
    const challenge = await challengeOf(email);
    await end(token, { password: PASSWORD });
    await expect.poll(() => meStatus(other), { timeout: 5000 }).toBe(401);
    const proof = { challenge, recoveryCode: app.recoveryCodes[0] };
    expect((await post('/v1/auth/totp/login', proof)).status).toBe(401);
  });
});

describe('a new password by a link', () => {
  it('does not get round the second factor', async () => {
    const { id, email, app } = await withFactor();
    const { body } = await post(`/v1/users/${id}/password-resets`, {}, partner.token);
    const password = 'quite another password';
    expect((await post('/v1/auth/password/reset', { token: body.token, password })).status).toBe(204);
    const first = await login(email, password);
    expect(first.body.code).toBe('totp-required');
    const challenge = first.body.challenge.token;
    expect((await post('/v1/auth/totp/login', { challenge, code: app.code() })).status).toBe(200);
  });
});

describe('a lost second factor', () => {
  const takeOff = (id: string, token: string) => api.call('DELETE', `/v1/users/${id}/totp`, { token });

  it('is taken off by an admin, which ends the sessions of the user and is in the log', async () => {
    const { id, email, token } = await withFactor();
    const listed = await api.call('GET', '/v1/users', { token: partner.token });
    const shown = (of: string) => listed.body.items.find((one: { id: string }) => one.id === of);
    expect(shown(id)).toMatchObject({ email, secondFactor: true });
    expect((await takeOff(id, partner.token)).status).toBe(204);
    await expect.poll(() => meStatus(token), { timeout: 5000 }).toBe(401);
    expect((await login(email)).status).toBe(200);
    expect((await takeOff(id, partner.token)).status).toBe(404);
    expect(await actionsAbout(id)).toContain('second-factor.taken-off');
  });

  it('is not taken off by others, nor by an admin of another company, nor by a key', async () => {
    const { id } = await withFactor();
    const other = await api.createPartner();
    expect((await takeOff(id, other.token)).status).toBe(404);
    expect((await takeOff(id, await partner.userToken('developer'))).status).toBe(403);
    expect((await takeOff(id, await partner.apiKey())).status).toBe(403);
  });

  it('is not taken off by its own user, who shows a proof instead', async () => {
    const { id, token } = await withFactor('admin');
    expect((await takeOff(id, token)).status).toBe(404);
    expect(await meStatus(token)).toBe(200);
  });

  it('of an admin is taken off by an operator, who finds admins of a company and nobody else', async () => {
    const [admin, developer] = [await withFactor('admin'), await withFactor()];
    const path = `/v1/users?limit=200&partnerId=${partner.id}`;
    const { body } = await api.call('GET', path, { token: api.operatorToken });
    const roles = new Set(body.items.map(({ role }: { role: string }) => role));
    expect(roles).toEqual(new Set(['admin']));
    expect(body.items.map((one: { id: string }) => one.id)).toContain(admin.id);
    expect((await api.call('GET', '/v1/users', { token: api.operatorToken })).status).toBe(422);
    expect((await api.call('GET', path, { token: partner.token })).status).toBe(422);
    expect((await takeOff(developer.id, api.operatorToken)).status).toBe(404);
    expect((await takeOff(admin.id, api.operatorToken)).status).toBe(204);
    expect((await login(admin.email)).status).toBe(200);
    expect(await actionsAbout(admin.id)).toContain('second-factor.taken-off');
  });
});
