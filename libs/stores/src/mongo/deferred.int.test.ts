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

async function accepted(
  ownerId: PartnerId,
  count: number,
  timeOf = (n: number) => NOW_MS + n,
): Promise<MessageId[]> {
  const shared = { topicId: id('top'), ownerId, type: 'a', data: 1, dataText: '1' } as const;
  const none = { key: undefined, audience: undefined, requestId: undefined, fingerprint: undefined };
  const made = Array.from({ length: count }, (_, n) => ({
    ...{ id: id('msg'), ...shared, ...none },
    acceptedAtMs: timeOf(n),
    order: n,
  }));
  await createMessageStore(test.mongo).insert(made);
  return made.map((one) => one.id);
}

it('of two that release the same messages at once each gets its own, with the mark on for the sweep', async () => {
  const [messages, deferred] = [createMessageStore(test.mongo), createDeferredStore(test.mongo)];
  const ownerId = id('par') as PartnerId;
  const ids = await accepted(ownerId, 200);
  await deferred.defer(ids);
  expect(await messages.findNotFannedOut(NOW_MS + 60_000, 500)).toEqual([]);
  expect(await messages.beingFannedOut(ids.slice(0, 1))).toEqual(new Set(ids.slice(0, 1)));
  expect(await deferred.deferring()).toEqual([{ ownerId, oldestAtMs: NOW_MS }]);
  expect(await deferred.oldest(ownerId, 500)).toEqual(ids);

  const stores = [deferred, createDeferredStore(other)];
  const released = await Promise.all(
    Array.from({ length: 6 }, (_, n) => stores[n % 2]?.release(ids, `name ${n}`, NOW_MS) ?? []),
  );
  const got = released.flat().map((one) => one.id);
  expect(got).toHaveLength(200);
  expect(new Set(got)).toEqual(new Set(ids));
  expect(await deferred.deferring()).toEqual([]);
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
  await deferred.defer([done, recalled, left]);
  expect(await deferred.oldest(ownerId, 10)).toEqual([recalled, left]);
  const taken = { id: recalled, by: undefined, reason: 'x', hash: '0'.repeat(64), atMs: NOW_MS };
  await createRecallStore(test.mongo).recall([taken] as never);
  expect(await deferred.oldest(ownerId, 10)).toEqual([left]);
  expect((await deferred.release([recalled, left], 'name', NOW_MS)).map((one) => one.id)).toEqual([left]);
});

it('what is fanned out or taken back all the same is deferred no more', async () => {
  const [messages, deferred] = [createMessageStore(test.mongo), createDeferredStore(test.mongo)];
  const ownerId = id('par') as PartnerId;
  const [settled, old] = (await accepted(ownerId, 2)) as [MessageId, MessageId];
  await deferred.defer([settled, old]);
  await messages.markFannedOut([settled]);
  expect(await test.mongo.messages.countDocuments({ _id: settled, deferred: true })).toBe(0);
  // As a version does that knows of no deferred messages.
  await test.mongo.messages.updateOne({ _id: old }, { $unset: { pendingSince: 1 } });
  expect(await deferred.release([old], 'name', NOW_MS)).toEqual([]);
  expect(await deferred.deferring()).not.toContainEqual(expect.objectContaining({ ownerId }));
});

it('releases those of one millisecond in their order', async () => {
  const deferred = createDeferredStore(test.mongo);
  const ownerId = id('par') as PartnerId;
  const ids = await accepted(ownerId, 20, () => NOW_MS);
  await deferred.defer(ids);
  expect(await deferred.oldest(ownerId, 10)).toEqual(ids.slice(0, 10));
});

it('looks at what is deferred and at nothing else', async () => {
  const deferred = createDeferredStore(test.mongo);
  const [first, second] = [id('par'), id('par')] as [PartnerId, PartnerId];
  await accepted(first, 50); // not deferred
  await deferred.defer(await accepted(first, 30));
  await deferred.defer(await accepted(second, 30));
  const owners = (await deferred.deferring()).map(({ ownerId }) => ownerId);
  expect(owners).toEqual(expect.arrayContaining([first, second]));
  const looked = await looks(async () => {
    await deferred.deferring();
    await deferred.oldest(first, 10);
  });
  expect(looked.documents).toBeLessThanOrEqual(10);
  expect(looked.keys).toBeLessThan(10 + 4 * owners.length);
});

/** What MongoDB examined for it, as it notes for this database alone: others are tested beside it. */
async function looks(work: () => Promise<unknown>) {
  const { db } = test.mongo;
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const noted = await db
    .collection('system.profile')
    .find({ ns: `${db.databaseName}.messages` })
    .toArray();
  expect(noted).toHaveLength(2);
  const sum = (name: string) => noted.reduce((total, one) => total + one[name], 0);
  return { keys: sum('keysExamined'), documents: sum('docsExamined') };
}
