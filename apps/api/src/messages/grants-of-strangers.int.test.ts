import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

type Query = Readonly<Record<string, string | number>>;

function search(query: Query, by: TestPartner): Promise<Answer> {
  const texts = Object.entries(query).map(([name, value]): [string, string] => [name, String(value)]);
  return api.call('GET', `/v1/messages?${new URLSearchParams(texts)}`, { token: by.token });
}

/** All pages; the first page's ids apart. */
async function pagesOf(query: Query, by: TestPartner): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body }: Answer = await search({ ...query, ...(cursor !== '' && { cursor }) }, by);
    expect(status).toBe(200);
    pages.push(body.items.map((item: { id: string }) => item.id));
    cursor = body.nextCursor;
  }
  return pages;
}

async function publishMany(topicId: string, by: TestPartner, data: readonly unknown[]): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < data.length; at += 100) {
    const messages = data.slice(at, at + 100).map((one) => ({ type: 'a', data: one }));
    const path = `/v1/topics/${topicId}/messages/batch`;
    const { body } = await api.call('POST', path, { token: by.token, body: { messages } });
    ids.push(...body.items.map((item: { id: string }) => item.id));
  }
  return ids;
}

/** A company with a message of its own, older than many of a stranger's topic that was granted to it unasked. */
async function victim(terms: object) {
  const company = await api.createPartner();
  const own = await api.call('POST', '/v1/topics', { token: company.token, body: { name: 'Своё' } });
  const word = `w${crypto.randomUUID().replaceAll('-', '')}`;
  const [wanted = ''] = await publishMany(own.body.id, company, [{ word }]);
  const topicId = await parties.topic();
  await parties.grant(topicId, terms, company);
  await publishMany(topicId, parties.owner, Array(320).fill({ note: 'шум', hidden: word }));
  return { company, word, wanted, topicId };
}

describe('a grant that nobody asked for', () => {
  it.each<object>([
    { fields: { exclude: ['data.hidden'] } },
    { fields: { include: ['data.note'] } },
    { filter: { 'data.note': 'шум' }, fields: { exclude: ['data.hidden'] } },
  ])('with %j leaves what its reader owns on the first page', async (terms) => {
    const { company, word, wanted } = await victim(terms);
    expect((await pagesOf({ q: word }, company))[0]).toEqual([wanted]);
    expect((await pagesOf({ where: JSON.stringify({ 'data.word': word }) }, company))[0]).toEqual([wanted]);
    expect((await pagesOf({ q: word }, company)).flat()).toEqual([wanted]);
  });

  it('is out of the way once it is declined', async () => {
    const { company, topicId } = await victim({ fields: { exclude: ['data.hidden'] } });
    const { body } = await api.call('GET', '/v1/grants', { token: company.token });
    const mine: { id: string; topicId: string }[] = body.items;
    const id = mine.find((grant) => grant.topicId === topicId)?.id;
    expect((await api.call('DELETE', `/v1/grants/${id}`, { token: company.token })).status).toBe(204);
    expect((await search({ topicId }, company)).status).toBe(404);
    expect((await search({}, company)).body.items).toHaveLength(1);
  });
});

describe('a search over topics with a mask, with a filter and with neither', () => {
  it.each([1, 3, 7, 50])('visits each match once, %i a page', async (limit) => {
    const company = await api.createPartner();
    const own = await api.call('POST', '/v1/topics', { token: company.token, body: { name: 'Своё' } });
    const topics = [await parties.topic(), await parties.topic(), await parties.topic()];
    const terms = [{ fields: { exclude: ['data.secret'] } }, { filter: { 'data.n': { gte: 0 } } }, {}];
    for (const [at, topicId] of topics.entries()) await parties.grant(topicId, terms[at], company);
    const expected: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      for (const topicId of topics) {
        expected.push(...(await publishMany(topicId, parties.owner, [{ n, word: 'слово', secret: 1 }])));
        await publishMany(topicId, parties.owner, [{ n, secret: 'другое' }]);
      }
      expected.push(...(await publishMany(own.body.id, company, [{ word: 'слово' }])));
    }
    const byWord = await pagesOf({ q: 'слово', limit }, company);
    expect(byWord.flat()).toEqual(expected.toReversed());
    const where = JSON.stringify({ 'data.word': 'слово' });
    expect((await pagesOf({ where, limit }, company)).flat()).toEqual(expected.toReversed());
    expect((await pagesOf({ limit }, company)).flat()).toHaveLength(42);
    expect((await pagesOf({ limit, key: 'none' }, company)).flat()).toEqual([]);
  });

  it.each(['x', 'w- 1', 'q-', '', 'w1 msg_x', 'w-,w', '12 sub'])(
    'refuses a cursor of %j, which is none',
    async (text) => {
      const cursor = Buffer.from(text === '' ? ',' : text).toString('base64url');
      expect((await search({ cursor }, parties.reader)).status).toBe(422);
    },
  );

  it('goes on from a cursor in the form of before', async () => {
    const { topicId } = await victim({});
    const first = await search({ topicId, limit: 2 }, parties.owner);
    // A page shows what is of one millisecond in the order of acceptance; between pages the id decides.
    const place = ({ acceptedAt, id }: { acceptedAt: string; id: string }) => `${acceptedAt} ${id}`;
    const [last] = first.body.items.toSorted((a: typeof last, b: typeof last) =>
      place(a) < place(b) ? -1 : 1,
    );
    const cursor = Buffer.from(`${Date.parse(last.acceptedAt)} ${last.id}`).toString('base64url');
    const after = await search({ topicId, limit: 2, cursor }, parties.owner);
    const again = await search({ topicId, limit: 2, cursor: first.body.nextCursor }, parties.owner);
    expect(after.body.items).toEqual(again.body.items);
  });
});

describe('more than a search can cover', () => {
  const many = (company: TestPartner, sql: string) =>
    withClient(api.databases.databaseUrl, (client) => client.query(sql, [company.id, parties.owner.id]));
  const TOPICS = `INSERT INTO topics (id, partner_id, name)
    SELECT 'top_' || md5($1 || n), $2, 'n' || n || $1
    FROM generate_series(1, 1001) AS n`;

  it('grants are refused with a reason, and each topic is still found by its id', async () => {
    const company = await api.createPartner();
    const topicId = await parties.topic();
    await parties.grant(topicId, {}, company);
    const [id] = await publishMany(topicId, parties.owner, [1]);
    expect((await search({}, company)).body.items).toHaveLength(1);
    await many(company, TOPICS);
    await many(
      company,
      `INSERT INTO grants (id, topic_id, partner_id)
       SELECT 'grt_' || md5($1 || n), 'top_' || md5($1 || n), $1 FROM generate_series(1, 1001) AS n
       WHERE $2 <> ''`,
    );
    const all = await search({}, company);
    expect({ status: all.status, code: all.body.code }).toEqual({ status: 422, code: 'too-many-grants' });
    expect((await search({ topicId }, company)).body.items).toMatchObject([{ id }]);
  });

  it('own topics are refused with a reason', async () => {
    const company = await api.createPartner();
    await withClient(api.databases.databaseUrl, (client) =>
      client.query(
        `INSERT INTO topics (id, partner_id, name)
         SELECT 'top_' || md5($1 || n), $1, 'n' || n FROM generate_series(1, 1001) AS n`,
        [company.id],
      ),
    );
    const all = await search({}, company);
    expect({ status: all.status, code: all.body.code }).toEqual({ status: 422, code: 'too-many-topics' });
  });
});
