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

const asReader = (query: Query) => idsOf(query, parties.reader.token);

function read(id: string, token: string): Promise<Answer> {
  return api.call('GET', `/v1/messages/${id}`, { token });
}

describe('a reader', () => {
  const secretly = { public: 'видно', secret: 'тайна', items: [{ price: 1, margin: 99 }] };

  it('finds and reads what was granted, without the audience', async () => {
    const topicId = await parties.grantedTopic();
    const id = await parties.publish(topicId, { a: 1 });
    expect(await asReader({ topicId })).toEqual([id]);
    const { body } = await read(id, parties.reader.token);
    expect(body).toEqual({
      id,
      topicId,
      type: 'car.chosen',
      key: null,
      acceptedAt: expect.any(String),
      data: { a: 1 },
    });
  });

  it('sees only the granted types', async () => {
    const topicId = await parties.grantedTopic({ types: ['a', 'b'] });
    const seen = await parties.publish(topicId, 1, { type: 'b' });
    const hidden = await parties.publish(topicId, 1, { type: 'c' });
    expect(await asReader({ topicId })).toEqual([seen]);
    expect(await asReader({ topicId, type: 'c' })).toEqual([]);
    expect((await read(hidden, parties.reader.token)).status).toBe(404);
  });

  it("sees only what the grant's filter lets through", async () => {
    const topicId = await parties.grantedTopic({ filter: { 'data.region': 'msk' } });
    const seen = await parties.publish(topicId, { region: 'msk' });
    const hidden = await parties.publish(topicId, { region: 'spb' });
    expect(await asReader({ topicId })).toEqual([seen]);
    expect(await asReader({ topicId, where: { or: [{ 'data.region': 'spb' }, { type: 'x' }] } })).toEqual([]);
    expect(await asReader({ topicId, where: { not: { 'data.region': 'msk' } } })).toEqual([]);
    expect((await read(hidden, parties.reader.token)).status).toBe(404);
  });

  it('sees nothing from before the grant when history is not granted', async () => {
    const topicId = await parties.topic();
    const before = await parties.publish(topicId, 'before');
    const acceptedAt = Date.parse((await read(before, parties.owner.token)).body.acceptedAt);
    while (Date.now() <= acceptedAt) await new Promise(setImmediate); // another millisecond
    await parties.grant(topicId, { history: false });
    const after = await parties.publish(topicId, 'after');
    expect(await asReader({ topicId })).toEqual([after]);
    expect(await asReader({ topicId, q: 'before' })).toEqual([]);
    expect((await read(before, parties.reader.token)).status).toBe(404);
    await parties.grant(topicId, { history: true });
    expect(await asReader({ topicId })).toEqual([after, before]);
  });

  it('sees only messages whose audience it is part of', async () => {
    const topicId = await parties.grantedTopic();
    await parties.grant(topicId, {}, parties.stranger);
    const forBoth = await parties.publish(topicId, 1);
    const forReader = await parties.publish(topicId, 2, { audience: [parties.reader.id] });
    const forOther = await parties.publish(topicId, 3, { audience: [parties.stranger.id] });
    expect(await asReader({ topicId })).toEqual([forReader, forBoth]);
    expect(await idsOf({ topicId }, parties.stranger.token)).toEqual([forOther, forBoth]);
    expect((await read(forOther, parties.reader.token)).status).toBe(404);
    expect(await idsOf({ topicId })).toEqual([forOther, forReader, forBoth]);
  });

  it.each([
    [{ exclude: ['data.secret', 'data.items.*.margin'] }, { public: 'видно', items: [{ price: 1 }] }],
    [{ include: ['data.public', 'data.items.*.price'] }, { public: 'видно', items: [{ price: 1 }] }],
  ])('sees the fields that %j leaves, in searches and reads', async (fields, visible) => {
    const topicId = await parties.grantedTopic({ fields });
    const id = await parties.publish(topicId, secretly);
    const found = await search({ topicId }, parties.reader.token);
    expect(found.body.items.map((item: { data: unknown }) => item.data)).toEqual([visible]);
    expect((await read(id, parties.reader.token)).body.data).toEqual(visible);
    expect((await read(id, parties.owner.token)).body.data).toEqual(secretly);
  });

  it('finds a masked value neither by words nor by a filter, nor by asking for its absence', async () => {
    const topicId = await parties.grantedTopic({
      fields: { exclude: ['data.secret', 'data.items.*.margin'] },
    });
    const withSecret = await parties.publish(topicId, secretly);
    const without = await parties.publish(topicId, { public: 'видно', items: [{ price: 1 }] });
    const both = [without, withSecret];
    const probes: [Query, string[]][] = [
      [{ q: 'видно' }, both],
      [{ q: 'тайна' }, []],
      [{ q: '99' }, []],
      [{ q: 'видно тайн' }, []],
      [{ where: { 'data.public': 'видно' } }, both],
      [{ where: { 'data.secret': 'тайна' } }, []],
      [{ where: { 'data.secret': { exists: true } } }, []],
      [{ where: { 'data.secret': { prefix: 'т' } } }, []],
      [{ where: { 'data.items.margin': { gt: 0 } } }, []],
      [{ where: { 'data.secret': { exists: false } } }, both],
      [{ where: { 'data.secret': { ne: 'тайна' } } }, both],
      [{ where: { not: { 'data.items.margin': 99 } } }, both],
    ];
    for (const [query, ids] of probes) expect(await asReader({ topicId, ...query })).toEqual(ids);
    expect(await idsOf({ topicId, q: 'тайна' })).toEqual([withSecret]);
  });

  it('visits every match once, page by page, where a mask makes most messages no match', async () => {
    const topicId = await parties.grantedTopic({ fields: { exclude: ['data.secret'] } });
    const messages = Array.from({ length: 60 }, (_, n) => ({
      type: 'a',
      data: n % 7 === 0 ? { word: 'hit' } : { secret: 'hit' },
    }));
    const { body } = await api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
      token: parties.owner.token,
      body: { messages },
    });
    const expected = body.items.flatMap((item: { id: string }, n: number) => (n % 7 === 0 ? [item.id] : []));
    const visited: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query: Query = { topicId, q: 'hit', limit: 2, ...(cursor !== '' && { cursor }) };
      const page: Answer = await search(query, parties.reader.token);
      visited.push(...page.body.items.map((item: { id: string }) => item.id));
      cursor = page.body.nextCursor;
    }
    // Of one moment: their order is promised nowhere.
    expect(visited.toSorted()).toEqual(expected.toSorted());
  });

  it('gets a page before too much was looked at for it, and finds all by going on', async () => {
    const topicId = await parties.grantedTopic({ fields: { exclude: ['data.secret'] } });
    const oldest = await parties.publish(topicId, { word: 'hit' });
    const large = { word: 'x'.repeat(240_000), secret: 'hit' };
    for (let n = 0; n < 36; n += 1) await parties.publish(topicId, large);
    const first = await search({ topicId, q: 'hit' }, parties.reader.token);
    expect(first.body).toEqual({ items: [], nextCursor: expect.any(String) });
    const second = await search({ topicId, q: 'hit', cursor: first.body.nextCursor }, parties.reader.token);
    expect(second.body).toMatchObject({ items: [{ id: oldest }], nextCursor: null });
  });

  it('sees nothing any more once the grant is revoked, and what was there again with a new one', async () => {
    const topicId = await parties.grantedTopic();
    const id = await parties.publish(topicId, { a: 1 });
    expect(await asReader({ topicId })).toEqual([id]);
    await parties.revoke(topicId);
    expect((await search({ topicId }, parties.reader.token)).status).toBe(404);
    expect(await asReader({})).not.toContain(id);
    expect((await read(id, parties.reader.token)).status).toBe(404);
    expect(
      (await api.call('GET', `/v1/messages/${id}/deliveries`, { token: parties.reader.token })).status,
    ).toBe(404);
    await parties.grant(topicId);
    expect(await asReader({ topicId })).toEqual([id]);
  });

  it('sees nothing of topics that were never granted', async () => {
    const topicId = await parties.topic();
    const id = await parties.publish(topicId, 1);
    expect((await search({ topicId }, parties.reader.token)).status).toBe(404);
    expect((await read(id, parties.reader.token)).status).toBe(404);
    expect(await idsOf({}, (await api.createPartner()).token)).toEqual([]);
  });
});

describe('a search over all topics', () => {
  it('covers own and granted topics, each with its own terms', async () => {
    const both = await api.createPartner();
    const word = `w${crypto.randomUUID().replaceAll('-', '')}`;
    const own = await api.call('POST', '/v1/topics', { token: both.token, body: { name: 'Свои' } });
    const ownMessage = await api.call('POST', `/v1/topics/${own.body.id}/messages`, {
      token: both.token,
      body: { type: 'a', data: { secret: word } },
    });
    const masked = await parties.topic();
    await parties.grant(masked, { fields: { exclude: ['data.secret'] } }, both);
    const typed = await parties.topic();
    await parties.grant(typed, { types: ['b'] }, both);
    await parties.publish(masked, { secret: word });
    const shown = await parties.publish(masked, { shown: word });
    await parties.publish(typed, { secret: word });
    const fitting = await parties.publish(typed, { secret: word }, { type: 'b' });
    expect(await idsOf({ q: word }, both.token)).toEqual([fitting, shown, ownMessage.body.id]);
    expect(await idsOf({ where: { 'data.secret': word } }, both.token)).toEqual([
      fitting,
      ownMessage.body.id,
    ]);
  });
});
