import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { PAGE_BYTES } from './page.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});
afterAll(() => api.close());

type Page = { readonly ids: string[]; readonly bytes: number };

async function pagesOf(path: string, token: string, topic: { topicId?: string } = {}): Promise<Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ limit: '200', ...topic, ...(cursor !== '' && { cursor }) });
    const { status, body } = await api.call('GET', `${path}?${query}`, { token });
    if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
    const ids = body.items.map(({ id }: { id: string }) => id);
    pages.push({ ids, bytes: Buffer.byteLength(JSON.stringify(body)) });
    cursor = body.nextCursor;
  }
  return pages;
}

/** Whatever is asked for: an item more than it has room for at most, and each item once. */
function expectBounded(pages: readonly Page[], ids: readonly string[], itemBytes: number): void {
  expect(pages.length).toBeGreaterThan(1);
  for (const { bytes } of pages) expect(bytes).toBeLessThan(PAGE_BYTES + itemBytes + 10_000);
  for (const { bytes } of pages.slice(0, -1)) expect(bytes).toBeGreaterThan(PAGE_BYTES - itemBytes - 10_000);
  expect(pages.flatMap((page) => page.ids).toSorted()).toEqual(ids.toSorted());
}

describe('a page ends at about 1 MB, and the next goes on', () => {
  const TEXT_BYTES = 200_000;

  it.each([
    ['for its owner', undefined],
    ['for a reader', {}],
    ['for a reader with a mask', { fields: { exclude: ['data.hidden'] } }],
  ])('of messages, %s', async (_whose, terms) => {
    const topicId = terms === undefined ? await parties.topic() : await parties.grantedTopic(terms);
    const ids: string[] = [];
    for (let n = 0; n < 12; n += 1) {
      ids.push(await parties.publish(topicId, { n, hidden: 1, text: 'x'.repeat(TEXT_BYTES) }));
    }
    const { token } = terms === undefined ? parties.owner : parties.reader;
    expectBounded(await pagesOf('/v1/messages', token, { topicId }), ids, TEXT_BYTES);
  });

  it('of topics, each with a schema', async () => {
    const owner = await api.createPartner();
    const schema = { type: 'object', description: 'я'.repeat(7_000) };
    const ids: string[] = [];
    for (let n = 0; n < 90; n += 1) {
      const body = { name: `Тема ${n}`, schema };
      const created = await api.call('POST', '/v1/topics', { token: owner.token, body });
      if (created.status !== 201) throw new Error(JSON.stringify(created.body));
      ids.push(created.body.id);
    }
    expectBounded(await pagesOf('/v1/topics', owner.token), ids, 15_000);
  });
});
