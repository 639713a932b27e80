import { parseFilter } from '@anika/core/filter';
import type { PartnerId } from '@anika/core/ids';
import { matchesWords, queryWords, wordsOf } from '@anika/core/words';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createMessageStore,
  type MessageSearch,
  type MessageStore,
  type NewMessage,
  type SearchScope,
} from './messages.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let store: MessageStore;

beforeAll(async () => {
  test = await openTestMongo();
  store = createMessageStore(test.mongo);
});

afterAll(() => test.close());

function message(change: Partial<NewMessage> = {}): NewMessage {
  const data = change.data ?? { price: 1 };
  return {
    id: id('msg'),
    topicId: id('top'),
    ownerId: id('par'),
    type: 'car.chosen',
    key: undefined,
    data,
    dataText: JSON.stringify(data),
    acceptedAtMs: NOW_MS,
    audience: undefined,
    words: wordsOf(data),
    fingerprint: undefined,
    ...change,
  };
}

/** Messages of one new topic. */
async function topicOf(...changes: Partial<NewMessage>[]) {
  const topicId = id('top');
  const messages = changes.map((change) => message({ topicId, ...change }));
  await store.insert(messages);
  return { topicId, messages };
}

async function search(
  scope: Partial<SearchScope> & Pick<SearchScope, 'topicId'>,
  more: Partial<MessageSearch> = {},
) {
  const found = await store.search({ scopes: [{ filters: [], words: [], ...scope }], limit: 100, ...more });
  return found.map((one) => one.id);
}

function filterOf(value: unknown) {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error('not a filter');
  return parsed.filter;
}

describe('insert()', () => {
  it('gives back what was stored, its text unchanged', async () => {
    const dataText = '{ "z":12345678901234567890, "a.b":{"$x":1}, "":0, "__proto__":{"p":1e400} }';
    const stored = message({
      key: 'C-1',
      data: JSON.parse(dataText),
      dataText,
      audience: [id('par')],
      fingerprint: 'print',
    });
    expect(await store.insert([stored])).toEqual(['stored']);
    const { data, words, ...kept } = stored;
    expect(await store.find(stored.id)).toEqual(kept);
  });

  it('says of each message whether it was there already, and stores the others', async () => {
    const [first, second, third] = [message(), message(), message()];
    await store.insert([second]);
    const changed = { ...second, dataText: '"changed"' };
    expect(await store.insert([first, changed, third, { ...first, dataText: '2' }])).toEqual([
      'stored',
      'duplicate',
      'stored',
      'duplicate',
    ]);
    const found = await store.findMany([first.id, second.id, third.id, id('msg')]);
    expect([...found.values()].map((one) => one.dataText)).toEqual(
      expect.arrayContaining([first.dataText, second.dataText, third.dataText]),
    );
    expect(found.size).toBe(3);
  });

  it('stores one message when many insert the same id at once', async () => {
    const same = message();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => store.insert([message(), same])));
    expect(outcomes.filter(([, outcome]) => outcome === 'stored')).toHaveLength(1);
  });
});

describe('the outbox mark', () => {
  it('is there until the message is fanned out, oldest first', async () => {
    const early = NOW_MS - 1_000_000;
    const { messages } = await topicOf(
      { acceptedAtMs: early + 2 },
      { acceptedAtMs: early },
      { acceptedAtMs: early + 1 },
    );
    const [a, b, c] = messages.map((one) => one.id);
    const waiting = async (beforeMs: number, limit = 10) =>
      (await store.findNotFannedOut(beforeMs, limit)).map((one) => one.id);
    expect(await waiting(early + 3)).toEqual([b, c, a]);
    expect(await waiting(early + 3, 1)).toEqual([b]);
    expect(await waiting(early + 1)).toEqual([b]);
    await store.markFannedOut(messages.slice(1).map((one) => one.id));
    expect(await waiting(early + 3)).toEqual([a]);
  });
});

