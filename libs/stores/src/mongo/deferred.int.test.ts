import type { MessageId, PartnerId } from '@anika/core/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMongo, type Mongo } from './client.ts';
import { createDeferredStore } from './deferred.ts';
import { createMessageStore } from './messages.ts';
import { createRecallStore } from './recalls.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
/** Another process. */
let other: Mongo;

beforeAll(async () => {
  test = await openTestMongo();
  other = connectMongo({ url: test.mongodbUrl });
});

afterAll(async () => {
  await other.close();
  await test.close();
});

async function accepted(ownerId: PartnerId, count: number): Promise<MessageId[]> {
  const shared = { topicId: id('top'), ownerId, type: 'a', data: 1, dataText: '1' } as const;
  const none = { key: undefined, audience: undefined, requestId: undefined, fingerprint: undefined };
  const made = Array.from({ length: count }, (_, n) => ({
    ...{ id: id('msg'), ...shared, ...none },
    acceptedAtMs: NOW_MS + n,
  }));
  await createMessageStore(test.mongo).insert(made);
  return made.map((one) => one.id);
}

it('of two that release the same messages at once each gets its own, with the mark on for the sweep', async () => {
  const [messages, deferred] = [createMessageStore(test.mongo), createDeferredStore(test.mongo)];
  const ownerId = id('par') as PartnerId;
  const ids = await accepted(ownerId, 200);
  await deferred.defer(ids, NOW_MS);
  expect(await messages.findNotFannedOut(NOW_MS + 60_000, 500)).toEqual([]);
  expect(await messages.isBeingFannedOut(ids[0] as MessageId)).toBe(true);
  expect(await deferred.owners()).toEqual([ownerId]);
  expect((await deferred.oldest(ownerId, 500)).map((one) => one.id)).toEqual(ids);

  const stores = [deferred, createDeferredStore(other)];
  const released = await Promise.all(
    Array.from({ length: 6 }, (_, n) => stores[n % 2]?.release(ids, `name ${n}`, NOW_MS) ?? []),
  );
  const got = released.flat().map((one) => one.id);
  expect(got).toHaveLength(200);
  expect(new Set(got)).toEqual(new Set(ids));
  expect(await deferred.owners()).toEqual([]);
  expect(await messages.findNotFannedOut(NOW_MS + 1, 500)).toHaveLength(200);
  await messages.markFannedOut(ids);
  const left = {
    _id: { $in: ids },
    $or: [{ releasedBy: { $exists: true } }, { pendingSince: { $exists: true } }],
  };
  expect(await test.mongo.messages.countDocuments(left)).toBe(0);
});

it('defers nothing that was fanned out meanwhile, and releases nothing that was taken back', async () => {
  const [messages, deferred] = [createMessageStore(test.mongo), createDeferredStore(test.mongo)];
  const ownerId = id('par') as PartnerId;
  const [done, recalled, left] = (await accepted(ownerId, 3)) as [MessageId, MessageId, MessageId];
  await messages.markFannedOut([done]);
  await deferred.defer([done, recalled, left], NOW_MS);
  expect((await deferred.oldest(ownerId, 10)).map((one) => one.id)).toEqual([recalled, left]);
  const taken = { id: recalled, by: undefined, reason: 'x', hash: '0'.repeat(64), atMs: NOW_MS };
  await createRecallStore(test.mongo).recall([taken] as never);
  expect((await deferred.oldest(ownerId, 10)).map((one) => one.id)).toEqual([left]);
  expect((await deferred.release([recalled, left], 'name', NOW_MS)).map((one) => one.id)).toEqual([left]);
});

it('what nobody released is found by the sweep a day later', async () => {
  const ids = await accepted(id('par') as PartnerId, 1);
  await createDeferredStore(test.mongo).defer(ids, NOW_MS);
  const found = await createMessageStore(test.mongo).findNotFannedOut(NOW_MS + 86_400_001, 500);
  expect(found.map((one) => one.id)).toContain(ids[0]);
});

it('looks at what is deferred and at nothing else', async () => {
  const deferred = createDeferredStore(test.mongo);
  const [first, second] = [id('par'), id('par')] as [PartnerId, PartnerId];
  await accepted(first, 50); // not deferred
  await deferred.defer(await accepted(first, 30), NOW_MS);
  await deferred.defer(await accepted(second, 30), NOW_MS);
  expect(await deferred.owners()).toEqual(expect.arrayContaining([first, second]));
  const ask = { distinct: 'messages', key: 'ownerId', query: { deferred: true } };
  const owners = await test.mongo.db.command({ explain: ask, verbosity: 'executionStats' });
  expect(owners.executionStats.totalDocsExamined).toBe(0);
  expect(owners.executionStats.totalKeysExamined).toBeLessThan(10);
  const oldest = await test.mongo.messages
    .find({ ownerId: first, deferred: true })
    .sort({ acceptedAt: 1 })
    .limit(10)
    .explain('executionStats');
  expect(oldest.executionStats.totalKeysExamined).toBe(10);
});
