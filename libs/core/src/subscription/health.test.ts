import { expect, it } from 'vitest';
import type { SubscriptionState } from '../subscription.ts';
import { type DeliveryCounts, type HealthState, healthOf } from './health.ts';

const NOW_MS = Date.UTC(2026, 0, 10);
const DAY_MS = 86_400_000;
const none = { count: 0, isMore: false };
const COUNTS: DeliveryCounts = {
  open: none,
  held: none,
  dead: none,
  oldestPendingMs: undefined,
  lastDeliveredMs: undefined,
};

type Known = { failingForMs?: number; pendingForMs?: number; hasDelivered?: boolean };

it.each<[SubscriptionState, Known, HealthState]>([
  ['pending', {}, 'unverified'],
  ['pending', { failingForMs: 1000 }, 'unverified'],
  ['paused', { pendingForMs: DAY_MS }, 'paused'],
  ['disabled', { failingForMs: 6 * DAY_MS }, 'disabled'],
  ['active', {}, 'idle'],
  ['active', { pendingForMs: 1000 }, 'idle'],
  ['active', { hasDelivered: true }, 'healthy'],
  ['active', { hasDelivered: true, pendingForMs: 30_000 }, 'healthy'],
  ['active', { hasDelivered: true, pendingForMs: 30_001 }, 'lagging'],
  ['active', { pendingForMs: DAY_MS }, 'lagging'],
  ['active', { hasDelivered: true, failingForMs: 1, pendingForMs: DAY_MS }, 'failing'],
])('a subscription that is %s, of which is known %j, is %s', (state, known, expected) => {
  const before = (ms: number | undefined) => (ms === undefined ? undefined : NOW_MS - ms);
  const counts = {
    ...COUNTS,
    oldestPendingMs: before(known.pendingForMs),
    lastDeliveredMs: known.hasDelivered ? NOW_MS - 5000 : undefined,
  };
  const health = healthOf({ state, failingSinceMs: before(known.failingForMs) }, counts, NOW_MS);
  expect(health.state).toBe(expected);
});

it('says when a failing endpoint will be given up, five days after it began to fail', () => {
  const failing = { failingSinceMs: NOW_MS - DAY_MS };
  expect(healthOf({ state: 'active', ...failing }, COUNTS, NOW_MS)).toMatchObject({
    failingSinceMs: NOW_MS - DAY_MS,
    willBeDisabledAtMs: NOW_MS + 4 * DAY_MS,
  });
  expect(healthOf({ state: 'disabled', ...failing }, COUNTS, NOW_MS)).toMatchObject({
    willBeDisabledAtMs: undefined,
  });
});
