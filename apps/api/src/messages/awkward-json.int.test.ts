import { AWKWARD_JSON } from '@anika/testkit/awkward-json';
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

async function publish(topicId: string, rawBody: string, token: string) {
  return api.call('POST', `/v1/topics/${topicId}/messages`, { token, rawBody });
}

describe('awkward JSON', () => {
  it.each(AWKWARD_JSON)('%.60s is stored, and so are its neighbours of the same moment', async (dataText) => {
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
      [...AWKWARD_JSON.filter((text) => text.length < 1000), '"сосед"'].map(
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
