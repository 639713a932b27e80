import type { SubscriptionId } from '@anika/core/ids';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createWakeForNext, LOOK_MS } from './wake-at.ts';

const id = 'sub_1' as SubscriptionId;
const clock = { now: () => 1000 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('who waits is woken at once for what is due, and in time for what comes before the next look', () => {
  const woken: (readonly SubscriptionId[])[] = [];
  const comesAgain = createWakeForNext((ids) => void woken.push(ids), clock);
  comesAgain(id, 900);
  expect(woken).toEqual([[id]]);
  comesAgain(id, 1000 + LOOK_MS);
  expect(woken).toHaveLength(1);
  vi.advanceTimersByTime(LOOK_MS + 10);
  expect(woken).toHaveLength(2);
});

it('what comes later is left to the next look', () => {
  const woken: unknown[] = [];
  createWakeForNext((ids) => void woken.push(ids), clock)(id, 1001 + LOOK_MS);
  vi.advanceTimersByTime(10 * LOOK_MS);
  expect(woken).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});
