import type { MessageId } from '@anika/core/ids';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMongo, type Mongo } from './client.ts';
import { createMessageStore } from './messages.ts';
import { createScheduleStore } from './schedule.ts';
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

async function scheduled(count: number): Promise<MessageId[]> {
  const shared = { topicId: id('top'), ownerId: id('par'), type: 'a', data: 1, dataText: '1' };
  const times = { acceptedAtMs: NOW_MS, publishedAtMs: NOW_MS - 1000 };
  const none = { key: undefined, audience: undefined, requestId: undefined, fingerprint: undefined };
  const made = Array.from({ length: count }, () => ({ id: id('msg'), ...shared, ...times, ...none }));
  await createMessageStore(test.mongo).insert(made);
  return made.map((one) => one.id);
}

it('of two that release the same messages at once each gets its own, with the mark on', async () => {
  const ids = await scheduled(200);
  const stores = [createScheduleStore(test.mongo), createScheduleStore(other)];
  const names = Array.from({ length: 6 }, (_, n) => `name ${n}`);
  const released = await Promise.all(
    names.map((name, n) => stores[n % 2]?.release(ids, name, NOW_MS) ?? Promise.resolve([])),
  );
  const got = released.flat().map((one) => one.id);
  expect(got).toHaveLength(200);
  expect(new Set(got)).toEqual(new Set(ids));
  for (const part of released) {
    const places = part.map((one) => ids.indexOf(one.id));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  }
  const messages = createMessageStore(test.mongo);
  expect(await messages.findNotFannedOut(NOW_MS + 1, 500)).toHaveLength(200);
  expect(await stores[0]?.findDue(NOW_MS, 500)).toEqual([]);
  await messages.markFannedOut(ids);
  const left = {
    _id: { $in: ids },
    $or: [{ releasedBy: { $exists: true } }, { pendingSince: { $exists: true } }],
  };
  expect(await test.mongo.messages.countDocuments(left)).toBe(0);
});
