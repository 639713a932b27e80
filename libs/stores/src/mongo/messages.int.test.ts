import { Failure } from '@anika/core/failures';
import { parseFilter } from '@anika/core/filter';
import { isId, type PartnerId, type TopicId } from '@anika/core/ids';
import { wordBlocksOf } from '@anika/core/word-blocks';
import { matchesWords, queryWords, wordsOf } from '@anika/core/words';
import { createBatcher } from '@anika/runtime/batcher';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageSearch, SearchPage, SearchScope } from './message-search.ts';
import { createMessageStore, type MessageStore, type NewMessage } from './messages.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';
import { createWordBlockStore, type WordBlockStore } from './word-blocks.ts';

let test: TestMongo;
let store: MessageStore;
let wordBlocks: WordBlockStore;

beforeAll(async () => {
  test = await openTestMongo();
  store = createMessageStore(test.mongo);
  wordBlocks = createWordBlockStore(test.mongo);
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
  const found = await store.search({ scopes: [{ filters: [], ...scope }], limit: 100, ...more });
  return found.messages.map((one) => one.id);
}

/** As a caller does it: page by page, looking at each message itself. */
async function searchWords(topicId: TopicId, words: readonly string[], limit = 100): Promise<string[]> {
  const ids: string[] = [];
  let after: MessageSearch['after'];
  for (;;) {
    const page = await store.search({ scopes: [{ topicId, filters: [] }], words, after, limit });
    const found = page.messages.filter((one) => matchesWords(wordsOf(one.dataText), words));
    ids.push(...found.map((one) => one.id));
    if (page.next === undefined) return ids;
    // What a client may hand back.
    expect(isId('msg', page.next.id)).toBe(true);
    expect(page.next).not.toEqual(after);
    after = page.next;
  }
}

function worded({ topicId, type, audience, acceptedAtMs, data }: NewMessage) {
  return { topicId, type, audience, acceptedAtMs, words: wordsOf(JSON.stringify(data)) };
}

async function settle(messages: readonly NewMessage[]): Promise<void> {
  await wordBlocks.insert(wordBlocksOf(messages.map(worded)));
  await store.markFannedOut(messages.map((one) => one.id));
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
      requestId: 'request-1',
    });
    expect(await store.insert([stored])).toEqual(['stored']);
    const { data, ...kept } = stored;
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
    expect([...found.values()]).toEqual(
      expect.arrayContaining(
        [first, second, third].map(({ dataText }) => expect.objectContaining({ dataText })),
      ),
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

describe('insert() in a batch of strangers', () => {
  // More than the 16 MB of a document.
  const tooLarge = 'x'.repeat(17_000_000);

  it.each<[string, unknown]>([
    ['larger than any document', tooLarge],
    ['larger than any document, further down', [{ a: tooLarge }]],
  ])('refuses the message whose data is %s, and no other', async (_, data) => {
    const batcher = createBatcher(store.insert, { maxItems: 200, maxInFlight: 1 });
    const bad = message({ data, dataText: JSON.stringify(data) });
    const good = Array.from({ length: 20 }, () => message());
    const all = [...good.slice(0, 7), bad, ...good.slice(7)];
    const outcomes = await Promise.allSettled(all.map((one) => batcher.add(one)));
    const refused = outcomes.splice(7, 1)[0];
    expect(outcomes).toEqual(good.map(() => ({ status: 'fulfilled', value: 'stored' })));
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'validation-failed' } });
    expect(refused?.status === 'rejected' && refused.reason).toBeInstanceOf(Failure);
    expect((await store.findMany(all.map(({ id }) => id))).size).toBe(20);
  });

  it.each([{ _bsontype: 'X' }, { a: [{ _bsontype: 'ObjectId' }] }, { _bsontype: { b: 1 } }])(
    'stores %j, which the driver would take for a type of its own',
    async (data) => {
      expect(await store.insert([message(), message({ data }), message()])).toEqual(Array(3).fill('stored'));
    },
  );
});

