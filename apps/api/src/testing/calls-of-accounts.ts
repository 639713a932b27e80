import { randomBytes } from 'node:crypto';
import { codeOf, setUpFactor } from './authenticator.ts';
import type { Calls } from './call.ts';
import type { World } from './world.ts';

const PASSWORD = 'a password for tests';

export async function newUser({ api, owner }: World): Promise<{ id: string; email: string }> {
  const email = `user-${randomBytes(6).toString('hex')}@partner.test`;
  return api.createUser(owner.token, { email, password: PASSWORD, role: 'viewer' });
}

const invitee = () => ({ email: `i-${randomBytes(5).toString('hex')}@x.test`, role: 'viewer' });

/** Those before are withdrawn: a company has few open. */
async function newInvitation({ api, owner: { token } }: World): Promise<{ id: string; token: string }> {
  const { body } = await api.call('GET', '/v1/invitations', { token });
  for (const { id, state } of body.items) {
    if (state === 'open') await api.call('DELETE', `/v1/invitations/${id}`, { token });
  }
  return (await api.call('POST', '/v1/invitations', { token, body: invitee() })).body;
}

/** Of a user of its own, so that no other call is signed out. */
async function newSession(world: World): Promise<string> {
  const { email } = await newUser(world);
  return world.api.login(email, PASSWORD);
}

async function newReset(world: World): Promise<string> {
  const { id } = await newUser(world);
  const { api, owner } = world;
  return (await api.call('POST', `/v1/users/${id}/password-resets`, { token: owner.token })).body.token;
}

/** A user of its own, who has a second factor. */
async function withFactor(world: World) {
  const { api } = world;
  const { id, email } = await newUser(world);
  const token = await api.login(email, PASSWORD);
  return { id, email, token, app: await setUpFactor(api, token, PASSWORD) };
}

async function secondStep(world: World) {
  const { email, app } = await withFactor(world);
  const { body } = await world.api.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD } });
  return { challenge: body.challenge.token, code: app.code() };
}

async function tokensOf({ api, owner }: World): Promise<{ refreshToken: string }> {
  const body = { email: owner.adminEmail, password: 'correct horse battery' };
  return (await api.call('POST', '/v1/auth/login', { body })).body;
}

