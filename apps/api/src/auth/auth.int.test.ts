import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import jsonwebtoken from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let partner: TestPartner;
const PASSWORD = 'correct horse battery';

beforeAll(async () => {
  api = await startTestApi();
  partner = await api.createPartner('ЭкспоБанк');
});
afterAll(() => api.close());

async function login(email = partner.adminEmail, password = PASSWORD) {
  return api.call('POST', '/v1/auth/login', { body: { email, password } });
}
const refresh = (refreshToken: string) => api.call('POST', '/v1/auth/refresh', { body: { refreshToken } });
const me = (token: string) => api.call('GET', '/v1/auth/me', { token });

describe('login', () => {
  it('gives an ES256 access token with user_id and partner_id that the published keys verify', async () => {
    const { body, headers } = await login();
    expect(body).toMatchObject({ tokenType: 'Bearer', expiresIn: 900 });
    expect(headers.get('cache-control')).toBe('no-store');
    const { keys } = (await api.call('GET', '/.well-known/jwks.json')).body;
    const decoded = jsonwebtoken.decode(body.accessToken, { complete: true });
    expect(decoded?.header).toMatchObject({ alg: 'ES256', typ: 'at+jwt', kid: keys[0].kid });
    const key = createPublicKey({ key: keys[0], format: 'jwk' });
    const claims = jsonwebtoken.verify(body.accessToken, key, { algorithms: ['ES256'], audience: 'anika' });
    expect(claims).toMatchObject({ partner_id: partner.id, role: 'admin', jti: expect.any(String) });
    expect(keys[0]).not.toHaveProperty('d');
  });

  it('takes the email in any case', async () => {
    expect((await login(partner.adminEmail.toUpperCase())).status).toBe(200);
  });

  it('answers an unknown user and a wrong password alike', async () => {
    const unknown = await login('nobody@nowhere.test');
    const wrong = await login(partner.adminEmail, 'a wrong password');
    expect(unknown.status).toBe(401);
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
  });

  it('slows down guessing for one account and address, and forgets it after a success', async () => {
    const victim = await api.createPartner();
    for (let n = 0; n < 10; n += 1) {
      expect((await login(victim.adminEmail, `guess number ${n}`)).status).toBe(401);
    }
    const refused = await login(victim.adminEmail, 'one more guess');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await login()).status).toBe(200);
  });
});

describe('an access token that is not ours', () => {
  const forge = (change: object, options: jsonwebtoken.SignOptions = {}, key?: jsonwebtoken.Secret) => {
    const { exp: _exp, iat: _iat, ...claims } = jsonwebtoken.decode(partner.token) as jsonwebtoken.JwtPayload;
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    return jsonwebtoken.sign({ ...claims, ...change }, key ?? privateKey, {
      algorithm: 'ES256',
      expiresIn: 600,
      ...options,
    });
  };
  const kid = () => jsonwebtoken.decode(partner.token, { complete: true })?.header.kid ?? '';
  const unsigned = () => {
    const [, payload] = partner.token.split('.');
    const header = { alg: 'none', typ: 'at+jwt', kid: kid() };
    return `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.`;
  };
  const tampered = () => {
    const [header, payload = '', signature] = partner.token.split('.');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const changed = Buffer.from(JSON.stringify({ ...claims, role: 'operator' })).toString('base64url');
    return `${header}.${changed}.${signature}`;
  };

  it.each([
    ['signed by another key', () => forge({}, { header: { alg: 'ES256', typ: 'at+jwt', kid: kid() } })],
    ['of an unknown kid', () => forge({}, { header: { alg: 'ES256', typ: 'at+jwt', kid: 'unknown' } })],
    ['with alg none', unsigned],
    ['changed afterwards', tampered],
    [
      'with HS256 and the public key as its secret',
      async () => {
        const { keys } = (await api.call('GET', '/.well-known/jwks.json')).body;
        const secret = createPublicKey({ key: keys[0], format: 'jwk' }).export({
          type: 'spki',
          format: 'pem',
        });
        return forge(
          {},
          { algorithm: 'HS256', header: { alg: 'HS256', typ: 'at+jwt', kid: kid() } },
          String(secret),
        );
      },
    ],
    ['a refresh token', async () => (await login()).body.refreshToken],
  ] as const)('%s is refused', async (_what, make) => {
    expect((await me(await make())).status).toBe(401);
  });

  it('of another issuer on the same keys is refused', async () => {
    const other = await startTestApi({ ANIKA_PUBLIC_URL: 'https://other.example' });
    expect((await other.call('GET', '/v1/auth/me', { token: partner.token })).status).toBe(401);
    await other.close();
  });
});

