import { connectMongo } from '@anika/stores/mongo/client';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leafTexts, type Twins, tellsSecrets, twins } from '../testing/masked-twins.ts';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;
let mongo: ReturnType<typeof connectMongo>;

beforeAll(async () => {
  api = await startTestApi({ ANIKA_LOG_LEVEL: 'fatal' });
  [parties, receiver] = await Promise.all([openParties(api), startReceiver()]);
  mongo = connectMongo({ url: api.databases.mongodbUrl });
});

afterAll(async () => {
  await Promise.all([mongo.close(), receiver.close()]);
  await api.close();
});

type Query = Readonly<Record<string, unknown>>;

/** Ids, and those of requests. */
const RANDOM = /[a-z]{3}_[0-9a-z]{26}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What the reader is told, all of it: it must hold no secret. */
async function ask(path: string): Promise<{ status: number; body: ReturnType<typeof JSON.parse> }> {
  const { status, body, headers } = await api.call('GET', path, { token: parties.reader.token });
  const told = JSON.stringify([body, [...headers]]);
  // What is made up at random has the digits of a secret now and then.
  if (tellsSecrets(told.replaceAll(RANDOM, '')))
    throw new Error(`GET ${decodeURIComponent(path)} tells ${told}`);
  return { status, body };
}

function searchPath(query: Query): string {
  const texts = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return `/v1/messages?${new URLSearchParams(texts)}`;
}

/** The ids that a search finds, page by page, each of one message, and how many pages there were. */
async function find(query: Query): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = [];
  let pages = 0;
  for (let cursor: string | null = ''; cursor !== null; pages += 1) {
    const { status, body } = await ask(searchPath({ ...query, limit: 1, ...(cursor !== '' && { cursor }) }));
    if (status !== 200)
      throw new Error(`${JSON.stringify(query)} answered ${status} ${JSON.stringify(body)}`);
    ids.push(...body.items.map((item: { id: string }) => item.id));
    cursor = body.nextCursor;
  }
  return { ids, pages };
}

/** Filters that somebody tries who suspects exactly what is hidden there. */
function guesses({ path, value }: { path: string; value: unknown }): object[] {
  const common = [value, { ne: value }, { in: [value, 'x'] }, { nin: [value] }, { exists: true }];
  const some = [...common, { exists: false }, ...guessesOfOrder(value)].map((one) => ({ [path]: one }));
  return [...some, { not: { [path]: value } }, { or: [{ [path]: value }, { type: 'none' }] }];
}

function guessesOfOrder(value: unknown): object[] {
  if (typeof value === 'number') {
    return [{ gt: value - 1 }, { gte: value, lt: value + 1 }, { lte: value }, { lt: value + 5 }];
  }
  if (typeof value !== 'string') return [];
  return [{ prefix: value.slice(0, 3) }, { prefix: value }, { gte: value }, { lt: `${value}я` }];
}

async function publishTwins({ mask, documents }: Twins) {
  const topicId = await parties.grantedTopic({ fields: mask });
  const first = await parties.publish(topicId, documents[0]);
  const second = await parties.publish(topicId, documents[1]);
  return { topicId, first, second };
}

const RUNS = { numRuns: 25 };

