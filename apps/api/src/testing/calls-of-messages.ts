import type { DeliveryId } from '@anika/core/ids';
import { connectMongo } from '@anika/stores/mongo/client';
import { eventually } from '@anika/testkit/eventually';
import type { Calls } from './call.ts';
import { newUser } from './calls-of-accounts.ts';
import { ownSubscription } from './calls-of-subscriptions.ts';
import { newTopic, type World } from './world.ts';

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

export const MESSAGE_CALLS: Calls = {
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
