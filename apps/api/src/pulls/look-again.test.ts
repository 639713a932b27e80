import type { SubscriptionId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { expect, it, vi } from 'vitest';
import { createFoundNone } from './found-none.ts';
import { startLooking } from './look-again.ts';
import { LOOK_MS } from './wake-at.ts';

const [NONE, DUE, COMING] = ['sub_1', 'sub_2', 'sub_3'] as SubscriptionId[] as [
  SubscriptionId,
  SubscriptionId,
  SubscriptionId,
];
let skippedMs = 0;
const clock = { now: () => Date.now() + skippedMs };

it('the look for all who wait wakes who has something, in its time, and says of the others that there is none', async () => {
  const foundNone = createFoundNone(clock);
  const woken: SubscriptionId[] = [];
  let lookedUntilMs = 0;
  const waiting = {
    ids: () => [NONE, DUE, COMING],
    wake: (ids: readonly SubscriptionId[]) => void woken.push(...ids),
  };
  foundNone.look(DUE, clock.now() + 3 * LOOK_MS)();
  const stop = startLooking({
    waiting,
    foundNone,
    withDue: async (_ids, { nowMs, untilMs }) => {
      lookedUntilMs = untilMs;
      return [
        { id: DUE, atMs: nowMs },
        { id: COMING, atMs: nowMs + 500 },
      ];
    },
    logger: createLogger({ name: 'api', level: 'silent' }),
    clock,
  });
  await vi.waitFor(() => expect(woken).toEqual([DUE, COMING]), 3 * LOOK_MS);
  expect([NONE, DUE, COMING].map(foundNone.isSo)).toEqual([true, false, false]);
  await stop();
  // What comes later it has not seen.
  skippedMs = lookedUntilMs - Date.now();
  expect(foundNone.isSo(NONE)).toBe(false);
});
