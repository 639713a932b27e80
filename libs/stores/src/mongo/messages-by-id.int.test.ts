import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMessageStore, type NewMessage } from './messages.ts';
import { createRecallStore } from './recalls.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;

beforeAll(async () => {
  test = await openTestMongo();
});

afterAll(() => test.close());

function message(change: Partial<NewMessage>): NewMessage {
  const ids = { id: id('msg'), topicId: id('top'), ownerId: id('par') };
  const dataText = change.dataText ?? '{}';
  const data: unknown = JSON.parse(dataText);
  return { ...ids, type: 'a', key: undefined, data, dataText, acceptedAtMs: NOW_MS, ...change } as NewMessage;
}

it('findLight() reads as findMany() does, and of what is heavy only how many bytes it has', async () => {
  const store = createMessageStore(test.mongo);
  const whole = { key: '$k', audience: [id('par')], requestId: 'r', order: 3, publishedAtMs: NOW_MS - 5 };
  const light = [
    message({ ...whole, isNotice: true }),
    message({ dataText: '{"a":"$b"}' }),
    // Ten bytes of five characters.
    message({ dataText: '"жжжж"' }),
  ];
  const heavy = message({ dataText: '"жжжж1"' });
  const recalled = message({ dataText: '"what was taken back"' });
  await store.insert([...light, heavy, recalled]);
  const taken = { id: recalled.id, by: undefined, reason: 'r', hash: 'h', atMs: NOW_MS, lookAtMs: undefined };
  await createRecallStore(test.mongo).recall([taken]);
  const ids = [...light, heavy, recalled].map((one) => one.id);
  const found = await store.findLight([...ids, id('msg')], 10);
  expect(found.heavy).toEqual(new Map([[heavy.id, 11]]));
  const all = new Map(await store.findMany(ids));
  expect(all.get(recalled.id)).toBe('recalled');
  all.delete(heavy.id);
  expect(found.light).toEqual(all);
});
