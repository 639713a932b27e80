import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

type Query = Readonly<Record<string, string | number | object>>;

function search(query: Query, token = parties.owner.token): Promise<Answer> {
  const texts = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return api.call('GET', `/v1/messages?${new URLSearchParams(texts)}`, { token });
}

async function idsOf(query: Query, token?: string): Promise<string[]> {
  const { status, body } = await search(query, token);
  if (status !== 200) throw new Error(`search answered ${status}: ${JSON.stringify(body)}`);
  return body.items.map((item: { id: string }) => item.id);
}

function read(id: string, token: string): Promise<Answer> {
  return api.call('GET', `/v1/messages/${id}`, { token });
}

describe('the owner searches a topic', () => {
  let topicId: string;
  let red: string;
  let fir: string;
  let big: string;

  beforeAll(async () => {
    topicId = await parties.topic();
    red = await parties.publish(topicId, { car: 'Красная Лада', price: 900 }, { key: 'C-1' });
    fir = await parties.publish(
      topicId,
      { text: 'Зелёная Ёлка', price: 1900, tags: ['new'] },
      { key: 'C-2', type: 'tree.chosen' },
    );
    big = await parties.publish(topicId, { n: 5, nested: { a: [{ b: 'глубоко' }] } }, { key: 'C-1' });
  });

  it('takes the longest condition in Cyrillic, and says so when one is longer', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `${'Ж'.repeat(110)}${n}`);
    const where = { 'data.car': { in: ['Красная Лада', ...names] } };
    expect(JSON.stringify(where).length).toBeGreaterThan(6500);
    expect(await idsOf({ topicId, where })).toEqual([red]);
    const tooLong = await search({ topicId, where: { 'data.car': 'Ж'.repeat(9000) } });
    expect(tooLong).toMatchObject({ status: 422, body: { code: 'validation-failed' } });
  });

  it('finds all, newest first', async () => {
    expect(await idsOf({ topicId })).toEqual([big, fir, red]);
  });

  it('finds by type and key', async () => {
    expect(await idsOf({ topicId, type: 'tree.chosen' })).toEqual([fir]);
    expect(await idsOf({ topicId, key: 'C-1' })).toEqual([big, red]);
    expect(await idsOf({ topicId, key: 'C-1', type: 'tree.chosen' })).toEqual([]);
  });

  it('finds by time, from and not to', async () => {
    const { body } = await read(fir, parties.owner.token);
    const at = Date.parse(body.acceptedAt);
    const next = new Date(at + 1).toISOString();
    expect(await idsOf({ topicId, from: body.acceptedAt })).toContain(fir);
    expect(await idsOf({ topicId, to: body.acceptedAt })).not.toContain(fir);
    expect(await idsOf({ topicId, from: body.acceptedAt, to: next })).toContain(fir);
    expect(await idsOf({ topicId, from: new Date(at + 60_000).toISOString() })).toEqual([]);
  });

  it.each([
    ['крас', () => [red]],
    ['КРАСНАЯ лада', () => [red]],
    ['лада крас', () => [red]],
    ['зеленая', () => [fir]],
    ['зелёная елк', () => [fir]],
    ['ёлка', () => [fir]],
    ['глуб', () => [big]],
    ['1900', () => [fir]],
    ['19', () => [fir]],
    ['асная', () => []],
    ['красная ёлка', () => []],
    ['price', () => []],
    ['.*', () => []],
    ['кра.*', () => [red]],
    ['к.асная', () => []],
    ['  ', () => [big, fir, red]],
  ])('finds by the words %j', async (q, ids) => {
    expect(await idsOf({ topicId, q })).toEqual(ids());
  });

  it.each(['straße', 'STRAẞE', '東京', '１２', '123', 'cafe\u0301', 'हिन्', '😀 tōkyō', 'İzmir', 'ﬁn'])(
    'finds other scripts and forms of letters by %j',
    async (q) => {
      const worldly = await parties.topic();
      const data = { a: ['Straße 東京都 １２３', { b: 'CAFÉ हिन्दी Tōkyō' }], c: 'İzmir 😀 ﬁne' };
      const id = await parties.publish(worldly, data);
      expect(await idsOf({ topicId: worldly, q })).toEqual([id]);
    },
  );

  it.each<[object, () => string[]]>([
    [{}, () => [big, fir, red]],
    [{ 'data.price': { gt: 1000 } }, () => [fir]],
    [{ 'data.price': { exists: false } }, () => [big]],
    [{ 'data.tags': 'new' }, () => [fir]],
    [{ 'data.nested.a.b': { prefix: 'глуб' } }, () => [big]],
    [{ or: [{ 'data.n': 5 }, { 'data.price': 900 }] }, () => [big, red]],
    [{ not: { key: 'C-1' }, type: { in: ['tree.chosen'] } }, () => [fir]],
  ])('finds by the filter %j', async (where, ids) => {
    expect(await idsOf({ topicId, where })).toEqual(ids());
  });

  it('joins all conditions', async () => {
    expect(await idsOf({ topicId, key: 'C-1', q: 'лада', where: { 'data.price': { lt: 1000 } } })).toEqual([
      red,
    ]);
  });

  it.each([
    ['where={', 'where'],
    ['where=5', 'where'],
    ['where=%5B%5D', 'where'],
    [`where=${encodeURIComponent('{"price":1}')}`, 'where.price'],
    [`where=${encodeURIComponent('{"$where":"1"}')}`, 'where.$where'],
    [`where=${encodeURIComponent('{"data.a":{"$gt":1}}')}`, 'where.data.a.$gt'],
    ['from=yesterday', 'from'],
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['type=not%20ok', 'type'],
    ['cursor=nonsense', 'cursor'],
    ['topicId=nonsense', 'topicId'],
    [`q=${'x'.repeat(201)}`, 'q'],
  ])('refuses ?%s and says where', async (query, path) => {
    const { status, body } = await api.call('GET', `/v1/messages?${query}`, { token: parties.owner.token });
    expect({ status, path: body.errors?.[0].path }).toEqual({ status: 422, path });
  });

  it('refuses a parameter it does not know', async () => {
    expect((await search({ topicId, text: 'x' })).status).toBe(422);
  });

  it.each([1, 7, 10, 53])('visits all once, newest first, in pages of %i', async (limit) => {
    const many = await parties.topic();
    const published: string[] = [];
    // What a batch accepts is accepted within a millisecond or two; the pages part it somewhere.
    for (const size of [50, 3]) {
      const messages = Array.from({ length: size }, (_, n) => ({ type: 'a', data: { n } }));
      const { body } = await api.call('POST', `/v1/topics/${many}/messages/batch`, {
        token: parties.owner.token,
        body: { messages },
      });
      published.push(...body.items.map((item: { id: string }) => item.id));
    }
    const visited: { id: string; acceptedAt: string }[] = [];
    const sizes: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: Answer = await search({ topicId: many, limit, ...(cursor !== '' && { cursor }) });
      visited.push(...page.body.items);
      sizes.push(page.body.items.length);
      cursor = page.body.nextCursor;
    }
    expect(visited.map(({ id }) => id).toSorted()).toEqual(published.toSorted());
    const times = visited.map(({ acceptedAt }) => acceptedAt);
    expect(times).toEqual(times.toSorted().reverse());
    const last = published.length % limit || limit;
    expect(sizes).toEqual([...Array.from({ length: Math.ceil(53 / limit) - 1 }, () => limit), last]);
  });

  it('shows what one page holds in the reverse order of acceptance, within a millisecond too', async () => {
    const one = await parties.topic();
    const messages = Array.from({ length: 30 }, (_, n) => ({ type: 'a', data: n }));
    const token = parties.owner.token;
    const { body } = await api.call('POST', `/v1/topics/${one}/messages/batch`, {
      token,
      body: { messages },
    });
    const published = body.items.map((item: { id: string }) => item.id);
    expect(await idsOf({ topicId: one })).toEqual(published.toReversed());
  });
});

describe('reading a message', () => {
  it.each(['nonsense', 'sub_0123456789abcdef', `msg_${'0'.repeat(26)}`])('does not find %s', async (id) => {
    expect((await read(id, parties.owner.token)).status).toBe(404);
  });

  it('is for those who are signed in, viewers and reading keys too', async () => {
    const id = await parties.publish(await parties.topic(), 1);
    const { owner } = parties;
    expect((await api.call('GET', `/v1/messages/${id}`)).status).toBe(401);
    expect((await read(id, await owner.userToken('viewer'))).status).toBe(200);
    expect((await read(id, await owner.apiKey(['read']))).status).toBe(200);
    expect((await read(id, await owner.apiKey(['publish']))).status).toBe(403);
  });
});
