import { ALL_ROUTES } from '@anika/contracts/all-routes';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});
afterAll(() => api.close());

type Request = readonly [
  method: string,
  path: (topicId: string) => string,
  body?: (topicId: string) => object,
];
const topic =
  (rest = '') =>
  (id: string) =>
    `/v1/topics/${id}${rest}`;
const RANGE = 'from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z';
const SOMEBODY = 'par_01kb3v6m0eqx4tq2h7s9d5c8fz';

/** By the ids of their contracts: what takes an active grant. */
const TAKES_A_GRANT: Readonly<Record<string, Request>> = {
  getTopic: ['GET', topic()],
  searchMessages: ['GET', (id) => `/v1/messages?topicId=${id}`],
  createSubscription: [
    'POST',
    () => '/v1/subscriptions',
    (topicId) => ({ topicId, url: 'https://bank.example' }),
  ],
  previewSubscription: ['POST', () => '/v1/subscriptions/preview', (topicId) => ({ topicId })],
  stream: ['GET', (id) => `/v1/stream?topicId=${id}`],
  receipts: ['GET', (id) => `/v1/receipts?topicId=${id}&${RANGE}`],
};

/** What only the owner may do. */
const TAKES_OWNERSHIP: Readonly<Record<string, Request>> = {
  updateTopic: ['PATCH', topic(), () => ({ description: 'Моё' })],
  deleteTopic: ['DELETE', topic()],
  putGrant: ['PUT', topic(`/grants/${SOMEBODY}`), () => ({})],
  previewGrant: ['POST', topic(`/grants/${SOMEBODY}/preview`), () => ({})],
  deleteGrant: ['DELETE', topic(`/grants/${SOMEBODY}`)],
  resendCancelled: ['POST', topic(`/grants/${SOMEBODY}/resend`), () => ({})],
  listTopicGrants: ['GET', topic('/grants')],
  listTopicDeliveries: ['GET', topic('/deliveries')],
  publishMessage: ['POST', topic('/messages'), () => ({ type: 't', data: 1 })],
  createErasure: ['POST', () => '/v1/erasures', (topicId) => ({ topicId, key: 'k', reason: 'по просьбе' })],
  publishBatch: ['POST', topic('/messages/batch'), () => ({ messages: [{ type: 't', data: 1 }] })],
};

const ALL = { ...TAKES_A_GRANT, ...TAKES_OWNERSHIP };

async function send([method, path, body]: Request, topicId: string) {
  const { token } = parties.reader;
  return api.call(method, path(topicId), { token, ...(body && { body: body(topicId) }) });
}

const NEVER_FOR_OTHERS = /Only the company that owns this topic may do this/;
const NO_GRANT = /You have no active grant on this topic; ask its owner for access/;

describe('a topic that a company can see', () => {
  it('is looked at by every route that names one in its path', () => {
    const named = ALL_ROUTES.filter(({ path }) => path.startsWith('/v1/topics/{id}')).map(({ id }) => id);
    // Whoever sees it may ask for access; whoever has it is told so (409).
    const others = named.filter((id) => !(id in ALL) && id !== 'requestAccess');
    expect(others).toEqual([]);
  });

  it.each(Object.entries(ALL))('answers 403 with the reason when it is listed: %s', async (id, request) => {
    const topicId = await parties.topic({ visibility: 'listed' });
    const { status, body } = await send(request, topicId);
    expect([status, body.code]).toEqual([403, 'forbidden']);
    expect(body.detail).toMatch(id in TAKES_A_GRANT ? NO_GRANT : NEVER_FOR_OTHERS);
  });

  it.each(Object.entries(TAKES_OWNERSHIP))(
    'answers 403 with the reason to a reader: %s',
    async (_, request) => {
      const topicId = await parties.grantedTopic();
      const { status, body } = await send(request, topicId);
      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect(body.detail).toMatch(NEVER_FOR_OTHERS);
    },
  );

  it.each(Object.entries(ALL))('is not there when it is private: %s', async (_, request) => {
    const { status, body } = await send(request, await parties.topic());
    expect([status, body.code]).toEqual([404, 'not-found']);
  });

  it.each(Object.entries(ALL))(
    'is not there any more when a private one was taken back: %s',
    async (id, request) => {
      const topicId = await parties.grantedTopic();
      await parties.revoke(topicId);
      const { status } = await send(request, topicId);
      // Receipts of the time before stay.
      expect(status).toBe(id === 'receipts' ? 200 : 404);
    },
  );

  it('is not there for anybody once it is deleted', async () => {
    const topicId = await parties.topic({ visibility: 'listed' });
    await api.call('DELETE', `/v1/topics/${topicId}`, { token: parties.owner.token });
    for (const request of Object.values(ALL)) expect((await send(request, topicId)).status).toBe(404);
  });

  it('says to whoever asks for access that it has it, or owns the topic', async () => {
    const ask = (topicId: string, token: string) =>
      api.call('POST', `/v1/topics/${topicId}/access-requests`, { token, body: { purpose: 'Скоринг' } });
    const { owner, reader } = parties;
    const listed = await parties.topic({ visibility: 'listed' });
    expect((await ask(listed, owner.token)).status).toBe(409);
    expect((await ask(listed, reader.token)).status).toBe(201);
    expect((await ask(await parties.grantedTopic(), reader.token)).status).toBe(409);
    expect((await ask(await parties.topic(), reader.token)).status).toBe(404);
  });
});
