import { randomBytes } from 'node:crypto';
import type { DeliveryId } from '@anika/core/ids';
import { connectMongo } from '@anika/stores/mongo/client';
import { eventually } from '@anika/testkit/eventually';
import { codeOf, setUpFactor } from './authenticator.ts';
import { newSubscription, newTopic, type World } from './world.ts';

/** A request that a route answers with its success status. */
export type Call = { readonly path: string; readonly body?: unknown; readonly token: string | undefined };

const PASSWORD = 'a password for tests';

async function newUser({ api, owner }: World): Promise<{ id: string; email: string }> {
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

async function newRequest(world: World): Promise<string> {
  const { api, owner, stranger } = world;
  const topicId = await newTopic(api, owner.token, 'listed');
  const created = await api.call('POST', `/v1/topics/${topicId}/access-requests`, {
    token: stranger.token,
    body: { purpose: 'Предложить кредит' },
  });
  return created.body.id;
}

/** Nobody dispatches in these tests: it stays as it is. */
async function newReplay(world: World, ...acts: readonly string[]): Promise<{ path: string }> {
  const { api, reader } = world;
  const path = `/v1/subscriptions/${await ownSubscription(world)}/replays`;
  const body = { from: new Date(Date.now() - 3_600_000).toISOString(), only: 'missing' };
  const { id } = (await api.call('POST', path, { token: reader.token, body })).body;
  for (const act of acts) await api.call('POST', `/v1/replays/${id}/${act}`, { token: reader.token });
  return { path: `/v1/replays/${id}` };
}

async function tokensOf({ api, owner }: World): Promise<{ refreshToken: string }> {
  const body = { email: owner.adminEmail, password: 'correct horse battery' };
  return (await api.call('POST', '/v1/auth/login', { body })).body;
}

async function ownSubscription(world: World): Promise<string> {
  return newSubscription(world, world.topicId, world.reader.token);
}

async function pulling({ api, reader, topicId }: World): Promise<string> {
  const body = { topicId, delivery: { type: 'pull' } };
  return (await api.call('POST', '/v1/subscriptions', { token: reader.token, body })).body.id;
}

async function paused(world: World): Promise<string> {
  const id = await ownSubscription(world);
  await world.api.call('POST', `/v1/subscriptions/${id}/pause`, { token: world.reader.token });
  return id;
}

/** Nobody dispatches in these tests: it is written down as a dispatcher would. */
async function delivered(world: World): Promise<string> {
  const { api, owner, reader, topicId } = world;
  // One of its own: that of another may be paused.
  const subscriptionId = await ownSubscription(world);
  const message = { token: owner.token, body: { type: 'car.chosen', data: {} } };
  const { body: accepted } = await api.call('POST', `/v1/topics/${topicId}/messages`, message);
  const id: string = await eventually(async () => {
    const path = `/v1/messages/${accepted.id}/deliveries`;
    const { body } = await api.call('GET', `${path}?limit=200`, { token: reader.token });
    return body.items.find((one: { subscriptionId: string }) => one.subscriptionId === subscriptionId)?.id;
  });
  const mongo = connectMongo({ url: api.databases.mongodbUrl });
  await mongo.deliveries.updateOne(
    { _id: id as DeliveryId },
    { $set: { state: 'delivered', finishedAt: new Date() }, $unset: { nextAttemptAt: 1, sweepAt: 1 } },
  );
  await mongo.close();
  return id;
}

/** That of a topic which was deleted: nobody works on it in these tests, and a company may have few others. */
async function erasureOfTopic({ api, owner: { token } }: World): Promise<string> {
  await api.call('DELETE', `/v1/topics/${await newTopic(api, token)}`, { token });
  return (await api.call('GET', '/v1/erasures?limit=1', { token })).body.items[0].id;
}

/** For each route, by the id of its contract: a request that succeeds, with whatever it needs made for it. */
export const CALLS: Readonly<Record<string, (world: World) => Promise<Call>>> = {
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

  createTopic: async ({ owner }) => ({
    path: '/v1/topics',
    token: owner.token,
    body: { name: `Топик ${randomBytes(4).toString('hex')} 车 🚗` },
  }),
  listTopics: async ({ reader }) => ({ path: '/v1/topics', token: reader.token }),
  getTopic: async ({ reader, topicId }) => ({ path: `/v1/topics/${topicId}`, token: reader.token }),
  updateTopic: async ({ owner, topicId }) => ({
    path: `/v1/topics/${topicId}`,
    token: owner.token,
    body: { description: 'Кто какую машину выбрал' },
  }),
  deleteTopic: async ({ api, owner }) => ({
    path: `/v1/topics/${await newTopic(api, owner.token)}`,
    token: owner.token,
  }),
  catalog: async ({ stranger }) => ({ path: '/v1/catalog', token: stranger.token }),
  putGrant: async ({ owner, stranger, api }) => ({
    path: `/v1/topics/${await newTopic(api, owner.token)}/grants/${stranger.id}`,
    token: owner.token,
    body: { purpose: 'Скоринг', fields: { exclude: ['data.customer.phone'] }, types: ['car.chosen'] },
  }),
  previewGrant: async ({ owner, stranger, topicId }) => ({
    path: `/v1/topics/${topicId}/grants/${stranger.id}/preview`,
    token: owner.token,
    body: { fields: { exclude: ['data.car', 'key'] } },
  }),
  deleteGrant: async ({ api, owner, stranger }) => {
    const path = `/v1/topics/${await newTopic(api, owner.token)}/grants/${stranger.id}`;
    await api.call('PUT', path, { token: owner.token, body: {} });
    return { path, token: owner.token };
  },
  declineGrant: async ({ api, owner, stranger }) => {
    const path = `/v1/topics/${await newTopic(api, owner.token)}/grants/${stranger.id}`;
    const { body } = await api.call('PUT', path, { token: owner.token, body: {} });
    return { path: `/v1/grants/${body.id}`, token: stranger.token };
  },
  resendCancelled: async ({ owner, reader, topicId }) => ({
    path: `/v1/topics/${topicId}/grants/${reader.id}/resend`,
    token: owner.token,
  }),
  listTopicGrants: async ({ owner, topicId }) => ({
    path: `/v1/topics/${topicId}/grants`,
    token: owner.token,
  }),
  listMyGrants: async ({ reader }) => ({ path: '/v1/grants', token: reader.token }),
  requestAccess: async ({ api, owner, stranger }) => ({
    path: `/v1/topics/${await newTopic(api, owner.token, 'listed')}/access-requests`,
    token: stranger.token,
    body: { purpose: 'Предложить страховку' },
  }),
  listAccessRequests: async ({ owner }) => ({ path: '/v1/access-requests?direction=in', token: owner.token }),
  approveAccessRequest: async (world) => ({
    path: `/v1/access-requests/${await newRequest(world)}/approve`,
    token: world.owner.token,
    body: { history: false },
  }),
  refuseAccessRequest: async (world) => ({
    path: `/v1/access-requests/${await newRequest(world)}/refuse`,
    token: world.owner.token,
    body: { reason: 'Не сейчас' },
  }),
  withdrawAccessRequest: async (world) => ({
    path: `/v1/access-requests/${await newRequest(world)}/withdraw`,
    token: world.stranger.token,
  }),
  listAudit: async ({ owner }) => ({ path: '/v1/audit', token: owner.token }),
  exportAudit: async ({ owner }) => ({ path: '/v1/audit/export', token: owner.token }),

  createSubscription: async ({ reader, receiver, topicId }) => ({
    path: '/v1/subscriptions',
    token: reader.token,
    body: { topicId, url: receiver.url, filter: { 'data.car': 'Лада' }, headers: { 'x-team': 'risk' } },
  }),
  previewSubscription: async ({ reader, topicId }) => ({
    path: '/v1/subscriptions/preview',
    token: reader.token,
    body: { topicId, eventTypes: ['car.chosen'], filter: { 'data.car': 'Лада' } },
  }),
  listSubscriptions: async ({ reader }) => ({ path: '/v1/subscriptions', token: reader.token }),
  getSubscription: async ({ reader, subscriptionId }) => ({
    path: `/v1/subscriptions/${subscriptionId}`,
    token: reader.token,
  }),
  updateSubscription: async ({ reader, subscriptionId }) => ({
    path: `/v1/subscriptions/${subscriptionId}`,
    token: reader.token,
    body: { description: 'Основной сервер' },
  }),
  deleteSubscription: async (world) => ({
    path: `/v1/subscriptions/${await ownSubscription(world)}`,
    token: world.reader.token,
  }),
  verifySubscription: async ({ reader, subscriptionId }) => ({
    path: `/v1/subscriptions/${subscriptionId}/verify`,
    token: reader.token,
  }),
  pauseSubscription: async (world) => ({
    path: `/v1/subscriptions/${await ownSubscription(world)}/pause`,
    token: world.reader.token,
  }),
  resumeSubscription: async (world) => ({
    path: `/v1/subscriptions/${await paused(world)}/resume`,
    token: world.reader.token,
  }),
  testSubscription: async ({ reader, subscriptionId }) => ({
    path: `/v1/subscriptions/${subscriptionId}/test`,
    token: reader.token,
  }),
  rotateSecret: async (world) => ({
    path: `/v1/subscriptions/${await ownSubscription(world)}/rotate-secret`,
    token: world.reader.token,
    body: { graceSeconds: 60 },
  }),
  getSecret: async ({ reader, subscriptionId }) => ({
    path: `/v1/subscriptions/${subscriptionId}/secret`,
    token: reader.token,
  }),
  redriveSubscription: async ({ reader, subscriptionId }) => ({
    path: `/v1/subscriptions/${subscriptionId}/redrive`,
    token: reader.token,
    body: { states: ['dead'] },
  }),

  startReplay: async (world) => ({
    path: `/v1/subscriptions/${await ownSubscription(world)}/replays`,
    token: world.reader.token,
    body: {
      from: new Date(Date.now() - 3_600_000).toISOString(),
      filter: { 'data.car': 'Лада' },
      only: 'missing',
    },
  }),
  listReplays: async ({ reader }) => ({ path: '/v1/replays', token: reader.token }),
  getReplay: async (world) => ({ path: (await newReplay(world)).path, token: world.reader.token }),
  pauseReplay: async (world) => ({
    path: `${(await newReplay(world)).path}/pause`,
    token: world.reader.token,
  }),
  resumeReplay: async (world) => ({
    path: `${(await newReplay(world, 'pause')).path}/resume`,
    token: world.reader.token,
  }),
  stopReplay: async (world) => ({ path: `${(await newReplay(world)).path}/stop`, token: world.reader.token }),
  pullDeliveries: async (world) => ({
    path: `/v1/subscriptions/${await pulling(world)}/pull`,
    token: world.reader.token,
    body: { max: 5, waitSeconds: 0, leaseSeconds: 5 },
  }),
  ackDeliveries: async (world) => ({
    path: `/v1/subscriptions/${await pulling(world)}/ack`,
    token: world.reader.token,
    body: { items: [{ deliveryId: world.deliveryId, lease: 'unknown', outcome: 'done' }] },
  }),

  publishMessage: async ({ owner, topicId }) => ({
    path: `/v1/topics/${topicId}/messages`,
    token: owner.token,
    body: { type: 'car.chosen', data: { car: 'Нива' }, key: 'клиент-7' },
  }),
  publishBatch: async ({ owner, topicId }) => ({
    path: `/v1/topics/${topicId}/messages/batch`,
    token: owner.token,
    body: { messages: [{ type: 'car.chosen', data: 1 }] },
  }),
  searchMessages: async ({ reader }) => ({
    path: `/v1/messages?q=${encodeURIComponent('лад')}`,
    token: reader.token,
  }),
  getMessage: async ({ reader, messageId }) => ({ path: `/v1/messages/${messageId}`, token: reader.token }),
  explainMessage: async ({ owner, messageId }) => ({
    path: `/v1/messages/${messageId}/explain`,
    token: owner.token,
  }),
  recallMessage: async ({ api, owner, topicId }) => {
    const body = { type: 'car.chosen', data: { car: 'Нива' } };
    const accepted = await api.call('POST', `/v1/topics/${topicId}/messages`, { token: owner.token, body });
    return { path: `/v1/messages/${accepted.body.id}`, token: owner.token, body: { reason: 'По ошибке' } };
  },
  createErasure: async ({ owner }) => ({
    path: '/v1/erasures',
    token: owner.token,
    body: { key: 'клиент-никто', reason: 'Просьба клиента' },
  }),
  listErasures: async ({ owner }) => ({ path: '/v1/erasures', token: owner.token }),
  getErasure: async (world) => ({
    path: `/v1/erasures/${await erasureOfTopic(world)}`,
    token: world.owner.token,
  }),
  listMessageDeliveries: async ({ owner, messageId }) => ({
    path: `/v1/messages/${messageId}/deliveries`,
    token: owner.token,
  }),
  listTopicDeliveries: async ({ owner, topicId }) => ({
    path: `/v1/topics/${topicId}/deliveries`,
    token: owner.token,
  }),
  listDeliveries: async ({ reader }) => ({ path: '/v1/deliveries', token: reader.token }),
  getDelivery: async ({ reader, deliveryId }) => ({
    path: `/v1/deliveries/${deliveryId}`,
    token: reader.token,
  }),
  resendDelivery: async (world) => ({
    path: `/v1/deliveries/${await delivered(world)}/resend`,
    token: world.reader.token,
  }),
  retryDelivery: async ({ reader, deliveryId }) => ({
    path: `/v1/deliveries/${deliveryId}/retry`,
    token: reader.token,
  }),
  listNotices: async ({ reader }) => ({ path: '/v1/notices?type=anika.grant.given', token: reader.token }),
  getNoticeSettings: async (world) => ({
    path: `/v1/users/${(await newUser(world)).id}/notice-settings`,
    token: world.owner.token,
  }),
  updateNoticeSettings: async (world) => ({
    path: `/v1/users/${(await newUser(world)).id}/notice-settings`,
    token: world.owner.token,
    body: { email: 'daily', types: ['anika.delivery.dead'] },
  }),
  meta: async ({ owner }) => ({ path: '/v1/meta', token: owner.token }),
  opsOverview: async ({ api }) => ({ path: '/v1/ops/overview', token: api.operatorToken }),
  opsEndpoints: async ({ api }) => ({ path: '/v1/ops/endpoints', token: api.operatorToken }),
  opsDelivery: async ({ api, deliveryId }) => ({
    path: `/v1/ops/deliveries/${deliveryId}`,
    token: api.operatorToken,
  }),
  opsMessage: async ({ api, messageId }) => ({
    path: `/v1/ops/messages/${messageId}`,
    token: api.operatorToken,
  }),
  stats: async ({ owner, topicId }) => {
    const [from, to] = [Date.now() - 3_600_000, Date.now()].map((ms) => new Date(ms).toISOString());
    return { path: `/v1/stats?scope=topic&id=${topicId}&from=${from}&to=${to}`, token: owner.token };
  },
  stream: async ({ owner }) => ({ path: '/v1/stream?seconds=0', token: owner.token }),
  receipts: async ({ owner, topicId }) => ({
    path: `/v1/receipts?topicId=${topicId}&from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z`,
    token: owner.token,
  }),
  deliveryReceipt: async ({ owner, deliveryId }) => ({
    path: `/v1/deliveries/${deliveryId}/receipt`,
    token: owner.token,
  }),
};