export const ACCOUNT_CALLS: Calls = {
  login: async ({ owner }) => ({
    path: '/v1/auth/login',
    token: undefined,
    body: { email: owner.adminEmail, password: 'correct horse battery' },
  }),
  refresh: async (world) => ({
    path: '/v1/auth/refresh',
    token: undefined,
    body: { refreshToken: (await tokensOf(world)).refreshToken },
  }),
  logout: async (world) => ({
    path: '/v1/auth/logout',
    token: undefined,
    body: { refreshToken: (await tokensOf(world)).refreshToken },
  }),
  changePassword: async (world) => ({
    path: '/v1/auth/password',
    token: await newSession(world),
    body: { currentPassword: PASSWORD, newPassword: 'quite another password' },
  }),
  forgotPassword: async ({ owner }) => ({
    path: '/v1/auth/password/forgotten',
    token: undefined,
    body: { email: owner.adminEmail },
  }),
  resetPassword: async (world) => ({
    path: '/v1/auth/password/reset',
    token: undefined,
    body: { token: await newReset(world), password: 'quite another password' },
  }),
  listSessions: async ({ owner }) => ({ path: '/v1/auth/sessions', token: owner.token }),
  endSessions: async (world) => ({ path: '/v1/auth/sessions', token: await newSession(world) }),
  endSession: async (world) => {
    const token = await newSession(world);
    const { body } = await world.api.call('GET', '/v1/auth/sessions', { token });
    return { path: `/v1/auth/sessions/${body.items[0].id}`, token };
  },
  openBrowserSession: async ({ owner }) => ({
    path: '/v1/auth/session',
    token: undefined,
    body: { email: owner.adminEmail, password: 'correct horse battery' },
  }),
  readBrowserSession: async ({ owner }) => ({ path: '/v1/auth/session', token: owner.token }),
  closeBrowserSession: async (world) => ({ path: '/v1/auth/session', token: await newSession(world) }),
  whoAmI: async ({ owner }) => ({ path: '/v1/auth/me', token: owner.token }),
  webhookKeys: async ({ api }) => {
    const path = '/.well-known/anika-webhook-keys.json';
    await api.call('GET', path); // the first key is made when somebody asks for it
    return { path, token: undefined };
  },
  jwks: async () => ({ path: '/.well-known/jwks.json', token: undefined }),
  verifyForGateway: async ({ owner }) => ({ path: '/internal/auth/verify', token: owner.token }),

  readTotp: async ({ owner }) => ({ path: '/v1/auth/totp', token: owner.token }),
  beginTotp: async (world) => ({
    path: '/v1/auth/totp',
    token: await newSession(world),
    body: { password: PASSWORD },
  }),
  confirmTotp: async (world) => {
    const token = await newSession(world);
    const { body } = await world.api.call('POST', '/v1/auth/totp', { token, body: { password: PASSWORD } });
    return { path: '/v1/auth/totp/confirm', token, body: { code: codeOf(body.secret, Date.now()) } };
  },
  renewRecoveryCodes: async (world) => {
    const { token, app } = await withFactor(world);
    return { path: '/v1/auth/totp/recovery-codes', token, body: { code: app.code() } };
  },
  endTotp: async (world) => {
    const { token, app } = await withFactor(world);
    return { path: '/v1/auth/totp', token, body: { recoveryCode: app.recoveryCodes[0] } };
  },
  loginWithTotp: async (world) => ({
    path: '/v1/auth/totp/login',
    token: undefined,
    body: await secondStep(world),
  }),
  openBrowserSessionWithTotp: async (world) => ({
    path: '/v1/auth/totp/session',
    token: undefined,
    body: await secondStep(world),
  }),
  takeOffTotp: async (world) => ({
    path: `/v1/users/${(await withFactor(world)).id}/totp`,
    token: world.owner.token,
  }),

  createPartner: async ({ api }) => ({
    path: '/v1/partners',
    token: api.operatorToken,
    body: {
      name: 'Новый партнёр',
      admin: { email: `new-${randomBytes(5).toString('hex')}@x.test`, password: PASSWORD },
    },
  }),
  listPartners: async ({ api }) => ({ path: '/v1/partners', token: api.operatorToken }),
  updatePartner: async ({ api, stranger }) => ({
    path: `/v1/partners/${stranger.id}`,
    token: api.operatorToken,
    body: { name: 'Совсем чужой', limits: { topics: 500 } },
  }),
  partnerDirectory: async ({ owner }) => ({
    path: `/v1/partners/directory?q=${encodeURIComponent('чита')}`,
    token: owner.token,
  }),
  createUser: async ({ owner }) => ({
    path: '/v1/users',
    token: owner.token,
    body: { email: `u-${randomBytes(5).toString('hex')}@x.test`, role: 'developer' },
  }),
  createInvitation: async (world) => ({ path: '/v1/invitations', token: world.owner.token, body: invitee() }),
  listInvitations: async ({ owner }) => ({ path: '/v1/invitations', token: owner.token }),
  withdrawInvitation: async (world) => ({
    path: `/v1/invitations/${(await newInvitation(world)).id}`,
    token: world.owner.token,
  }),
  acceptInvitation: async (world) => ({
    path: '/v1/invitations/accept',
    token: undefined,
    body: { token: (await newInvitation(world)).token, name: 'Анна', password: PASSWORD },
  }),
  listUsers: async ({ owner }) => ({ path: '/v1/users', token: owner.token }),
  updateUser: async (world) => ({
    path: `/v1/users/${(await newUser(world)).id}`,
    token: world.owner.token,
    body: { role: 'developer' },
  }),
  deleteUser: async (world) => ({
    path: `/v1/users/${(await newUser(world)).id}`,
    token: world.owner.token,
  }),
  createPasswordReset: async (world) => ({
    path: `/v1/users/${(await newUser(world)).id}/password-resets`,
    token: world.owner.token,
  }),
  createApiKey: async ({ owner }) => ({
    path: '/v1/api-keys',
    token: owner.token,
    body: { name: 'Ключ', scopes: ['publish'] },
  }),
  listApiKeys: async ({ owner }) => ({ path: '/v1/api-keys', token: owner.token }),
  deleteApiKey: async ({ api, owner }) => {
    const { body } = await api.call('POST', '/v1/api-keys', { token: owner.token, body: { name: 'лишний' } });
    return { path: `/v1/api-keys/${body.id}`, token: owner.token };
  },
};
