import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGrantStore } from './grants.ts';
import { createReaderStore, type ReaderPosition, type ReaderRow, type ReaderStore } from './readers.ts';
import { change, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';

let stores: TestStores;
let readers: ReaderStore;

beforeAll(async () => {
  stores = await openTestStores();
  readers = createReaderStore(stores.postgres);
});
afterAll(() => stores.close());

/** A topic with the owner's own subscription, a reader with two, one with none, and a company beside them. */
async function world() {
  const company = async (name: string) => (await stores.partner(name)).partner.id;
  const owner = await company('АвтоЭкспресс');
  const reader = await company('ЭкспоБанк');
  const silent = await company('СтрахКонсалт');
  const beside = await company('Посторонний');
  const topic = await stores.topic(owner);
  const grants = createGrantStore(stores.postgres);
  for (const partnerId of [reader, silent]) {
    await grants.put(topic.id, partnerId, {}, { ...change(), ownerId: owner, id: id('grt') });
  }
  const own = await stores.subscription(owner, topic.id);
  const read = [await stores.subscription(reader, topic.id), await stores.subscription(reader, topic.id)];
  return { owner, reader, silent, beside, topicId: topic.id, own, read: read.sort() };
}

const places = (rows: readonly ReaderRow[]) =>
  rows.map(({ partnerId, subscriptionId }) => `${partnerId} ${subscriptionId ?? '-'}`);

test('page() has a row for each reader and subscription, and goes on where it ended', async () => {
  const { owner, reader, silent, topicId, own, read } = await world();
  const list = { topicId, sinceMs: NOW_MS, after: undefined };
  const all = await readers.page({ ...list, limit: 10 });
  expect(places(all)).toEqual(
    [`${owner} ${own}`, ...read.map((one) => `${reader} ${one}`), `${silent} -`].sort(),
  );
  const bank = all.find(({ partnerId }) => partnerId === reader);
  expect(bank).toMatchObject({
    partnerName: 'ЭкспоБанк',
    isActive: true,
    grant: { partnerId: reader, version: 1 },
  });
  expect(bank?.subscription).toEqual(
    await stores.subscriptions.find(bank?.subscriptionId ?? id('sub'), reader),
  );
  for (const limit of [1, 2, 3]) {
    const seen: ReaderRow[] = [];
    let after: ReaderPosition | undefined;
    for (;;) {
      const page = await readers.page({ ...list, after, limit });
      seen.push(...page);
      if (page.length < limit) break;
      after = page.at(-1);
    }
    expect(places(seen)).toEqual(places(all));
  }
});

test('page() narrows to a company, also to one that was never let in, or to a subscription', async () => {
  const { reader, silent, beside, topicId, read } = await world();
  const list = { topicId, sinceMs: NOW_MS, after: undefined, limit: 10 };
  expect(places(await readers.page({ ...list, partnerId: silent }))).toEqual([`${silent} -`]);
  const [never] = await readers.page({ ...list, partnerId: beside });
  expect(never).toMatchObject({ partnerId: beside, grant: undefined, subscription: undefined });
  expect(places(await readers.page({ ...list, subscriptionId: read[0] }))).toEqual([`${reader} ${read[0]}`]);
  expect(await readers.page({ ...list, partnerId: silent, subscriptionId: read[0] })).toEqual([]);
  expect(await readers.page({ ...list, partnerId: id('par') })).toEqual([]);
});

test('page() knows who is suspended, and which subscriptions were deleted since', async () => {
  const { reader, topicId, read } = await world();
  await stores.partners.update(reader, { status: 'suspended' }, change());
  for (const one of read)
    await stores.subscriptions.remove(one, { ...change(NOW_MS + 5), partnerId: reader });
  const list = { topicId, partnerId: reader, after: undefined, limit: 10 };
  const rows = await readers.page({ ...list, sinceMs: NOW_MS + 5 });
  expect(places(rows)).toEqual(read.map((one) => `${reader} ${one}`));
  expect(rows[0]).toMatchObject({ isActive: false, subscription: undefined });
  expect(places(await readers.page({ ...list, sinceMs: NOW_MS + 6 }))).toEqual([`${reader} -`]);
});

test('ownerOf() is undefined for topics that are not there', async () => {
  const { owner, topicId } = await world();
  expect(await readers.ownerOf(topicId)).toEqual({ id: owner, isActive: true });
  await stores.partners.update(owner, { status: 'suspended' }, change());
  expect(await readers.ownerOf(topicId)).toEqual({ id: owner, isActive: false });
  await stores.topics.remove(topicId, { ...change(), ownerId: owner });
  expect(await readers.ownerOf(topicId)).toBeUndefined();
});
