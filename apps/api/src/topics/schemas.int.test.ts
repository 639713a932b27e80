import { eventually } from '@anika/testkit/eventually';
import { withClient } from '@anika/testkit/template';
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

function createTopic(schemaText: string) {
  const name = JSON.stringify(`Цены ${crypto.randomUUID()}`);
  const rawBody = `{"name":${name},"schema":${schemaText}}`;
  return api.call('POST', '/v1/topics', { token: parties.owner.token, rawBody });
}

async function topicWith(schemaText: string): Promise<string> {
  const { status, body } = await createTopic(schemaText);
  expect(status).toBe(201);
  return body.id;
}

function publish(topicId: string, dataText: string, token = parties.owner.token) {
  const rawBody = `{"type":"a","data":${dataText}}`;
  return api.call('POST', `/v1/topics/${topicId}/messages`, { token, rawBody });
}

describe('a topic’s schema', () => {
  it.each([
    ['{"$async":true}', 'schema.$async'],
    ['{"properties":{"a":{"$async":true}}}', 'schema.properties.a.$async'],
    ['{"description":"a\\u0000b"}', 'schema.description'],
    ['{"properties":{"a\\u0000":{}}}', 'schema.properties'],
    ['{"const":"\\ud800"}', 'schema.const'],
    ['{"type":"text"}', 'schema.type'],
  ])('%s is refused when it is made and when it is changed', async (schema, path) => {
    const made = await createTopic(schema);
    expect([made.status, made.body.errors?.[0]?.path]).toEqual([422, path]);
    const topicId = await parties.topic();
    const rawBody = `{"schema":${schema}}`;
    const changed = await api.call('PATCH', `/v1/topics/${topicId}`, { token: parties.owner.token, rawBody });
    expect([changed.status, changed.body.errors?.[0]?.path]).toEqual([422, path]);
  });

  it.each(['{"properties":{"pattern":{"type":"string"}}}', '{"enum":[{"$anchor":1,"uniqueItems":2}]}'])(
    '%s is taken: these are names',
    async (schema) => {
      await topicWith(schema);
    },
  );

  it('judges numbers by their digits', async () => {
    const prices = await topicWith('{"properties":{"price":{"multipleOf":0.01}}}');
    for (const price of ['19.99', '143.48', '8.69', '0.07', '2000000.13']) {
      expect((await publish(prices, `{"price":${price}}`)).status).toBe(202);
    }
    expect((await publish(prices, '{"price":19.999}')).body.errors[0].path).toBe('data.price');
    const account = await topicWith('{"const":40817810000012345677}');
    expect((await publish(account, '40817810000012345677')).status).toBe(202);
    expect((await publish(account, '40817810000012345678')).body.code).toBe('schema-mismatch');
  });

  it('is told field by field, in a batch too', async () => {
    const topicId = await topicWith(
      '{"required":["vin"],"properties":{"a.b":{"type":"string"},"n":{"maximum":1}}}',
    );
    const paths = ['data.a\\.b', 'data.n', 'data.vin'];
    const of = (errors: { path: string }[]) => errors.map(({ path }) => path).sort();
    const data = { 'a.b': 1, n: 2 };
    const single = await publish(topicId, JSON.stringify(data));
    expect(of(single.body.errors)).toEqual(paths);
    const batch = await api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
      token: parties.owner.token,
      body: {
        messages: [
          { type: 'a', data },
          { type: 'a', data: { vin: 'x' } },
        ],
      },
    });
    expect(of(batch.body.items[0].errors)).toEqual(paths);
    expect(batch.body.items[1].status).toBe(202);
  });

  it('that takes too long is that message’s 422, and nobody else waits', async () => {
    const all = Array(200).fill({ multipleOf: 0.01, maximum: 4 });
    const slow = await topicWith(JSON.stringify({ items: { allOf: all } }));
    const data = `[${Array(50_000).fill('3.21').join(',')}]`;
    const { owner, stranger } = parties;
    const own = await api.call('POST', '/v1/topics', {
      token: stranger.token,
      body: { name: 'Рядом', schema: { type: 'object' } },
    });
    const heavy = Promise.all(Array.from({ length: 2 }, () => publish(slow, data, owner.token)));
    const neighbours: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      // A machine that others use too may answer 503 to anybody, which a publisher tries again.
      const answer = await eventually(async () => {
        const one = await publish(own.body.id, '{"n":1}', stranger.token);
        return one.status !== 503 && one;
      });
      neighbours.push(answer.status);
    }
    expect(neighbours).toEqual(Array(20).fill(202));
    for (const { status, body } of await heavy) {
      expect([status, body.code, body.errors[0]]).toEqual([
        422,
        'schema-mismatch',
        { path: 'data', message: 'takes too long to check' },
      ]);
    }
    // The threads that were ended are made again.
    const medium = `[${Array(500).fill('3.21').join(',')}]`;
    const items = await topicWith(JSON.stringify({ items: { allOf: Array(50).fill({ type: 'number' }) } }));
    expect((await publish(items, medium)).status).toBe(202);
  });

  it('that was stored before the rules were what they are is judged again', async () => {
    const topicId = await topicWith('{"type":"object"}');
    await withClient(api.databases.databaseUrl, (client) =>
      client.query(`UPDATE topics SET schema = '{"$async":true}', routing_version = routing_version + 1`),
    );
    const answer = await eventually(async () => {
      const found = await publish(topicId, '"not an object"');
      return found.status === 422 && found;
    });
    expect(answer.body).toMatchObject({ code: 'schema-mismatch', detail: expect.stringContaining('$async') });
    expect((await api.call('GET', '/healthz')).status).toBe(200);
  });
});
