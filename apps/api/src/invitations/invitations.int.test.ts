import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

const PASSWORD = 'correct horse battery';
const NEXT = 'quite another password';

let api: TestApi;
let partner: TestPartner;
let other: TestPartner;

beforeAll(async () => {
  api = await startTestApi();
  [partner, other] = [await api.createPartner('ЭкспоБанк'), await api.createPartner('АвтоЭкспресс')];
});
afterAll(() => api.close());

const newEmail = () => `${crypto.randomUUID()}@partner.test`;
const invite = (token: string, body: object) => api.call('POST', '/v1/invitations', { token, body });
const accept = (token: string, more: object = {}) =>
  api.call('POST', '/v1/invitations/accept', { body: { token, name: 'Анна', password: NEXT, ...more } });
const loginStatus = async (email: string, password: string) =>
  (await api.call('POST', '/v1/auth/login', { body: { email, password } })).status;

/** But for what is new in each. */
function shown({ status, body }: Answer) {
  const { id, email, token, createdAt, expiresAt, requestId, ...rest } = body;
  return { status, ...rest, lengths: [id.length, token.length] };
}

describe('inviting', () => {
  it('has the same answer for nobody, a member, somebody of another company, and an operator', async () => {
    const member = await api.createUser(partner.token, { email: newEmail(), role: 'developer' });
    const emails = [newEmail(), member.email, other.adminEmail, 'operator@anika.test'];
    for (const path of ['/v1/users', '/v1/invitations']) {
      const answers = await Promise.all(
        emails.map((email) =>
          api.call('POST', path, { token: partner.token, body: { email, role: 'viewer' } }),
        ),
      );
      expect(answers[0]?.status).toBe(path === '/v1/users' ? 202 : 201);
      for (const answer of answers) expect(shown(answer)).toEqual(shown(answers[0] as Answer));
    }
  });

  it('makes nobody a user, and the token is shown once', async () => {
    const email = newEmail();
    const { body, headers } = await invite(partner.token, { email, role: 'developer' });
    expect(headers.get('cache-control')).toBe('no-store');
    const users = await api.call('GET', '/v1/users', { token: partner.token });
    expect(JSON.stringify(users.body)).not.toContain(email);
    const listed = await api.call('GET', '/v1/invitations', { token: partner.token });
    expect(listed.body.items[0]).toMatchObject({ id: body.id, email, role: 'developer', state: 'open' });
    expect(JSON.stringify(listed.body)).not.toContain(body.token);
  });

  it.each([
    ['an admin, with the name of a company', () => partner.token, { companyName: 'Чужая' }, 'companyName'],
    ['an admin, to another company', () => partner.token, { partnerId: 'other' }, 'partnerId'],
    ['an operator, to no company', () => api.operatorToken, {}, 'companyName'],
    [
      'an operator, to two',
      () => api.operatorToken,
      { companyName: 'Новая', partnerId: 'other' },
      'companyName',
    ],
    ['an operator, a viewer', () => api.operatorToken, { companyName: 'Новая', role: 'viewer' }, 'role'],
  ])('is refused to %s', async (_who, token, more, path) => {
    const given = 'partnerId' in more ? { ...more, partnerId: other.id } : more;
    const answer = await invite(token(), { email: newEmail(), role: 'admin', ...given });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path }] } });
  });

  it.each([
    ['/v1/invitations', (email: string) => email],
    ['/v1/users', (email: string) => email.toUpperCase()],
  ])('of oneself by %s is refused: a stolen session would set a password with it', async (path, spell) => {
    const body = { email: spell(partner.adminEmail), role: 'admin' };
    const answer = await api.call('POST', path, { token: partner.token, body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(answer.body.detail).toContain('POST /v1/auth/password');
  });

  it('to a company that is not there is 404', async () => {
    const body = { email: newEmail(), role: 'admin', partnerId: `par_${'0'.repeat(26)}` };
    expect((await invite(api.operatorToken, body)).status).toBe(404);
  });

  it('more than fifty times is 409 until one is withdrawn', async () => {
    const { token } = await api.createPartner();
    const invited: Answer[] = [];
    for (let n = 0; n < 50; n += 1) invited.push(await invite(token, { email: newEmail(), role: 'viewer' }));
    expect(new Set(invited.map(({ status }) => status))).toEqual(new Set([201]));
    const more = () => invite(token, { email: newEmail(), role: 'viewer' });
    expect(await more()).toMatchObject({ status: 409, body: { code: 'conflict' } });
    await api.call('DELETE', `/v1/invitations/${invited[0]?.body.id}`, { token });
    expect((await more()).status).toBe(201);
  });
});

