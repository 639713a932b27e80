import { afterAll, beforeAll, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi({ ANIKA_MAX_SUBSCRIPTIONS: '3' });
  parties = await openParties(api);
});

afterAll(() => api.close());

it('a partner has so many subscriptions on one topic, asked for at once too, and another again when one is gone', async () => {
  const topicId = await parties.grantedTopic();
  const subscribe = (topic = topicId, { token } = parties.reader) =>
    api.call('POST', '/v1/subscriptions', { token, body: { topicId: topic, url: 'http://127.0.0.1:9/' } });
  const answers = await Promise.all(Array.from({ length: 6 }, () => subscribe()));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 422, 422, 422]);
  expect(answers.find(({ status }) => status === 422)?.body.code).toBe('limit-reached');
  expect((await subscribe(topicId, parties.owner)).status).toBe(201);
  expect((await subscribe(await parties.grantedTopic())).status).toBe(201);
  const id = answers.find(({ status }) => status === 201)?.body.id;
  await api.call('DELETE', `/v1/subscriptions/${id}`, { token: parties.reader.token });
  expect((await subscribe()).status).toBe(201);
});
