import type { MessageId, PartnerId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createReleaseDeferred } from './release-deferred.ts';

type Waiting = Record<string, { readonly messages: number; readonly readers: number }>;

function scene(waiting: Waiting, { isBusy = false, fails = false } = {}) {
  const left = new Map(
    Object.entries(waiting).map(([owner, { messages }]) => [
      owner,
      Array.from({ length: messages }, (_, n) => `msg_${owner}_${n}` as MessageId),
    ]),
  );
  const done: string[] = [];
  const release = createReleaseDeferred({
    owners: async () => [...left].flatMap(([owner, ids]) => (ids.length > 0 ? [owner as PartnerId] : [])),
    oldest: async (ownerId, limit) =>
      (left.get(ownerId) ?? []).slice(0, limit).map((id) => ({ id, topicId: ownerId as string as TopicId })),
    async release(ids) {
      for (const [owner, all] of left) {
        left.set(
          owner,
          all.filter((id) => !ids.includes(id)),
        );
      }
      return ids.map((id) => ({ id }) as Message);
    },
    isBusy: async () => isBusy,
    countReaders: async (topicId) => waiting[topicId]?.readers ?? 0,
    async fanOut(messages) {
      done.push(`${messages.length} from ${messages[0]?.id}`);
      if (fails) throw new Error('away');
    },
    newName: () => 'name',
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => 0 },
  });
  return { release, done, left };
}

it('releases the oldest, and no more than there is time for', async () => {
  const { release, done } = scene({ a: { messages: 100, readers: 50 } });
  await release();
  await release();
  expect(done).toEqual(['1 from msg_a_0', '2 from msg_a_1']);
});

it('releases few while dispatchers are busy: a message has its readers, and the next one waits for it', async () => {
  const { release, done } = scene({ a: { messages: 100, readers: 50 } }, { isBusy: true });
  for (let look = 0; look < 12; look += 1) await release();
  expect(done).toEqual(['1 from msg_a_0', '1 from msg_a_1']);
});

it('gives each company its part, and each time another one the first turn', async () => {
  const { release, done } = scene({
    a: { messages: 100, readers: 50 },
    b: { messages: 300, readers: 1 },
  });
  await release();
  await release();
  expect(done).toEqual(['25 from msg_b_0', '1 from msg_a_0', '1 from msg_a_1', '38 from msg_b_25']);
});

it('releases a message that has very many readers, and the next one when there was time for them', async () => {
  const { release, done } = scene({ a: { messages: 3, readers: 10_000 }, b: { messages: 1, readers: 1 } });
  for (let look = 0; look < 50; look += 1) await release();
  expect(done).toEqual(['1 from msg_b_0', '1 from msg_a_0']);
  for (let look = 0; look < 10; look += 1) await release();
  expect(done.slice(2)).toEqual(['1 from msg_a_1']);
});

it('releases at once what nobody reads any more', async () => {
  const { release, left } = scene({ a: { messages: 150, readers: 0 } });
  await release();
  expect(left.get('a')).toEqual([]);
});

it('a fan-out that fails keeps no other company from its own', async () => {
  const { release, done } = scene(
    { a: { messages: 1, readers: 1 }, b: { messages: 1, readers: 1 } },
    { fails: true },
  );
  await release();
  expect(done).toEqual(['1 from msg_b_0', '1 from msg_a_0']);
});