describe('accepting', () => {
  it('makes a user with the role, the name and the password, once', async () => {
    const email = newEmail();
    const { body } = await invite(partner.token, { email, role: 'developer' });
    expect(await accept(body.token)).toMatchObject({ status: 202, body: { email, role: 'developer' } });
    const token = await api.login(email, NEXT);
    const { body: me } = await api.call('GET', '/v1/auth/me', { token });
    expect(me).toMatchObject({ partnerId: partner.id, role: 'developer' });
    const users = await api.call('GET', '/v1/users', { token: partner.token });
    expect(users.body.items[0]).toMatchObject({ email, name: 'Анна' });
    expect((await accept(body.token)).status).toBe(404);
    expect((await api.call('DELETE', `/v1/invitations/${body.id}`, { token: partner.token })).status).toBe(
      409,
    );
  });

  it('tells nobody that the address is somebody’s elsewhere, and changes nothing of that account', async () => {
    const taken = await invite(partner.token, { email: other.adminEmail, role: 'viewer' });
    const free = await invite(partner.token, { email: newEmail(), role: 'viewer' });
    const answers = [await accept(taken.body.token), await accept(free.body.token)];
    for (const { status, body } of answers) {
      expect(status).toBe(202);
      expect(Object.keys(body).sort()).toEqual(['email', 'role']);
    }
    expect(await loginStatus(other.adminEmail, PASSWORD)).toBe(200);
    expect(await loginStatus(other.adminEmail, NEXT)).toBe(401);
    expect((await accept(taken.body.token)).status).toBe(404);
  });

  it('with a password that is refused does not use up the token', async () => {
    const email = newEmail();
    const { body } = await invite(partner.token, { email, role: 'viewer' });
    expect((await accept(body.token, { password: 'aaaaaaaaaaaa' })).status).toBe(422);
    expect((await accept(body.token)).status).toBe(202);
  });

  it('is 404 for what is withdrawn, mistyped or made up', async () => {
    const { body } = await invite(partner.token, { email: newEmail(), role: 'viewer' });
    await api.call('DELETE', `/v1/invitations/${body.id}`, { token: partner.token });
    for (const token of [body.token, `${body.token}x`, '', 'ani_', `ani_${'A'.repeat(43)}`]) {
      expect(await accept(token)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
  });
});

describe('an operator', () => {
  it('invites the first admin of a new company, which accepting registers', async () => {
    const email = newEmail();
    const { body } = await invite(api.operatorToken, { email, role: 'admin', companyName: 'Новый салон' });
    expect(body).toMatchObject({ partnerId: null, companyName: 'Новый салон' });
    await accept(body.token);
    const token = await api.login(email, NEXT);
    const { body: me } = await api.call('GET', '/v1/auth/me', { token });
    const { body: found } = await api.call(
      'GET',
      `/v1/partners/directory?q=${encodeURIComponent('новый салон')}`,
      { token },
    );
    expect(me).toMatchObject({ role: 'admin', partnerId: found.items[0].id });
  });

  it('helps a company whose only admin has forgotten the password, and the company sees it', async () => {
    const company = await api.createPartner();
    const { body } = await invite(api.operatorToken, {
      email: company.adminEmail,
      role: 'admin',
      partnerId: company.id,
    });
    expect(await loginStatus(company.adminEmail, PASSWORD)).toBe(200);
    await accept(body.token);
    expect(await loginStatus(company.adminEmail, PASSWORD)).toBe(401);
    const token = await api.login(company.adminEmail, NEXT);
    const { body: audit } = await api.call('GET', '/v1/audit', { token });
    const actions = audit.items.map(({ action }: { action: string }) => action);
    for (const action of ['invitation.created', 'invitation.accepted', 'user.updated'])
      expect(actions).toContain(action);
    expect((await api.call('GET', '/v1/auth/me', { token: company.token })).status).toBe(401);
  });

  it('gives a company whose admin is gone another one', async () => {
    const company = await api.createPartner();
    const email = newEmail();
    const { body } = await invite(api.operatorToken, { email, role: 'admin', partnerId: company.id });
    await accept(body.token);
    const token = await api.login(email, NEXT);
    const { body: users } = await api.call('GET', '/v1/users', { token });
    expect(users.items).toHaveLength(2);
  });

  it('sees and withdraws what operators made, and no company sees those', async () => {
    const { body } = await invite(api.operatorToken, {
      email: newEmail(),
      role: 'admin',
      partnerId: partner.id,
    });
    const mine = await api.call('GET', '/v1/invitations', { token: api.operatorToken });
    expect(mine.body.items[0].id).toBe(body.id);
    const theirs = await api.call('GET', '/v1/invitations', { token: partner.token });
    expect(JSON.stringify(theirs.body)).not.toContain(body.id);
    const path = `/v1/invitations/${body.id}`;
    expect((await api.call('DELETE', path, { token: partner.token })).status).toBe(404);
    expect((await api.call('DELETE', path, { token: api.operatorToken })).status).toBe(204);
    expect((await accept(body.token)).status).toBe(404);
  });
});