describe('search()', () => {
  it('finds nothing without a scope', async () => {
    await topicOf({});
    expect(await store.search({ scopes: [], limit: 10 })).toEqual([]);
  });

  it('keeps to the type, the key and the time, from and not to', async () => {
    const { topicId, messages } = await topicOf(
      { type: 'a', key: 'k1' },
      { type: 'b', key: 'k1', acceptedAtMs: NOW_MS + 1 },
      { type: 'b', key: 'k2', acceptedAtMs: NOW_MS + 2 },
    );
    const [a, b, c] = messages.map((one) => one.id);
    expect(await search({ topicId }, { type: 'b' })).toEqual([c, b]);
    expect(await search({ topicId }, { key: 'k1' })).toEqual([b, a]);
    expect(await search({ topicId }, { fromMs: NOW_MS + 1, toMs: NOW_MS + 2 })).toEqual([b]);
  });

  it('finds by the beginnings of words, all of them', async () => {
    const { topicId, messages } = await topicOf(
      { data: { text: 'Красная Ёлка и зелёный мяч' } },
      { data: ['красный мяч', 17] },
    );
    const [first, second] = messages.map((one) => one.id);
    expect(await search({ topicId, words: queryWords('крас мяч') })).toEqual(
      expect.arrayContaining([first, second]),
    );
    expect(await search({ topicId, words: queryWords('ЕЛКА') })).toEqual([first]);
    expect(await search({ topicId, words: queryWords('зелён') })).toEqual([first]);
    expect(await search({ topicId, words: queryWords('17') })).toEqual([second]);
    expect(await search({ topicId, words: queryWords('яч') })).toEqual([]);
    expect(await search({ topicId, words: queryWords('красная 17') })).toEqual([]);
  });

  it('agrees with matchesWords() on any words', async () => {
    const text = fc
      .array(
        fc.constantFrom('лада', 'Ладога', 'ёж', 'еж', 'ＡＢ', 'abc', '1', '12', 'é', 'e\u0301', '-', '中文'),
        {
          maxLength: 4,
        },
      )
      .map((words) => words.join(' '));
    const { topicId, messages } = await topicOf(...fc.sample(text, 60).map((data) => ({ data })));
    await fc.assert(
      fc.asyncProperty(text, async (q) => {
        const words = queryWords(q);
        const expected = messages.filter((one) => matchesWords(one.words, words)).map((one) => one.id);
        expect((await search({ topicId, words })).sort()).toEqual(expected.sort());
      }),
      { numRuns: 40 },
    );
  });

  it('shows a reader only what the scope grants', async () => {
    const [reader, other] = [id('par'), id('par')];
    const { topicId, messages } = await topicOf(
      { type: 'a', data: { n: 1 } },
      { type: 'a', data: { n: 2 }, audience: [other] },
      { type: 'a', data: { n: 2 }, audience: [other, reader] },
      { type: 'b', data: { n: 2 } },
      { type: 'a', data: { n: 2 }, acceptedAtMs: NOW_MS - 1 },
    );
    const ids = messages.map((one) => one.id);
    const seen = (scope: Partial<SearchScope>) => search({ topicId, readerId: reader, ...scope });
    expect((await seen({})).sort()).toEqual([ids[0], ids[2], ids[3], ids[4]].sort());
    expect((await seen({ types: ['a'] })).sort()).toEqual([ids[0], ids[2], ids[4]].sort());
    expect((await seen({ sinceMs: NOW_MS })).sort()).toEqual([ids[0], ids[2], ids[3]].sort());
    expect((await seen({ filters: [filterOf({ 'data.n': 2 })] })).sort()).toEqual(
      [ids[2], ids[3], ids[4]].sort(),
    );
    expect(
      await seen({
        types: ['a'],
        sinceMs: NOW_MS,
        filters: [filterOf({ 'data.n': { gt: 1 } }), filterOf({ type: { prefix: 'a' } })],
      }),
    ).toEqual([ids[2]]);
  });

  it('applies to each topic the scope of that topic alone', async () => {
    const readerId: PartnerId = id('par');
    const own = await topicOf({ type: 'x' }, { type: 'y' });
    const granted = await topicOf({ type: 'x' }, { type: 'y' });
    const foreign = await topicOf({ type: 'x' });
    const found = await store.search({
      scopes: [
        { topicId: own.topicId, filters: [], words: [] },
        { topicId: granted.topicId, readerId, types: ['y'], filters: [], words: [] },
      ],
      limit: 10,
    });
    const ids = found.map((one) => one.id);
    expect(ids).toHaveLength(3);
    expect(ids).toEqual(
      expect.arrayContaining([...own.messages.map((one) => one.id), granted.messages[1]?.id]),
    );
    expect(ids).not.toContain(foreign.messages[0]?.id);
  });

  it('visits all once, page by page, newest first, also where many came in one millisecond', async () => {
    const changes = Array.from({ length: 57 }, (_, i) => ({ acceptedAtMs: NOW_MS + Math.floor(i / 20) }));
    const { topicId, messages } = await topicOf(...changes);
    const visited: string[] = [];
    let after: MessageSearch['after'];
    for (;;) {
      const page: { id: string; acceptedAtMs: number }[] = await store.search({
        scopes: [{ topicId, filters: [], words: [] }],
        after,
        limit: 7,
      });
      visited.push(...page.map((one) => one.id));
      after = page.at(-1);
      if (after === undefined) break;
    }
    const expected = [...messages].sort((a, b) => b.acceptedAtMs - a.acceptedAtMs || (a.id < b.id ? 1 : -1));
    expect(visited).toEqual(expected.map((one) => one.id));
  });
});

describe('countAccepted(), idsOlderThan() and remove()', () => {
  it('count, find and delete by time, in one topic', async () => {
    const { topicId } = await topicOf({}, { acceptedAtMs: NOW_MS + 1 }, { acceptedAtMs: NOW_MS + 2 });
    const other = await topicOf({});
    expect(await store.countAccepted(topicId, {})).toBe(3);
    expect(await store.countAccepted(topicId, { fromMs: NOW_MS + 1, toMs: NOW_MS + 2 })).toBe(1);
    expect(await store.idsOlderThan(topicId, NOW_MS + 2, 1)).toHaveLength(1);
    const old = await store.idsOlderThan(topicId, NOW_MS + 2, 10);
    expect(old).toHaveLength(2);
    await store.remove(old);
    expect(await store.countAccepted(topicId, {})).toBe(1);
    expect(await store.countAccepted(other.topicId, {})).toBe(1);
  });
});
