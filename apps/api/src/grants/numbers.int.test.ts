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

/** Answers as text: whoever parses them with doubles sees other digits than were sent. */
async function text(
  method: string,
  path: string,
  options: { token: string; rawBody?: string },
): Promise<string> {
  const response = await fetch(api.url + path, {
    method,
    headers: {
      authorization: `Bearer ${options.token}`,
      ...(options.rawBody !== undefined && { 'content-type': 'application/json' }),
    },
    ...(options.rawBody !== undefined && { body: options.rawBody }),
  });
  const answer = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${answer}`);
  return answer;
}

async function publish(topicId: string, dataText: string): Promise<string> {
  const rawBody = `{"type":"x","data":${dataText}}`;
  const answer = await text('POST', `/v1/topics/${topicId}/messages`, {
    token: parties.owner.token,
    rawBody,
  });
  return JSON.parse(answer).id;
}

function grantFilter(topicId: string, filter: string): Promise<string> {
  const path = `/v1/topics/${topicId}/grants/${parties.reader.id}`;
  return text('PUT', path, { token: parties.owner.token, rawBody: `{"filter":${filter}}` });
}

async function found(topicId: string, query: Record<string, string>, token: string): Promise<string[]> {
  const path = `/v1/messages?${new URLSearchParams({ topicId, ...query })}`;
  return JSON.parse(await text('GET', path, { token })).items.map((item: { id: string }) => item.id);
}

const ACCOUNT = '40817810000012345677';
const NEIGHBOUR = '40817810000012345678';

describe('a number in the filter of a grant', () => {
  it.each([
    ['an account', `{"data.n":${ACCOUNT}}`, ACCOUNT, NEIGHBOUR],
    ['the same, spelt otherwise', `{"data.n":{"in":[4.0817810000012345677e19]}}`, `${ACCOUNT}.0`, NEIGHBOUR],
    ['a bound', `{"data.n":{"lt":${NEIGHBOUR}}}`, ACCOUNT, NEIGHBOUR],
    ['what is excluded', `{"data.n":{"ne":${NEIGHBOUR}}}`, ACCOUNT, NEIGHBOUR],
    ['decimals', '{"data.n":{"lte":1000000000000000.1}}', '1000000000000000.1', '1000000000000000.13'],
    ['beyond all doubles', '{"data.n":{"gt":1e400}}', '1e401', '1e399'],
  ])('lets no neighbouring number through: %s', async (_, filter, seen, hidden) => {
    const topicId = await parties.topic();
    await grantFilter(topicId, filter);
    const id = await publish(topicId, `{"n":${seen}}`);
    const other = await publish(topicId, `{"n":${hidden}}`);
    const { token } = parties.reader;
    expect(await found(topicId, {}, token)).toEqual([id]);
    expect((await api.call('GET', `/v1/messages/${other}`, { token })).status).toBe(404);
    expect((await api.call('GET', `/v1/messages/${id}`, { token })).status).toBe(200);
  });

  it('is shown with the digits that were given, to both companies, and in the audit log', async () => {
    const topicId = await parties.topic();
    const filter = `{"data.n":{"in":[${ACCOUNT},1749000.50,1e2]}}`;
    expect(await grantFilter(topicId, filter.replaceAll(':', ' : '))).toContain(`"filter":${filter}`);
    const { owner, reader } = parties;
    expect(await text('GET', `/v1/topics/${topicId}/grants`, owner)).toContain(`"filter":${filter}`);
    expect(await text('GET', '/v1/grants', reader)).toContain(`"filter":${filter}`);
    expect(await text('GET', `/v1/audit?topicId=${topicId}`, owner)).toContain(ACCOUNT);
  });

  it('keeps its digits where an access request is approved', async () => {
    const topicId = await parties.topic({ visibility: 'listed' });
    const { owner, reader } = parties;
    const asked = await api.call('POST', `/v1/topics/${topicId}/access-requests`, {
      token: reader.token,
      body: { purpose: 'счета' },
    });
    const filter = `{"data.n":${ACCOUNT}}`;
    const path = `/v1/access-requests/${asked.body.id}/approve`;
    expect(await text('POST', path, { token: owner.token, rawBody: `{"filter":${filter}}` })).toContain(
      filter,
    );
    const id = await publish(topicId, `{"n":${ACCOUNT}}`);
    await publish(topicId, `{"n":${NEIGHBOUR}}`);
    expect(await found(topicId, {}, reader.token)).toEqual([id]);
  });
});

describe('a number in the filter of a subscription', () => {
  it('is shown with its digits, after a change too', async () => {
    const topicId = await parties.grantedTopic();
    const { token } = parties.reader;
    const filter = `{"data.n":{"gt":${ACCOUNT}}}`;
    const rawBody = `{"topicId":"${topicId}","url":"http://127.0.0.1:9/","filter":${filter}}`;
    const created = await text('POST', '/v1/subscriptions', { token, rawBody });
    expect(created).toContain(`"filter":${filter}`);
    const path = `/v1/subscriptions/${JSON.parse(created).id}`;
    const changed = `{"data.n":${NEIGHBOUR}}`;
    expect(await text('PATCH', path, { token, rawBody: `{"filter":${changed}}` })).toContain(changed);
    expect(await text('PATCH', path, { token, rawBody: '{"timeoutMs":2000}' })).toContain(changed);
    expect(await text('PATCH', path, { token, rawBody: '{"filter":null}' })).toContain('"filter":null');
  });
});

describe('a search', () => {
  it.each([
    [`{"data.n":${ACCOUNT}}`, [1]],
    [`{"data.n":${NEIGHBOUR}}`, [0]],
    [`{"data.n":{"gte":${NEIGHBOUR}}}`, [0]],
    [`{"data.n":{"gt":1749000.499999999999999999,"lt":1749000.500000000000000001}}`, [2]],
    [`{"data.n":17490005e-1}`, [2]],
    [`{"not":{"data.n":{"lt":1e19}}}`, [0, 1]],
  ])('compares by decimal value: where=%s, masked or not', async (where, expected) => {
    for (const terms of [{}, { fields: { exclude: ['data.none'] } }]) {
      const topicId = await parties.grantedTopic(terms);
      const ids: string[] = [];
      for (const n of ['1749000.50', ACCOUNT, NEIGHBOUR]) ids.unshift(await publish(topicId, `{"n":${n}}`));
      const wanted = expected.map((i) => ids[i]);
      expect(await found(topicId, { where }, parties.owner.token)).toEqual(wanted);
      expect(await found(topicId, { where }, parties.reader.token)).toEqual(wanted);
    }
  });

  it.each(['1749000.50', '1749000.5', ACCOUNT, '408178100000123456', '12345678901234567890.10'])(
    'finds a number by the digits that are shown: %s',
    async (q) => {
      for (const terms of [{}, { fields: { exclude: ['data.none'] } }]) {
        const topicId = await parties.grantedTopic(terms);
        const id = await publish(topicId, `{"n":[1749000.50,${ACCOUNT},12345678901234567890.10]}`);
        await publish(topicId, '{"n":[1749001.50,40817810000092345677]}');
        expect(await found(topicId, { q }, parties.reader.token)).toEqual([id]);
      }
    },
  );
});
