import { describe, expect, it } from 'vitest';
import { bounds, isNothing, newest, peakOf, sumsOf } from './read-figures.ts';

const T = ['2026-11-27T14:00:00.000Z', '2026-11-27T14:01:00.000Z', '2026-11-27T14:02:00.000Z'];

describe('sumsOf()', () => {
  it('adds each column up', () => {
    const sums = sumsOf({ accepted: [1, 2, 3], delivered: [0, 5, 0], failed: [0, 0, 1], dead: [0, 0, 0] });
    expect(sums).toEqual({ accepted: 6, delivered: 5, failed: 1, dead: 0 });
    expect(isNothing(sums)).toBe(false);
  });

  it('of nothing is nothing', () => {
    expect(isNothing(sumsOf({ accepted: [0], delivered: [0], failed: [], dead: [] }))).toBe(true);
  });
});

describe('peakOf()', () => {
  it('is the first of the highest', () => {
    expect(peakOf(T, [3, 7, 7])).toEqual({ at: T[1], value: 7 });
    expect(peakOf(T, [null, 2, null])).toEqual({ at: T[1], value: 2 });
  });

  it('is none where there was nothing', () => {
    expect(peakOf(T, [0, 0, 0])).toBeUndefined();
    expect(peakOf(T, [null, null, null])).toBeUndefined();
  });
});

it('newest() passes over steps without any', () => {
  expect(newest([5, 9, null])).toBe(9);
  expect(newest([null])).toBeUndefined();
});

it('bounds() are those of what is known', () => {
  expect(bounds([null, 5, 2, null, 9])).toEqual([2, 9]);
  expect(bounds([null])).toBeUndefined();
});
