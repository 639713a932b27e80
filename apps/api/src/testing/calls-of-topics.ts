import { randomBytes } from 'node:crypto';
import type { Calls } from './call.ts';
import { newTopic, type World } from './world.ts';

async function newRequest(world: World): Promise<string> {
  const { api, owner, stranger } = world;
  const topicId = await newTopic(api, owner.token, 'listed');
  const created = await api.call('POST', `/v1/topics/${topicId}/access-requests`, {
    token: stranger.token,
    body: { purpose: 'Предложить кредит' },
  });
  return created.body.id;
}

export const TOPIC_CALLS: Calls = {
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
};