describe('search()', () => {
  it('finds nothing without a scope', async () => {
    await topicOf({});
    expect(await store.search({ scopes: [], limit: 10 })).toEqual({ messages: [], next: undefined });
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

  it('finds by the beginnings of words, all of them, as soon as the message is stored and after it is settled', async () => {
    const { topicId, messages } = await topicOf(
      { data: { text: 'Красная Ёлка и зелёный мяч' } },
      { data: ['красный мяч', 17], acceptedAtMs: NOW_MS + 60_000 },
    );
    const [first, second] = messages.map((one) => one.id);
    for (const settled of [[], messages.slice(0, 1), messages]) {
      await settle(settled);
      expect(await searchWords(topicId, queryWords('крас мяч'))).toEqual([second, first]);
      expect(await searchWords(topicId, queryWords('ЕЛКА'))).toEqual([first]);
      expect(await searchWords(topicId, queryWords('зелён'))).toEqual([first]);
      expect(await searchWords(topicId, queryWords('17'))).toEqual([second]);
      expect(await searchWords(topicId, queryWords('яч'))).toEqual([]);
      expect(await searchWords(topicId, queryWords('красная 17'))).toEqual([]);
    }
  });

  it('reads only messages of blocks that have the words', async () => {
    const { topicId, messages } = await topicOf(
      ...[0, 1, 2].map((n) => ({ data: `слово${n}`, acceptedAtMs: NOW_MS + n * 60_000 })),
    );
    for (const one of messages) await settle([one]);
    const scopes = [{ topicId, filters: [] }];
    const page = await store.search({ scopes, words: ['слово1'], limit: 10 });
    expect(page).toEqual({ messages: [expect.objectContaining({ id: messages[1]?.id })], next: undefined });
  });

  it('agrees with matchesWords() on any words, whatever is settled and however long the pages are', async () => {
    const text = fc
      .array(
        fc.constantFrom('лада', 'Ладога', 'ёж', 'еж', 'ＡＢ', 'abc', '1', '12', 'é', 'e\u0301', '-', '中文'),
        {
          maxLength: 4,
        },
      )
      .map((words) => words.join(' '));
    const changes = fc
      .sample(text, 90)
      .map((data, n) => ({ data, acceptedAtMs: NOW_MS + Math.floor(n / 3) }));
    const { topicId, messages } = await topicOf(...changes);
    // Blocks that lie beside and over each other, as of several processes.
    for (const every of [2, 3, 5]) await settle(messages.filter((_, n) => n % 2 === 0 && n % every === 0));
    const newestFirst = [...messages].sort(
      (a, b) => b.acceptedAtMs - a.acceptedAtMs || (a.id < b.id ? 1 : -1),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.constantFrom(1, 7, 100), async (q, limit) => {
        const words = queryWords(q);
        const expected = newestFirst
          .filter((one) => matchesWords(wordsOf(one.dataText), words))
          .map((one) => one.id);
        expect(await searchWords(topicId, words, limit)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('leads a reader by the words of no message that it may not see', async () => {
    const [reader, other] = [id('par'), id('par')];
    const hidden = { data: 'тайна', audience: [other] };
    const { topicId, messages } = await topicOf(
      { data: 'слово' },
      hidden,
      { ...hidden, acceptedAtMs: NOW_MS + 2 },
      { data: 'слово', acceptedAtMs: NOW_MS + 1 },
      { data: 'тайна', type: 'hidden', acceptedAtMs: NOW_MS + 1 },
      { data: 'тайна', acceptedAtMs: NOW_MS - 9 },
      { data: 'наше', audience: [other, reader] },
    );
    await settle(messages);
    const scope = { topicId, readerId: reader, types: ['car.chosen'], sinceMs: NOW_MS, filters: [] };
    const near = async (word: string) =>
      (await store.search({ scopes: [scope], words: [word], limit: 10 })).messages.map((one) => one.dataText);
    // Its first minute is looked at whatever it searches for.
    const first = ['"слово"', '"слово"', '"наше"'];
    expect((await near('тайна')).sort()).toEqual([...first].sort());
    expect(await near('нет')).toEqual(await near('тайна'));
    expect(await near('слово')).toEqual(expect.arrayContaining(['"слово"', '"слово"']));
    expect(await near('наше')).toContain('"наше"');
  });

  it('goes on where it has looked into enough blocks, and visits all once', async () => {
    const changes = Array.from({ length: 900 }, (_, n) => ({
      data: n % 100 === 0 ? 'раз два' : ['раз', 'два'][n % 2],
      acceptedAtMs: NOW_MS + n * 10,
    }));
    const { topicId, messages } = await topicOf(...changes);
    // Each pair of neighbours is a block of its own, and has both words.
    const pairs = Array.from({ length: 450 }, (_, n) => messages.slice(2 * n, 2 * n + 2));
    await wordBlocks.insert(pairs.flatMap((pair) => wordBlocksOf(pair.map(worded))));
    await store.markFannedOut(messages.map((one) => one.id));
    const expected = messages.filter((_, n) => n % 100 === 0).map((one) => one.id);
    expect(await searchWords(topicId, ['раз', 'два'], 1000)).toEqual(expected.reverse());
  });

  it.each([7, 1000])(
    'visits all once where hundreds of blocks lie over one time, in pages of %d',
    async (limit) => {
      const changes = Array.from({ length: 1200 }, (_, n) => ({
        data: 'слово',
        audience: [id('par')],
        // Two of each audience, at the two ends of the same second; before them some of everybody.
        ...(n % 2 === 1 ? { acceptedAtMs: NOW_MS } : { acceptedAtMs: NOW_MS + 1000 }),
      }));
      for (let n = 1; n < changes.length; n += 2) {
        const [one, other] = [changes[n - 1], changes[n]];
        if (one !== undefined && other !== undefined) one.audience = other.audience;
      }
      const early = [-3, -2, -1].map((n) => ({ data: 'слово', acceptedAtMs: NOW_MS + n * 120_000 }));
      const { topicId, messages } = await topicOf(...changes, ...early);
      await settle(messages);
      expect(await test.mongo.wordBlocks.countDocuments({ topicId })).toBe(603);
      const found = await searchWords(topicId, ['слово'], limit);
      expect(found).toHaveLength(1203);
      expect(new Set(found)).toEqual(new Set(messages.map((one) => one.id)));
    },
  );

  it('removes blocks by when they were stored', async () => {
    const { topicId, messages } = await topicOf({ data: 'слово' });
    await settle(messages);
    await wordBlocks.removeStoredBefore(topicId, Date.now() - 60_000);
    expect(await test.mongo.wordBlocks.countDocuments({ topicId })).toBe(1);
    await wordBlocks.removeStoredBefore(topicId, Date.now() + 60_000);
    expect(await test.mongo.wordBlocks.countDocuments({ topicId })).toBe(0);
  });

  it('forgets the words of what is no longer kept', async () => {
    const { topicId, messages } = await topicOf(
      { data: 'старое' },
      { data: 'новое', acceptedAtMs: NOW_MS + 5 },
    );
    for (const one of messages) await settle([one]);
    await wordBlocks.removeBefore(topicId, NOW_MS + 5);
    const blocks = await test.mongo.wordBlocks.find({ topicId }).toArray();
    expect(blocks.map(({ words }) => words)).toEqual([['новое']]);
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
        { topicId: own.topicId, filters: [] },
        { topicId: granted.topicId, readerId, types: ['y'], filters: [] },
      ],
      limit: 10,
    });
    const ids = found.messages.map((one) => one.id);
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
      const page: SearchPage = await store.search({ scopes: [{ topicId, filters: [] }], after, limit: 7 });
      visited.push(...page.messages.map((one) => one.id));
      after = page.next;
      if (after === undefined) break;
    }
    const expected = [...messages].sort((a, b) => b.acceptedAtMs - a.acceptedAtMs || (a.id < b.id ? 1 : -1));
    expect(visited).toEqual(expected.map((one) => one.id));
  });
});

describe('idsOlderThan() and remove()', () => {
  it('find and delete by time, in one topic', async () => {
    const { topicId } = await topicOf({}, { acceptedAtMs: NOW_MS + 1 }, { acceptedAtMs: NOW_MS + 2 });
    const other = await topicOf({});
    expect(await store.idsOlderThan(topicId, NOW_MS + 2, 1)).toHaveLength(1);
    const old = await store.idsOlderThan(topicId, NOW_MS + 2, 10);
    expect(old).toHaveLength(2);
    await store.remove(old);
    expect(await store.idsOlderThan(topicId, NOW_MS + 1000, 10)).toHaveLength(1);
    expect(await store.idsOlderThan(other.topicId, NOW_MS + 1000, 10)).toHaveLength(1);
  });
});

describe('listBetween()', () => {
  it('visits every message of its time once, oldest first, also those of one millisecond', async () => {
    const at = (ms: number) => ({ acceptedAtMs: NOW_MS + ms });
    const { topicId, messages } = await topicOf(at(0), at(1), at(1), at(1), at(1), at(2), at(3));
    const time = { fromMs: NOW_MS + 1, toMs: NOW_MS + 3, limit: 2 };
    const seen: string[] = [];
    let after: { acceptedAtMs: number; id: string } | undefined;
    for (;;) {
      const page = await store.listBetween(topicId, { ...time, after });
      seen.push(...page.map((one) => one.id));
      after = page.at(-1);
      if (page.length < time.limit) break;
    }
    expect(seen.slice(0, 4)).toEqual(seen.slice(0, 4).toSorted());
    expect(seen.slice(4)).toEqual([messages[5]?.id]);
    expect(seen.toSorted()).toEqual(
      messages
        .slice(1, 6)
        .map(({ id: one }) => one)
        .sort(),
    );
  });
});
