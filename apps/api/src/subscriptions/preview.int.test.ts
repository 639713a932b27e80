import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});
afterAll(() => api.close());

const preview = (body: object, by: TestPartner = parties.reader) =>
  api.call('POST', '/v1/subscriptions/preview', { token: by.token, body });

type Warning = { path: string; reason: string };
const warnings = (answer: { body: { warnings: Warning[] } }) => answer.body.warnings;

describe('a preview of a subscription', () => {
  it('shows what would come of the newest messages, as the reader sees them, and writes nothing', async () => {
    const { reader } = parties;
    const terms = { types: ['car.chosen', 'car.sold'], fields: { exclude: ['data.phone', 'key'] } };
    const topicId = await parties.grantedTopic(terms);
    await parties.publish(topicId, { price: 99 }, { type: 'hidden.type' });
    for (const price of [1, 2, 3, 4, 5]) {
      await parties.publish(topicId, { price, phone: 'тайна' }, { key: `k${price}` });
    }
    await parties.publish(topicId, { price: 6 }, { type: 'car.sold' });
    const asked = { topicId, eventTypes: ['car.chosen'], filter: { 'data.price': { gte: 2 } } };
    const { status, body } = await preview(asked);
    expect(status).toBe(200);
    expect(body).toMatchObject({ considered: 6, matching: 4, warnings: [] });
    expect(body.samples.map(({ messageId: _, ...rest }: { messageId: string }) => rest)).toEqual(
      [5, 4, 3].map((price) => ({ type: 'car.chosen', key: null, data: { price } })),
    );
    const read = await api.call('GET', `/v1/messages/${body.samples[0].messageId}`, { token: reader.token });
    expect(read.body.data).toEqual(body.samples[0].data);
    const subscriptions = await api.call('GET', '/v1/subscriptions', { token: reader.token });
    expect(subscriptions.body.items).toEqual([]);
  });

  it('looks at what the grant lets through only, however much else there is', async () => {
    const topicId = await parties.grantedTopic({ filter: { 'data.city': 'Казань' } });
    await parties.publish(topicId, { city: 'Казань' });
    for (let n = 0; n < 11; n += 1) {
      await api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
        token: parties.owner.token,
        body: { messages: Array(100).fill({ type: 'a', data: { city: 'Омск' } }) },
      });
    }
    expect((await preview({ topicId })).body).toMatchObject({ considered: 1, matching: 1 });
    expect((await preview({ topicId }, parties.owner)).body.considered).toBeGreaterThan(1);
  });

  it('keeps the digits of numbers', async () => {
    const topicId = await parties.grantedTopic();
    await api.call('POST', `/v1/topics/${topicId}/messages`, {
      token: parties.owner.token,
      rawBody: '{"type":"t","data":{"n":40817810000012345677}}',
    });
    const answer = await fetch(`${api.url}/v1/subscriptions/preview`, {
      method: 'POST',
      headers: { authorization: `Bearer ${parties.reader.token}`, 'content-type': 'application/json' },
      body: `{"topicId":"${topicId}","filter":{"data.n":40817810000012345677}}`,
    });
    expect(await answer.text()).toContain('"data":{"n":40817810000012345677}');
  });

  it('warns of what is never there, and of what compares with another kind of value', async () => {
    const schema = { type: 'object', properties: { note: { type: 'string' }, price: { type: 'number' } } };
    const topicId = await parties.topic({ schema });
    await parties.grant(topicId, { fields: { exclude: ['data.phone'] } });
    await parties.publish(topicId, { price: 5, phone: 'тайна', customer: { name: 'Анна' } });
    const answer = await preview({
      topicId,
      eventTypes: ['car.chosen', 'car.chozen'],
      filter: {
        'data.price': { gte: '5' },
        'data.prise': 5,
        'data.note': 'x',
        'data.phone': 'x',
        'data.customer': 'Анна',
        key: 'k',
        not: { 'data.gone': { exists: true } },
      },
    });
    expect(answer.body).toMatchObject({ considered: 1, matching: 0 });
    expect(warnings(answer)).toEqual([
      { path: 'type', reason: expect.stringContaining('car.chozen') },
      { path: 'data.price', reason: expect.stringContaining('compared with a text, and is a number') },
      { path: 'data.prise', reason: expect.stringContaining("the topic's schema does not know it") },
      { path: 'data.phone', reason: expect.stringContaining('the grant hides it') },
      { path: 'data.customer', reason: expect.stringContaining('name one of its members') },
      { path: 'key', reason: expect.stringContaining('none of the newest messages') },
    ]);
    expect(JSON.stringify(answer.body)).not.toContain('тайна');
  });

  it('knows the types that the grant names, seen or not', async () => {
    const topicId = await parties.grantedTopic({ types: ['car.sold'] });
    await parties.publish(topicId, 1);
    const answer = await preview({ topicId, eventTypes: ['car.sold', 'car.chosen'] });
    expect(warnings(answer)).toEqual([{ path: 'type', reason: 'the grant does not let car.chosen through' }]);
  });

  it('is for whoever may read the topic', async () => {
    const { owner, reader, stranger } = parties;
    const listed = await parties.topic({ visibility: 'listed' });
    const hidden = await parties.topic();
    expect((await preview({ topicId: listed })).status).toBe(403);
    expect((await preview({ topicId: hidden })).status).toBe(404);
    await parties.grant(hidden);
    expect((await preview({ topicId: hidden })).body).toEqual({
      considered: 0,
      matching: 0,
      samples: [],
      warnings: [],
    });
    expect((await preview({ topicId: hidden }, owner)).status).toBe(200);
    expect((await preview({ topicId: hidden }, stranger)).status).toBe(404);
    await parties.revoke(hidden);
    expect((await preview({ topicId: hidden }, reader)).status).toBe(404);
    const bad = await preview({ topicId: listed, filter: { 'data.a': { regex: 'x' } } });
    expect(bad).toMatchObject({ status: 422, body: { errors: [{ path: 'filter.data.a.regex' }] } });
  });
});
