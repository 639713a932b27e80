import type { Calls } from './call.ts';
import { newSubscription, type World } from './world.ts';

/** Nobody dispatches in these tests: it stays as it is. */
async function newReplay(world: World, ...acts: readonly string[]): Promise<{ path: string }> {
  const { api, reader } = world;
  const path = `/v1/subscriptions/${await ownSubscription(world)}/replays`;
  const body = { from: new Date(Date.now() - 3_600_000).toISOString(), only: 'missing' };
  const { id } = (await api.call('POST', path, { token: reader.token, body })).body;
  for (const act of acts) await api.call('POST', `/v1/replays/${id}/${act}`, { token: reader.token });
  return { path: `/v1/replays/${id}` };
}

export async function ownSubscription(world: World): Promise<string> {
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

export const SUBSCRIPTION_CALLS: Calls = {
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
};
