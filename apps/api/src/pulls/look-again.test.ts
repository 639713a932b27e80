import type { SubscriptionId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { expect, it, vi } from 'vitest';
import { createFoundNone } from './found-none.ts';
import { startLooking } from './look-again.ts';
import { LOOK_MS, NONE_MS } from './wake-at.ts';

const [NONE, DUE, COMING] = ['sub_1', 'sub_2', 'sub_3'] as SubscriptionId[] as [
  SubscriptionId,
  SubscriptionId,
  SubscriptionId,
];
const clock = { now: () => Date.now() };

it('the look for all who wait wakes who has something, in its time, and says of the others that there is none', async () => {
  const foundNone = createFoundNone(NONE_MS, clock);
  const woken: SubscriptionId[] = [];
  const waiting = {
    ids: () => [NONE, DUE, COMING],
    wake: (ids: readonly SubscriptionId[]) => void woken.push(...ids),
  };
  foundNone.look(DUE)();
  const stop = startLooking({
    waiting,
    foundNone,
    withDue: async (_ids, { nowMs }) => [
      { id: DUE, atMs: nowMs },
      { id: COMING, atMs: nowMs + 500 },
    ],
    logger: createLogger({ name: 'api', level: 'silent' }),
    clock,
  });
  await vi.waitFor(() => expect(woken).toEqual([DUE, COMING]), 3 * LOOK_MS);
  expect([NONE, DUE, COMING].map(foundNone.isSo)).toEqual([true, false, false]);
  await stop();
});
