import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

const schema = {
  type: 'object',
  description: 'с полем phone',
  required: ['customer'],
  properties: {
    customer: { type: 'object', properties: { name: { type: 'string' }, phone: { enum: ['+7-SECRET'] } } },
  },
};

function put(topicId: string, body: object): Promise<Answer> {
  return api.call('PUT', `/v1/topics/${topicId}/grants/${parties.reader.id}`, {
    token: parties.owner.token,
    body,
  });
}

function preview(topicId: string, body: object, by: TestPartner = parties.owner): Promise<Answer> {
  const path = `/v1/topics/${topicId}/grants/${parties.reader.id}/preview`;
  return api.call('POST', path, { token: by.token, body });
}

const pathsOf = ({ body }: Answer): string[] => body.warnings.map((one: { path: string }) => one.path);

describe('the answer to a grant', () => {
  it('warns of paths that neither the schema nor a message has', async () => {
    const topicId = await parties.topic({ schema });
    await parties.publish(topicId, { customer: { name: 'Мария', email: 'm@x.test' } });
    const exclude = ['data.customer.phone', 'data.customer.email', 'data.customer.fone', 'data.phone', 'key'];
    const given = await put(topicId, { fields: { exclude } });
    expect(given.status).toBe(200);
    expect(given.body.fields).toEqual({ exclude });
    expect(given.body.warnings).toEqual([
      {
        path: 'data.customer.fone',
        reason: expect.stringContaining('(1 looked at)'),
        rule: 'path-not-in-schema',
        values: { count: 1 },
      },
      expect.objectContaining({
        path: 'data.phone',
        reason: expect.stringContaining("the topic's schema does not know it"),
      }),
    ]);
  });

  it('warns of all paths of a topic without schema and messages, and of none that a message has', async () => {
    const topicId = await parties.topic();
    const fields = { include: ['data.a', 'data.items.*.b'] };
    expect(pathsOf(await put(topicId, { fields }))).toEqual(fields.include);
    await parties.publish(topicId, { a: 1, items: [{ b: 2 }] });
    await parties.publish(topicId, 5);
    expect(pathsOf(await put(topicId, { fields }))).toEqual([]);
    expect(pathsOf(await put(topicId, {}))).toEqual([]);
  });

  it('looks at no more than a thousand messages', { timeout: 60_000 }, async () => {
    const topicId = await parties.topic();
    await parties.publish(topicId, { old: 1 });
    for (let n = 0; n < 10; n += 1) {
      await api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
        token: parties.owner.token,
        body: { messages: Array(100).fill({ type: 'a', data: { n } }) },
      });
    }
    const { body } = await preview(topicId, { fields: { exclude: ['data.old', 'data.n'] } });
    expect(body).toMatchObject({ considered: 1000, matching: 1000, warnings: [{ path: 'data.old' }] });
  });

  it('is the same to an approval', async () => {
    const topicId = await parties.topic({ visibility: 'listed' });
    const request = await api.call('POST', `/v1/topics/${topicId}/access-requests`, {
      token: parties.reader.token,
      body: { purpose: 'Скоринг' },
    });
    const approved = await api.call('POST', `/v1/access-requests/${request.body.id}/approve`, {
      token: parties.owner.token,
      body: { fields: { exclude: ['data.fone'] } },
    });
    expect(pathsOf(approved)).toEqual(['data.fone']);
  });
});

describe('a preview', () => {
  it('shows what the partner would see of the newest messages, and writes nothing', async () => {
    const topicId = await parties.topic();
    const data = { price: 12345678901234567890n, phone: 'тайна' };
    for (const price of [1, 2, 3, 4]) {
      await parties.publish(topicId, { price, phone: 'тайна' }, { key: `k${price}` });
    }
    await parties.publish(topicId, { price: 9 }, { type: 'other' });
    const raw = `{"type":"car.chosen","data":{"price":${data.price},"phone":"тайна"}}`;
    const path = `/v1/topics/${topicId}/messages`;
    const { body } = await api.call('POST', path, { token: parties.owner.token, rawBody: raw });
    const seen = await preview(topicId, {
      types: ['car.chosen'],
      filter: { 'data.price': { gte: 2 } },
      fields: { exclude: ['data.phone', 'key', 'data.fone'] },
      history: false,
    });
    expect(seen.status).toBe(200);
    expect(seen.body).toMatchObject({ considered: 6, matching: 4, warnings: [{ path: 'data.fone' }] });
    expect(seen.body.samples).toHaveLength(3);
    expect(seen.body.samples[0].messageId).toBe(body.id);
    expect(seen.body.samples[1]).toMatchObject({
      before: { type: 'car.chosen', key: 'k4', data: { price: 4, phone: 'тайна' } },
      after: { type: 'car.chosen', key: null, data: { price: 4 } },
    });
    const grants = await api.call('GET', `/v1/topics/${topicId}/grants`, { token: parties.owner.token });
    expect(grants.body.items).toEqual([]);
    const read = await api.call('GET', `/v1/messages/${body.id}`, { token: parties.reader.token });
    expect(read.status).toBe(404);
    const audit = await api.call('GET', `/v1/audit?topicId=${topicId}`, { token: parties.owner.token });
    expect(audit.body.items.map((entry: { action: string }) => entry.action)).toEqual(['topic.created']);
  });

  it('warns of types and of a filter that lead nowhere', async () => {
    const topicId = await parties.topic();
    await parties.publish(topicId, { price: 1, phone: 'тайна' });
    const answer = await preview(topicId, {
      types: ['car.chosen', 'car.chozen'],
      filter: { 'data.prise': 1, 'data.price': '1', 'data.phone': 'тайна' },
      fields: { exclude: ['data.phone'] },
    });
    // Its owner filters by what the mask hides from the partner.
    expect(pathsOf(answer)).toEqual(['data.prise', 'data.price', 'type']);
  });

  it('is for the owner alone, and checks its terms', async () => {
    const topicId = await parties.grantedTopic();
    expect((await preview(topicId, {}, parties.reader)).status).toBe(403);
    expect((await preview(topicId, {}, parties.stranger)).status).toBe(404);
    const { status, body } = await preview(topicId, { fields: { exclude: ['phone'] } });
    expect({ status, path: body.errors[0].path }).toEqual({ status: 422, path: 'fields.exclude.0' });
    expect(body.detail).toContain('perhaps data.phone is meant');
  });
});

describe('a masked reader', () => {
  it.each([{ exclude: ['data.customer.phone'] }, { include: ['data.customer.name'] }])(
    'of %j sees the schema without what is hidden, in reads and lists',
    async (fields) => {
      const topicId = await parties.topic({ schema });
      await put(topicId, { fields });
      const read = await api.call('GET', `/v1/topics/${topicId}`, { token: parties.reader.token });
      const list = await api.call('GET', '/v1/topics?limit=200', { token: parties.reader.token });
      const listed = list.body.items.find((one: { id: string }) => one.id === topicId);
      for (const topic of [read.body, listed]) {
        expect(topic.schema).toEqual({
          type: 'object',
          required: ['customer'],
          properties: { customer: { type: 'object', properties: { name: { type: 'string' } } } },
        });
      }
      const own = await api.call('GET', `/v1/topics/${topicId}`, { token: parties.owner.token });
      expect(own.body.schema).toEqual(schema);
    },
  );
});
