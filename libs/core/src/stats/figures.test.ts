import { describe, expect, it } from 'vitest';
import type { PartnerId, SubscriptionId, TopicId } from '../ids.ts';
import { floorTo, NO_FIGURES, scopeKey, toColumns } from './figures.ts';
import { bucketOf } from './histogram.ts';

const NOON = Date.UTC(2026, 10, 27, 12);
const MINUTE = 60_000;

describe('toColumns()', () => {
  it('has a row for each step, also where nothing happened', () => {
    const columns = toColumns(
      [
        { ...NO_FIGURES, atMs: NOON, accepted: 3, delivered: 2, times: new Map([[bucketOf(100), 2]]) },
        { ...NO_FIGURES, atMs: NOON + 2 * MINUTE, failed: 4, dead: 1 },
      ],
      { fromMs: NOON, toMs: NOON + 3 * MINUTE, step: 'minute' },
    );
    expect(columns).toMatchObject({
      t: [NOON, NOON + MINUTE, NOON + 2 * MINUTE],
      accepted: [3, 0, 0],
      delivered: [2, 0, 0],
      failed: [0, 0, 4],
      dead: [0, 0, 1],
    });
    expect(columns.p50[0]).toBeGreaterThanOrEqual(95);
    expect(columns.p99[0]).toBeLessThanOrEqual(105);
    expect(columns.p95.slice(1)).toEqual([null, null]);
  });

  it('adds finer figures up, wherever their step begins', () => {
    const figures = [0, 59, 60, 61, 119].map((n) => ({
      ...NO_FIGURES,
      atMs: NOON + n * MINUTE,
      accepted: 1,
    }));
    const columns = toColumns(figures, { fromMs: NOON, toMs: NOON + 120 * MINUTE, step: 'hour' });
    expect(columns).toMatchObject({ t: [NOON, NOON + 60 * MINUTE], accepted: [2, 3] });
  });

  it('begins with the whole step that the time begins in', () => {
    const columns = toColumns([], { fromMs: NOON + 1, toMs: NOON + 2, step: 'day' });
    expect(columns.t).toEqual([floorTo('day', NOON)]);
  });
});

it('scopeKey() is another one for each scope', () => {
  const topicId = `top_${'1'.repeat(26)}` as TopicId;
  const partnerId = `par_${'1'.repeat(26)}` as PartnerId;
  const subscriptionId = `sub_${'1'.repeat(26)}` as SubscriptionId;
  const keys = [
    scopeKey({ kind: 'installation' }),
    scopeKey({ kind: 'topic', topicId }),
    scopeKey({ kind: 'pair', topicId, partnerId }),
    scopeKey({ kind: 'subscription', subscriptionId }),
  ];
  expect(new Set(keys).size).toBe(4);
  // A space ends a key where it is stored: none is the beginning of another one with it.
  for (const key of keys) expect(key).not.toContain(' ');
});