describe('the gateway question', () => {
  it('answers 204 with who it is, or 401', async () => {
    const ask = (token?: string) => api.call('GET', '/internal/auth/verify', { token });
    const answer = await ask(partner.token);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('x-partner-id')).toBe(partner.id);
    expect(answer.headers.get('x-user-id')).toMatch(/^usr_/);
    expect((await ask()).status).toBe(401);
  });
});

describe('suspending a partner', () => {
  it('stops its tokens, keys and logins at once, and letting it back in starts them', async () => {
    const other = await api.createPartner();
    const key = await other.apiKey();
    const { refreshToken } = (await login(other.adminEmail)).body;
    const set = (status: string) =>
      api.call('PATCH', `/v1/partners/${other.id}`, { token: api.operatorToken, body: { status } });
    await set('suspended');
    for (const token of [other.token, key]) expect((await me(token)).status).toBe(401);
    expect((await login(other.adminEmail)).status).toBe(401);
    expect((await refresh(refreshToken)).status).toBe(401);
    await set('active');
    expect((await me(key)).status).toBe(200);
    expect((await login(other.adminEmail)).status).toBe(200);
  });
});

describe('API keys', () => {
  it('are shown once, work as a bearer credential, and stop when revoked', async () => {
    const made = await api.call('POST', '/v1/api-keys', { token: partner.token, body: { name: 'Сервер' } });
    expect(made.body.key).toMatch(/^ank_/);
    expect((await me(made.body.key)).body).toMatchObject({ partnerId: partner.id, role: 'developer' });
    const listed = await api.call('GET', '/v1/api-keys', { token: partner.token });
    expect(JSON.stringify(listed.body)).not.toContain(made.body.key);
    expect(listed.body.items[0].hint).toBe(made.body.key.slice(-4));
    await api.call('DELETE', `/v1/api-keys/${made.body.id}`, { token: partner.token });
    expect((await me(made.body.key)).status).toBe(401);
  });

  it('end at their time', async () => {
    const expiresAt = new Date(Date.now() + 700).toISOString();
    const { body } = await api.call('POST', '/v1/api-keys', {
      token: partner.token,
      body: { name: 'Коротко', expiresAt },
    });
    expect((await me(body.key)).status).toBe(200);
    await expect.poll(async () => (await me(body.key)).status).toBe(401);
  });
});

describe('users', () => {
  it('the last admin can neither be demoted nor removed', async () => {
    const other = await api.createPartner();
    const { userId } = (await me(other.token)).body;
    const path = `/v1/users/${userId}`;
    expect((await api.call('PATCH', path, { token: other.token, body: { role: 'viewer' } })).status).toBe(
      409,
    );
    expect((await api.call('DELETE', path, { token: other.token })).status).toBe(409);
  });

  it('a removed user is out at once, whatever its token says', async () => {
    const token = await partner.userToken('developer');
    const { userId } = (await me(token)).body;
    await api.call('DELETE', `/v1/users/${userId}`, { token: partner.token });
    expect((await me(token)).status).toBe(401);
  });

  describe('a password that is', () => {
    it.each([
      ['short', 'kX9$vTq2w', /at least 10 characters/],
      ['of few characters', 'aaaaaaaaaaaaaaaa', /easy to guess/],
      ['common', 'Password123!', /easy to guess/],
      ['a walk over the keyboard', '1qaz2wsx3edc', /easy to guess/],
      ['the name of its user', 'ivan.ivanov on a walk', /name of the email/],
    ])('%s is refused wherever one is set', async (_what, password, message) => {
      const { token } = partner;
      const email = 'Ivan.Ivanov@weak.test';
      const admin = { token: api.operatorToken, body: { name: 'Слабый', admin: { email, password } } };
      const user = { email: `ivan.ivanov@${crypto.randomUUID()}.test`, role: 'viewer' as const };
      const { id } = await api.createUser(token, user);
      const own = { currentPassword: PASSWORD, newPassword: password };
      const { body: invited } = await api.call('POST', '/v1/invitations', {
        token,
        body: { ...user, email },
      });
      const accept = { token: invited.token, name: 'Иван', password };
      const answers = [
        ['password', await api.call('POST', '/v1/invitations/accept', { body: accept })],
        ['password', await api.call('PATCH', `/v1/users/${id}`, { token, body: { password } })],
        [
          'newPassword',
          await api.call('POST', '/v1/auth/password', {
            token: await api.login(user.email, PASSWORD),
            body: own,
          }),
        ],
        ['admin.password', await api.call('POST', '/v1/partners', admin)],
      ] as const;
      for (const [path, answer] of answers) {
        expect(answer).toMatchObject({
          status: 422,
          body: { code: 'validation-failed', errors: [{ path, message: expect.stringMatching(message) }] },
        });
        expect(JSON.stringify(answer.body)).not.toContain(password);
      }
    });
  });
});
