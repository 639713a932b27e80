import { startTestSmtp, type TestSmtp } from '@anika/mail/test-smtp';
import { connectPostgres } from '@anika/stores/postgres/client';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';
const NEXT = 'quite another password';

let smtp: TestSmtp;
let api: TestApi;
let partner: TestPartner;
let networks = 0;

beforeAll(async () => {
  smtp = await startTestSmtp();
  api = await startTestApi({ ANIKA_SMTP_URL: smtp.url, ANIKA_TRUST_PROXY: '1' });
  partner = await api.createPartner('ЭкспоБанк');
});
afterAll(async () => {
  await api.close();
  await smtp.close();
});

const post = (path: string, body: object, options: object = {}) =>
  api.call('POST', path, { body, ...options });
/** From a network of its own, so that no test uses up the points of another. */
function forgotten(email: string, from?: string) {
  networks += 1;
  const headers = { 'x-forwarded-for': from ?? `198.18.${networks}.1` };
  return post('/v1/auth/password/forgotten', { email }, { headers });
}
const reset = (token: string, password = NEXT) => post('/v1/auth/password/reset', { token, password });
const loginStatus = async (email: string, password: string) =>
  (await post('/v1/auth/login', { email, password })).status;
const meStatus = async (token: string) => (await api.call('GET', '/v1/auth/me', { token })).status;
/** But for the invitation that everybody has had. */
const mailsTo = (email: string) =>
  smtp.mails.filter(({ to, text }) => to.includes(email) && !text.includes('/v1/invitations/accept'));
const tokenIn = (text = '') => /#reset=(anp_[\w-]+)$/m.exec(text)?.[1] ?? '';

async function mailed(email: string): Promise<string> {
  const before = mailsTo(email).length;
  expect((await forgotten(email)).status).toBe(202);
  const mail = await eventually(async () => mailsTo(email)[before]);
  return tokenIn(mail.text);
}

async function newUser(token = partner.token) {
  return api.createUser(token, { email: `${crypto.randomUUID()}@partner.test`, role: 'developer' });
}

function handOver(id: string, token: string) {
  return api.call('POST', `/v1/users/${id}/password-resets`, { token });
}

async function auditOf(
  token: string,
): Promise<{ action: string; actorId: string | null; subjectId: string }[]> {
  return (await api.call('GET', '/v1/audit?limit=200', { token })).body.items;
}

/** As if so much time had gone by. */
async function letExpire(): Promise<void> {
  const postgres = connectPostgres({ url: api.databases.databaseUrl });
  await postgres.db.passwordReset.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
  await postgres.close();
}

