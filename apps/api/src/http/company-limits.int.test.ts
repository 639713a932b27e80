import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let owner: TestPartner;
let other: TestPartner;

beforeAll(async () => {
  api = await startTestApi({
    ANIKA_MAX_KEYS: '3',
    ANIKA_MAX_USERS: '3',
    ANIKA_MAX_TOPICS: '3',
    ANIKA_MAX_GRANTS: '3',
    ANIKA_MAX_COMPANY_SUBSCRIPTIONS: '3',
  });
  owner = await api.createPartner();
  other = await api.createPartner();
});
afterAll(() => api.close());

let made = 0;
const post = (path: string, body: object, who = owner) => api.call('POST', path, { token: who.token, body });

const MAKERS: Readonly<Record<string, () => Promise<Answer>>> = {
  keys: () => post('/v1/api-keys', { name: 'k' }),
  users: () => post('/v1/users', { email: `u${made++}@partner.test`, role: 'viewer' }),
  topics: () => post('/v1/topics', { name: `t${made++}` }),
  subscriptions: async () => {
    const { body } = await api.call('GET', '/v1/topics?limit=1', { token: owner.token });
    return post('/v1/subscriptions', { topicId: body.items[0].id, url: 'http://127.0.0.1:9/hook' });
  },
};

function expectLimit(answer: Answer, kind: string): void {
  expect(answer).toMatchObject({ status: 422, body: { code: 'limit-reached' } });
  expect(answer.body.detail).toMatch(new RegExp(`has 3 .*may have 3 \\(limit "${kind}"\\)`));
}

const isMade = ({ status }: Answer) => status === 201 || status === 202;

describe('what a company may have', () => {
  it.each([
    // Its admin is one.
    ['users', 2],
    ['keys', 3],
    ['topics', 3],
    ['subscriptions', 3],
  ])('%s: not one more than the limit, by any number of calls at once', async (kind, room) => {
    const make = MAKERS[kind];
    if (make === undefined) throw new Error(kind);
    const answers = await Promise.all(Array.from({ length: room + 5 }, make));
    expect(answers.filter(isMade)).toHaveLength(room);
    for (const answer of answers.filter((answer) => !isMade(answer))) expectLimit(answer, kind);
  });

  it('grants: those that are active count, over all topics, and one that is there may be changed', async () => {
    const { body } = await api.call('GET', '/v1/topics', { token: owner.token });
    const ids: string[] = body.items.map(({ id }: { id: string }) => id);
    const third = await api.createPartner();
    const put = (topicId: string | undefined, to: TestPartner, grant: object = {}) =>
      api.call('PUT', `/v1/topics/${topicId}/grants/${to.id}`, { token: owner.token, body: grant });
    const pairs = ids.flatMap((id) => [other, third].map((to) => ({ id, to })));
    const answers = await Promise.all(pairs.map(({ id, to }) => put(id, to)));
    const given = pairs.filter((_pair, index) => answers[index]?.status === 200);
    expect(given).toHaveLength(3);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectLimit(answer, 'grants');
    const [one] = given;
    const refused = pairs.find((pair) => !given.includes(pair));
    if (one === undefined || refused === undefined) throw new Error('no pair');
    expect((await put(one.id, one.to, { purpose: 'new' })).status).toBe(200);
    await api.call('DELETE', `/v1/topics/${one.id}/grants/${one.to.id}`, { token: owner.token });
    expect((await put(refused.id, refused.to)).status).toBe(200);
    expectLimit(await put(one.id, one.to), 'grants');
  });

  it('of one company is not what another has', async () => {
    expect((await post('/v1/topics', { name: 'mine' }, other)).status).toBe(201);
    expect((await post('/v1/api-keys', { name: 'mine' }, other)).status).toBe(201);
  });
});
