import { eventually } from '@anika/testkit/eventually';
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

/** Names and values that some library gives a meaning to. All of it is JSON like any other. */
const AWKWARD = [
  '{"_bsontype":"X"}',
  '{"_bsontype":"ObjectId","id":"x"}',
  '[{"a":{"\\u005fbsontype":1}}]',
  '{"_bsontype":{"toString":1}}',
  '{"%5fbsontype":1,"_bsontype":null}',
  '{"__proto__":{"x":1},"constructor":{"prototype":1}}',
  '{"toJSON":1,"toBSON":"x","valueOf":null,"then":{"a":1}}',
  '{"$set":1,"$where":"1","a.b":{"$gt":""},"":0,"0":1}',
  '{"$oid":"x","$date":"y","$numberDecimal":"1"}',
  '{"a\\u0000b":"c\\u0000d"}',
  '{"_id":{"$oid":1},"length":-1,"buffer":{}}',
  '1e400',
  '-0.0',
  '123456789012345678901234567890.123456789',
  '"\\u2028\\ufeff\\ud83d\\ude00"',
  `${'{"a":'.repeat(31)}1${'}'.repeat(31)}`,
  `[${'0,'.repeat(50_000)}0]`,
  `{"${'%'.repeat(60_000)}":1}`,
];

async function publish(topicId: string, rawBody: string, token: string) {
  return api.call('POST', `/v1/topics/${topicId}/messages`, { token, rawBody });
}

describe('awkward JSON', () => {
  it.each(AWKWARD)('%.60s is stored, and so are its neighbours of the same moment', async (dataText) => {
    const topicId = await parties.topic();
    const { body: topic } = await api.call('POST', '/v1/topics', {
      token: parties.stranger.token,
      body: { name: `Соседний ${crypto.randomUUID()}` },
    });
    const others = Array.from({ length: 20 }, (_, n) =>
      publish(topic.id, `{"type":"a","data":${n}}`, parties.stranger.token),
    );
    const own = Array.from({ length: 4 }, () =>
      publish(topicId, `{"type":"a","data":${dataText}}`, parties.owner.token),
    );
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual(Array(20).fill(202));
    const [answer] = await Promise.all(own);
    expect(answer?.status).toBe(202);
    const read = await fetch(`${api.url}/v1/messages/${answer?.body.id}`, {
      headers: { authorization: `Bearer ${parties.owner.token}` },
    });
    expect(await read.text()).toContain(`"data":${dataText}}`);
  });

  it('is found by its neighbours’ words, and fanned out beside them', async () => {
    const topicId = await parties.topic();
    const ids = await Promise.all(
      [...AWKWARD.filter((text) => text.length < 1000), '"сосед"'].map(
        async (dataText) =>
          (await publish(topicId, `{"type":"a","data":${dataText}}`, parties.owner.token)).body.id,
      ),
    );
    const q = encodeURIComponent('сосед');
    const found = await eventually(async () => {
      const { body } = await api.call('GET', `/v1/messages?topicId=${topicId}&q=${q}`, {
        token: parties.owner.token,
      });
      const items: { id: string }[] = body.items;
      return items.length === 1 && items;
    });
    expect(found[0]?.id).toBe(ids.at(-1));
  });
});