describe('a forgotten password', () => {
  it('is set anew by the mailed link, which works once and is kept as a hash', async () => {
    const { id, email } = await newUser();
    const token = await mailed(email);
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    const rows = await postgres.db.passwordReset.findMany({ where: { userId: id } });
    await postgres.close();
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(token.slice(4, 40));
    expect((await reset(token)).status).toBe(204);
    expect([await loginStatus(email, PASSWORD), await loginStatus(email, NEXT)]).toEqual([401, 200]);
    expect(await reset(token, 'a third password of mine')).toMatchObject({ status: 404 });
    expect(await loginStatus(email, NEXT)).toBe(200);
  });

  it('ends all sessions, those of browsers and refresh tokens too', async () => {
    const { email } = await newUser();
    const login = await post('/v1/auth/login', { email, password: PASSWORD });
    const browser = await post('/v1/auth/session', { email, password: PASSWORD });
    const cookie = browser.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
    const { accessToken, refreshToken } = login.body;
    expect(await meStatus(accessToken)).toBe(200);
    await reset(await mailed(email));
    await expect.poll(() => meStatus(accessToken), { timeout: 5000 }).toBe(401);
    expect((await post('/v1/auth/refresh', { refreshToken })).status).toBe(401);
    expect((await api.call('GET', '/v1/auth/session', { headers: { cookie } })).status).toBe(401);
  });

  it('is told to the user by e-mail, and to the company by its log', async () => {
    const { id, email } = await newUser();
    await reset(await mailed(email));
    const told = await eventually(async () => mailsTo(email)[1]);
    expect(told.text).toContain('задан новый пароль');
    expect(tokenIn(told.text)).toBe('');
    const about = (await auditOf(partner.token)).filter(({ subjectId }) => subjectId === id);
    expect(about).toMatchObject([
      { action: 'user.updated', actorId: id },
      { action: 'password-reset.used', actorId: id, after: { handedOver: false } },
      { action: 'password-reset.asked', actorId: null },
      { action: 'user.created' },
    ]);
    expect(JSON.stringify(about)).not.toContain(email);
  });

  it('with a new password that is refused does not use up the link', async () => {
    const { email } = await newUser();
    const token = await mailed(email);
    expect((await reset(token, 'aaaaaaaaaaaa')).status).toBe(422);
    expect((await reset(token, `my ${email.split('@')[0]} password`)).status).toBe(422);
    expect((await reset(token)).status).toBe(204);
  });

  it('of two who use one link at once one sets it', async () => {
    const { email } = await newUser();
    const token = await mailed(email);
    const answers = await Promise.all(Array.from({ length: 5 }, () => reset(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404]);
  });

  it('has links that end with the password they were asked for', async () => {
    const { email } = await newUser();
    const [first, second] = [await mailed(email), await mailed(email)];
    const token = await api.login(email, PASSWORD);
    const body = { currentPassword: PASSWORD, newPassword: NEXT };
    await api.call('POST', '/v1/auth/password', { token, body });
    expect([(await reset(first)).status, (await reset(second)).status]).toEqual([404, 404]);
  });

  it('has links that end after half an hour', async () => {
    const { email } = await newUser();
    const token = await mailed(email);
    await letExpire();
    expect((await reset(token)).status).toBe(404);
    expect(await loginStatus(email, PASSWORD)).toBe(200);
  });

  it.each(['', 'anp_', `anp_${'A'.repeat(43)}`, `ani_${'A'.repeat(43)}`])(
    '"%s" is no link',
    async (token) => {
      expect(await reset(token)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    },
  );
});

describe('asking for a link', () => {
  it('has one answer for everybody, and mails none but users of active companies', async () => {
    const suspended = await api.createPartner();
    const body = { status: 'suspended' };
    await api.call('PATCH', `/v1/partners/${suspended.id}`, { token: api.operatorToken, body });
    const member = await newUser();
    const strangers = ['nobody@partner.test', suspended.adminEmail, 'operator@anika.test'];
    const answers = await Promise.all([...strangers, member.email].map((email) => forgotten(email)));
    const shown = answers.map(({ status, body: text, headers }) => ({
      status,
      text,
      names: [...headers.keys()].sort(),
    }));
    for (const one of shown) expect(one).toEqual(shown[0]);
    expect(shown[0]).toMatchObject({ status: 202, text: '' });
    await eventually(async () => mailsTo(member.email)[0]);
    for (const email of strangers) expect(mailsTo(email)).toEqual([]);
  });

  it('answers before it looks who that is', async () => {
    const { email } = await newUser();
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    await postgres.transaction(async (tx) => {
      await tx.$executeRaw`LOCK TABLE users, password_resets IN ACCESS EXCLUSIVE MODE`;
      for (const one of [email, 'nobody@partner.test']) expect((await forgotten(one)).status).toBe(202);
      expect(mailsTo(email)).toEqual([]);
    });
    await postgres.close();
    await eventually(async () => mailsTo(email)[0]);
  });

  it('mails one address three times an hour, and answers as before', async () => {
    const { email } = await newUser();
    for (let n = 0; n < 5; n += 1) expect((await forgotten(email)).status).toBe(202);
    const other = await newUser();
    await forgotten(other.email);
    await eventually(async () => mailsTo(other.email)[0]);
    expect(mailsTo(email)).toHaveLength(3);
  });

  it('from one network is answered twenty times, whatever the addresses', async () => {
    const from = (n: number) => `2001:db8:5:5::${n}`;
    const statuses: number[] = [];
    for (let n = 0; n < 22; n += 1) statuses.push((await forgotten(`${n}@nobody.test`, from(n))).status);
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 202), 429, 429]);
    const { headers } = await forgotten('one-more@nobody.test', from(23));
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a link to hand over', () => {
  it('by an admin lets a colleague in, once, and the one before does not', async () => {
    const { id, email } = await newUser();
    const former = (await handOver(id, partner.token)).body.token;
    const made = await handOver(id, partner.token);
    expect(made.status).toBe(201);
    expect(made.headers.get('cache-control')).toBe('no-store');
    expect(await loginStatus(email, PASSWORD)).toBe(200);
    expect((await reset(former)).status).toBe(404);
    expect((await reset(made.body.token)).status).toBe(204);
    expect((await reset(made.body.token)).status).toBe(404);
    expect(await loginStatus(email, NEXT)).toBe(200);
    const { userId } = (await api.call('GET', '/v1/auth/me', { token: partner.token })).body;
    const about = (await auditOf(partner.token)).filter(({ subjectId }) => subjectId === id);
    expect(about.find(({ action }) => action === 'password-reset.made')?.actorId).toBe(userId);
    expect(about.find(({ action }) => action === 'password-reset.used')).toMatchObject({
      after: { handedOver: true },
    });
  });

  it('is made for nobody of another company, nor by who is no admin, nor by a key', async () => {
    const other = await api.createPartner();
    const { id } = await newUser();
    expect((await handOver(id, other.token)).status).toBe(404);
    for (const role of ['developer', 'viewer'] as const) {
      expect((await handOver(id, await partner.userToken(role))).status).toBe(403);
    }
    expect((await handOver(id, await partner.apiKey())).status).toBe(403);
  });

  it('is made by nobody for themselves', async () => {
    const { userId } = (await api.call('GET', '/v1/auth/me', { token: partner.token })).body;
    expect((await handOver(userId, partner.token)).status).toBe(404);
  });

  it('by an operator is for the admin of a company, which sees it; not for its others, nor for operators', async () => {
    const company = await api.createPartner();
    const { userId: adminId } = (await api.call('GET', '/v1/auth/me', { token: company.token })).body;
    const { userId: operatorId } = (await api.call('GET', '/v1/auth/me', { token: api.operatorToken })).body;
    const made = await handOver(adminId, api.operatorToken);
    expect(made.status).toBe(201);
    expect((await reset(made.body.token)).status).toBe(204);
    const token = await api.login(company.adminEmail, NEXT);
    expect((await auditOf(token)).map(({ action }) => action)).toContain('password-reset.made');
    const { id } = await newUser(token);
    expect((await handOver(id, api.operatorToken)).status).toBe(404);
    expect((await handOver(operatorId, api.operatorToken)).status).toBe(404);
  });

  it('ends with the role of who made it', async () => {
    const company = await api.createPartner();
    const second = { email: `${crypto.randomUUID()}@partner.test`, role: 'admin' as const };
    const admin = await api.createUser(company.token, second);
    const { id } = await newUser(company.token);
    const made = await handOver(id, await api.login(admin.email, PASSWORD));
    const body = { role: 'viewer' };
    await api.call('PATCH', `/v1/users/${admin.id}`, { token: company.token, body });
    expect((await reset(made.body.token)).status).toBe(404);
  });

  it('ends after a day', async () => {
    const { id } = await newUser();
    const { body } = await handOver(id, partner.token);
    expect(Date.parse(body.expiresAt) - Date.now()).toBeGreaterThan(23.9 * 3_600_000);
    await letExpire();
    expect((await reset(body.token)).status).toBe(404);
  });
});

it('without a mail server nobody is mailed, and nothing else is different', async () => {
  const silent = await startTestApi();
  const { adminEmail } = await silent.createPartner();
  const asked = await silent.call('POST', '/v1/auth/password/forgotten', { body: { email: adminEmail } });
  expect(asked).toMatchObject({ status: 202, body: '' });
  await silent.close();
});
