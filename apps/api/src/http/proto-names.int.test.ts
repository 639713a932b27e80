import { afterAll, beforeAll, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

const filters = ['{"__proto__":{"eq":1}}', '{"and":[{"__proto__":1}]}', '{"data.a":{"__proto__":1}}'];
const schemas = [
  '{"__proto__":{}}',
  '{"properties":{"__proto__":{"type":"number"}}}',
  '{"enum":[{"__proto__":1}]}',
];
const members = [
  ...filters.map((text) => ['grants', `"filter":${text}`] as const),
  ...['{"__proto__":[]}', '{"include":[],"__proto__":[]}'].map(
    (text) => ['grants', `"fields":${text}`] as const,
  ),
  ...filters.map((text) => ['subscriptions', `"filter":${text}`] as const),
  ['subscriptions', '"headers":{"__proto__":"x"}'] as const,
  ['subscriptions', '"__proto__":{"description":"x"}'] as const,
  ...schemas.map((text) => ['topics', `"schema":${text}`] as const),
];

it.each(members)('refuses __proto__ as a name in %s: %s', async (kind, member) => {
  const topicId = await parties.grantedTopic();
  const { owner, reader } = parties;
  const call = {
    grants: {
      method: 'PUT',
      path: `/v1/topics/${topicId}/grants/${reader.id}`,
      token: owner.token,
      more: '',
    },
    subscriptions: {
      method: 'POST',
      path: '/v1/subscriptions',
      token: reader.token,
      more: `"topicId":"${topicId}","url":"http://127.0.0.1:9/",`,
    },
    topics: { method: 'PATCH', path: `/v1/topics/${topicId}`, token: owner.token, more: '' },
  }[kind];
  const rawBody = `{${call.more}${member}}`;
  const { status, body } = await api.call(call.method, call.path, { token: call.token, rawBody });
  expect({ status, code: body.code }).toEqual({ status: 422, code: 'validation-failed' });
});

it.each(filters)('refuses __proto__ as a name in where: %s', async (where) => {
  const { token } = parties.owner;
  const { status } = await api.call('GET', `/v1/messages?${new URLSearchParams({ where })}`, { token });
  expect(status).toBe(422);
});

it('takes data with such a member, which a path leads to', async () => {
  const topicId = await parties.topic();
  const { token } = parties.owner;
  const rawBody = '{"type":"x","data":{"__proto__":{"a":1}}}';
  const { body } = await api.call('POST', `/v1/topics/${topicId}/messages`, { token, rawBody });
  const query = new URLSearchParams({ topicId, where: '{"data.__proto__.a":1}' });
  const found = await api.call('GET', `/v1/messages?${query}`, { token });
  expect(found.body.items.map((item: { id: string }) => item.id)).toEqual([body.id]);
});
