import type { MessageId, PartnerId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createReleaseDeferred } from './release-deferred.ts';

type Waiting = Record<string, { readonly messages: number; readonly readers: number }>;

function scene(waiting: Waiting, { isBusy = false, fails = false, isSlower = false } = {}) {
  const left = new Map(
    Object.entries(waiting).map(([owner, { messages }]) => [
      owner,
      Array.from({ length: messages }, (_, n) => `${owner} ${n}` as MessageId),
    ]),
  );
  let done: string[] = [];
  let looked = 0;
  let nowMs = 0;
  const release = createReleaseDeferred({
    async deferring() {
      looked += 1;
      return [...left].flatMap(([owner, ids]) =>
        ids.length > 0 ? [{ ownerId: owner as PartnerId, oldestAtMs: 0 }] : [],
      );
    },
    oldest: async (ownerId, limit) => (left.get(ownerId) ?? []).slice(0, limit),
    async release(ids) {
      // Another dispatcher has them already.
      if (isSlower) return [];
      for (const [owner, all] of left) {
        left.set(
          owner,
          all.filter((id) => !ids.includes(id)),
        );
      }
      return ids.map((id) => ({ id }) as Message);
    },
    isBusy: async () => isBusy,
    async fanOut(messages) {
      done.push(`${messages.length} from ${messages[0]?.id}`);
      if (fails) throw new Error('away');
      const [owner = ''] = (messages[0]?.id ?? '').split(' ');
      return messages.length * (waiting[owner]?.readers ?? 0);
    },
    newName: () => 'name',
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => nowMs },
  });
  async function look(times = 1): Promise<string[]> {
    done = [];
    for (let n = 0; n < times; n += 1) {
      await release();
      nowMs += 100;
    }
    return done;
  }
  return { look, left, looked: () => looked };
}

it('releases the oldest, and no more than there is time for', async () => {
  const { look } = scene({ a: { messages: 100, readers: 50 } });
  expect(await look(4)).toEqual(['1 from a 0', '2 from a 1', '4 from a 3', '4 from a 7']);
});

it('releases few while dispatchers are busy: a message has its readers, and the next one waits for it', async () => {
  const { look } = scene({ a: { messages: 100, readers: 50 } }, { isBusy: true });
  expect(await look(12)).toEqual(['1 from a 0', '1 from a 1']);
});

it('holds no company up for the many readers of another', async () => {
  const { look } = scene({ a: { messages: 3, readers: 10_000 }, b: { messages: 100_000, readers: 1 } });
  const first = await look(10);
  expect(first.filter((line) => line.includes('from a'))).toEqual(['1 from a 0']);
  expect(first.filter((line) => line.includes('from b')).length).toBe(10);
  expect((await look(100)).filter((line) => line.includes('from a'))).toEqual(['1 from a 1']);
});

it('releases at once what nobody reads any more', async () => {
  const { look, left } = scene({ a: { messages: 150, readers: 0 } });
  await look(2);
  expect(left.get('a')).toEqual([]);
});

it('pays nothing for what another dispatcher has released', async () => {
  const { look } = scene({ a: { messages: 100, readers: 50 } }, { isSlower: true });
  expect(await look(3)).toEqual([]);
});

it('a fan-out that fails keeps no other company from its own', async () => {
  const { look } = scene({ a: { messages: 1, readers: 1 }, b: { messages: 1, readers: 1 } }, { fails: true });
  expect(await look()).toEqual(['1 from a 0', '1 from b 0']);
});

it('looks seldom while nothing is deferred', async () => {
  const { look, looked } = scene({});
  await look(10);
  expect(looked()).toBe(2);
});
