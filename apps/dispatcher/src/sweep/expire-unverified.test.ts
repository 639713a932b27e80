import type { PartnerId, SubscriptionId } from '@anika/core/ids';
import { UNVERIFIED } from '@anika/core/subscription/unverified';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createExpireUnverified } from './expire-unverified.ts';

const DAY_MS = 86_400_000;
const sub = (id: string) => `sub_${id}` as SubscriptionId;

/** Messages held, by subscription, with the times they were accepted. */
async function heldAfter(held: Map<SubscriptionId, number[]>, nowMs: number): Promise<void> {
  const timesOf = (ids: readonly SubscriptionId[]) => ids.flatMap((id) => held.get(id) ?? []);
  await createExpireUnverified({
    neverVerified: async () => [
      { id: sub('a1'), partnerId: 'par_a' as PartnerId },
      { id: sub('b1'), partnerId: 'par_b' as PartnerId },
      { id: sub('a2'), partnerId: 'par_a' as PartnerId },
    ],
    async cancelHeld(ids, beforeMs) {
      const before = timesOf(ids).length;
      for (const id of ids)
        held.set(
          id,
          (held.get(id) ?? []).filter((at) => at >= beforeMs),
        );
      return before - timesOf(ids).length;
    },
    heldBeyond: async (ids, count) => timesOf(ids).toSorted((a, b) => b - a)[count],
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => nowMs },
  })();
}

it('what has been held for seven days is cancelled, and nothing younger', async () => {
  const nowMs = 100 * DAY_MS;
  const edgeMs = nowMs - 7 * DAY_MS;
  const held = new Map([
    [sub('a1'), [edgeMs - 1, edgeMs, nowMs]],
    [sub('b1'), [1, 2]],
    [sub('verified'), [1]],
  ]);
  await heldAfter(held, nowMs);
  expect(held.get(sub('a1'))).toEqual([edgeMs, nowMs]);
  expect(held.get(sub('b1'))).toEqual([]);
  expect(held.get(sub('verified'))).toEqual([1]);
});

it('of more than a company may have held the oldest are cancelled, over all its subscriptions', async () => {
  const nowMs = 100 * DAY_MS;
  const half = UNVERIFIED.heldMax / 2;
  const times = (count: number, offset: number) =>
    Array.from({ length: count }, (_, n) => nowMs - offset - n * 2);
  const held = new Map([
    [sub('a1'), times(half + 10, 0)],
    [sub('a2'), times(half + 10, 1)],
    [sub('b1'), times(5, 0)],
  ]);
  await heldAfter(held, nowMs);
  expect(held.get(sub('a1'))).toHaveLength(half);
  expect(held.get(sub('a2'))).toHaveLength(half);
  expect(held.get(sub('b1'))).toHaveLength(5);
});