describe('two messages that differ only in what a mask hides', () => {
  it('read the same, with all that is visible and no more', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(twins, async (pair) => {
        const { topicId, first, second } = await publishTwins(pair);
        const [a, b] = [await ask(`/v1/messages/${first}`), await ask(`/v1/messages/${second}`)];
        expect(a.body.data).toStrictEqual(b.body.data);
        expect(leafTexts(a.body.data ?? {}).sort()).toEqual(
          pair.visible.filter((leaf) => leaf !== ' = null'),
        );
        const { body } = await ask(searchPath({ topicId }));
        expect(body.items).toEqual([b.body, a.body]);
      }),
      { numRuns: 60 },
    );
  });

  it('are found both or neither, by whatever filter', { timeout: 240_000 }, async () => {
    const hiding = twins.filter(({ hidden }) => hidden.length > 0);
    await fc.assert(
      fc.asyncProperty(hiding, fc.nat(), async (pair, at) => {
        const { topicId, first, second } = await publishTwins(pair);
        const target = pair.hidden[at % pair.hidden.length] ?? { path: 'data', value: 1 };
        for (const where of guesses(target)) {
          const { ids, pages } = await find({ topicId, where });
          expect([[], [second, first]], JSON.stringify(where)).toContainEqual(ids);
          expect(pages).toBe(Math.max(ids.length, 1));
        }
      }),
      RUNS,
    );
  });

  it('are found both or neither, by whatever words', { timeout: 240_000 }, async () => {
    const hiding = twins.filter(({ hidden }) => hidden.some(({ value }) => `${value}`.length > 5));
    await fc.assert(
      fc.asyncProperty(hiding, async (pair) => {
        const { topicId, first, second } = await publishTwins(pair);
        const words = pair.hidden.flatMap(({ value }) => `${value}`.split(' ')).slice(0, 3);
        for (const q of [...words, 'тайна', '4711', 'красн', 'син']) {
          expect((await find({ topicId, q })).ids, q).toEqual([]);
        }
        const q = pair.visible.map((leaf) => /явно\d+/.exec(leaf)?.[0]).find((word) => word !== undefined);
        if (q !== undefined) expect((await find({ topicId, q })).ids).toEqual([second, first]);
      }),
      RUNS,
    );
  });

  it("go both or neither to the reader's endpoint, whatever it filters", { timeout: 240_000 }, async () => {
    const hiding = twins.filter(({ hidden }) => hidden.length > 0);
    await fc.assert(
      fc.asyncProperty(hiding, fc.nat(), async (pair, at) => {
        const topicId = await parties.grantedTopic({ fields: pair.mask });
        const target = pair.hidden[at % pair.hidden.length] ?? { path: 'data', value: 1 };
        for (const filter of guesses(target)) await parties.subscribe(topicId, receiver.url, { filter });
        const messages = pair.documents.map((data) => ({ type: 'a', data }));
        await api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
          token: parties.owner.token,
          body: { messages },
        });
        const topic = { topicId: topicId as never };
        await eventually(
          async () =>
            (await mongo.messages.countDocuments({ ...topic, pendingSince: { $exists: true } })) === 0,
        );
        const deliveries = await mongo.deliveries.find(topic).toArray();
        const got = new Map<string, string[]>();
        for (const { subscriptionId, messageId } of deliveries) {
          got.set(subscriptionId, [...(got.get(subscriptionId) ?? []), messageId]);
        }
        for (const messageIds of got.values()) expect(messageIds).toHaveLength(2);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a reader whose grant hides the key', () => {
  it('has its endpoints get both twins or neither, whatever they filter', async () => {
    const topicId = await parties.grantedTopic({ fields: { exclude: ['key'] } });
    const filters = [
      { key: 'тайна' },
      { key: { exists: true } },
      { key: { exists: false } },
      { key: { ne: 'тайна' } },
    ];
    const ids: string[] = [];
    for (const filter of filters) ids.push((await parties.subscribe(topicId, receiver.url, { filter })).id);
    await parties.publish(topicId, 1, { key: 'тайна' });
    await parties.publish(topicId, 1);
    const topic = { topicId: topicId as never };
    await eventually(
      async () => (await mongo.messages.countDocuments({ ...topic, pendingSince: { $exists: true } })) === 0,
    );
    const got = (id: string) => mongo.deliveries.countDocuments({ subscriptionId: id as never });
    expect(await Promise.all(ids.map(got))).toEqual([0, 0, 2, 2]);
  });
});

describe('a reader who pries', () => {
  const hidden = { открыто: 'явно', тариф: { сумма: 47_110_042 }, позиции: [{ n: 1, маржа: 47_110_007 }] };
  const fields = { exclude: ['data.тариф', 'data.позиции.*.маржа'] };

  it('learns nothing of a number by halving', async () => {
    const topicId = await parties.grantedTopic({ fields });
    await parties.publish(topicId, hidden);
    for (const path of ['data.тариф.сумма', 'data.позиции.маржа']) {
      for (let [low, high] = [0, 2 ** 40]; high - low > 1; low = Math.floor((low + high) / 2)) {
        const middle = Math.floor((low + high) / 2);
        expect((await find({ topicId, where: { [path]: { lt: middle } } })).ids).toEqual([]);
        expect((await find({ topicId, where: { [path]: { gte: middle } } })).ids).toEqual([]);
      }
    }
  });

  it('learns nothing of members whose names are spelled with escapes; repeated ones are refused', async () => {
    const topicId = await parties.grantedTopic({ fields: { exclude: ['data.secret', 'data.a.b'] } });
    const publish = (rawBody: string) =>
      api.call('POST', `/v1/topics/${topicId}/messages`, { token: parties.owner.token, rawBody });
    const repeated = await publish(
      String.raw`{"type":"x","data":{"\u0073ecret":"тайна1","secret":"тайна2"}}`,
    );
    expect([repeated.status, repeated.body.errors[0].path]).toEqual([422, 'data.secret']);
    const published = await publish(
      String.raw`{"type":"x","data":{"\u0073ecret":"тайна1","\u0061":[{"b":"тайна4"},{"\u0062":47110001}],"open":"явно"}}`,
    );
    const id: string = published.body.id;
    const { body } = await ask(`/v1/messages/${id}`);
    expect(body.data).toEqual({ a: [{}, {}], open: 'явно' });
    expect((await find({ topicId, q: 'явно' })).ids).toEqual([id]);
    for (const q of ['тайна', '47110001']) expect((await find({ topicId, q })).ids).toEqual([]);
    for (const where of [{ 'data.secret': { exists: true } }, { 'data.a.b': { exists: true } }]) {
      expect((await find({ topicId, where })).ids).toEqual([]);
    }
  });

  it.each([{ exclude: ['key'] }, { exclude: ['key', 'data.закрыто'] }, { include: ['data.открыто'] }])(
    'learns nothing of a key that %j hides',
    async (mask) => {
      const topicId = await parties.grantedTopic({ fields: mask });
      const data = { открыто: 'явно' };
      const first = await parties.publish(topicId, data, { key: 'тайна-4711' });
      const second = await parties.publish(topicId, data);
      const both = [second, first];
      for (const id of both) expect((await ask(`/v1/messages/${id}`)).body.key).toBeNull();
      expect((await find({ topicId })).ids).toEqual(both);
      // What is asked for is in the answer's own words; the secret is not.
      const secret = 'тайна-4711';
      expect((await find({ topicId, key: secret })).ids).toEqual([]);
      expect((await find({ topicId, q: secret })).ids).toEqual([]);
      const wheres: [object, string[]][] = [
        [{ key: secret }, []],
        [{ key: { exists: true } }, []],
        [{ key: { prefix: 'т' } }, []],
        [{ key: { gte: 'а' } }, []],
        [{ key: { exists: false } }, both],
        [{ not: { key: secret } }, both],
        [{ key: { ne: secret } }, both],
      ];
      for (const [where, ids] of wheres) expect((await find({ topicId, where })).ids).toEqual(ids);
      const shown = await api.call('GET', `/v1/messages/${first}`, { token: parties.owner.token });
      expect(shown.body.key).toBe(secret);
    },
  );

  it('is told the same by an error whatever the message holds', async () => {
    const [full, empty] = [await parties.grantedTopic({ fields }), await parties.grantedTopic({ fields })];
    await parties.publish(full, hidden);
    for (const condition of [{ gt: null }, { like: 1 }, {}, { in: [] }]) {
      const errorsOf = async (topicId: string) => {
        const { status, body } = await ask(searchPath({ topicId, where: { 'data.тариф.сумма': condition } }));
        return { status, errors: body.errors };
      };
      expect(await errorsOf(full)).toMatchObject({ status: 422 });
      expect(await errorsOf(full)).toEqual(await errorsOf(empty));
    }
  });

  it('finds nothing any more by what a changed grant hides, at once', async () => {
    const topicId = await parties.grantedTopic();
    const id = await parties.publish(topicId, { открыто: 'явно', закрыто: 'позже' });
    expect((await find({ topicId, q: 'позже' })).ids).toEqual([id]);
    await parties.grant(topicId, { fields: { include: ['data.открыто'] } });
    expect((await find({ topicId, q: 'позже' })).ids).toEqual([]);
    expect((await find({ topicId, where: { 'data.закрыто': 'позже' } })).ids).toEqual([]);
    expect((await ask(`/v1/messages/${id}`)).body.data).toEqual({ открыто: 'явно' });
  });

  it('is told nothing by where a page ends, however much is hidden', { timeout: 240_000 }, async () => {
    const topicId = await parties.grantedTopic({ fields: { include: ['data.открыто'] } });
    const data = { открыто: 'явно', закрыто: 'x'.repeat(200_000) };
    await Promise.all(Array.from({ length: 45 }, () => parties.publish(topicId, data)));
    const { body } = await ask(searchPath({ topicId, where: { 'data.открыто': 'нет такого' } }));
    expect(body).toEqual({ items: [], nextCursor: null });
  });
});
