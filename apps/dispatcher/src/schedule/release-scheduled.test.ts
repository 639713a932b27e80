import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createReleaseScheduled } from './release-scheduled.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

function scene(count: number, fanOut: (messages: readonly Message[]) => Promise<void>, acceptedAtMs = -100) {
  let waiting = Array.from({ length: count }, (_, n) => `msg_${n}` as MessageId);
  const done: string[] = [];
  const release = createReleaseScheduled({
    findDue: async (_nowMs, limit) => waiting.slice(0, limit),
    async release(ids) {
      done.push(`release ${ids.length}`);
      waiting = waiting.filter((id) => !ids.includes(id));
      // Somebody else was faster with this one, or it was taken back in this moment.
      return ids.filter((id) => id !== 'msg_1').map((id) => ({ id, acceptedAtMs }) as Message);
    },
    async fanOut(messages) {
      done.push(`fan out ${messages.length}`);
      await fanOut(messages);
    },
    async fanOutLate(messages) {
      done.push(`fan out late ${messages.length}`);
    },
    newName: () => 'name',
    logger,
    clock: { now: () => 0 },
  });
  return { release, done };
}

it('the mark is on before each fan-out, until nothing is due, and what is not ours is left out', async () => {
  const { release, done } = scene(250, async () => undefined);
  await release();
  expect(done).toEqual(['release 200', 'fan out 199', 'release 50', 'fan out 50']);
});

it('a fan-out that fails keeps no other from its time', async () => {
  const { release, done } = scene(210, async () => {
    throw new Error('away');
  });
  await release();
  expect(done).toEqual(['release 200', 'fan out 199', 'release 10', 'fan out 10']);
});

it('what is overdue has its deliveries stored first', async () => {
  const { release, done } = scene(3, async () => undefined, -2000);
  await release();
  expect(done).toEqual(['release 3', 'fan out late 2']);
});
