import { describe, expect, it } from 'vitest';
import { addHistograms, BUCKET_BASE, bucketOf, type Histogram, quantileOf, timeOf } from './histogram.ts';

function histogramOf(times: readonly number[]): Histogram {
  return times.map((ms) => new Map([[bucketOf(ms), 1]])).reduce<Histogram>(addHistograms, new Map());
}

/** As exact as it gets. */
function exactQuantile(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * part) - 1] ?? 0;
}

/** Pseudo-random and the same each time. */
function someTimes(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.round(10 ** ((state / 2 ** 31) * 7.9));
  });
}

describe('a histogram', () => {
  it('answers within 5 % of what all the times together say, from a millisecond to a day', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const times = someTimes(2000, seed).map((ms) => Math.max(1, ms));
      for (const part of [0.5, 0.95, 0.99]) {
        const exact = exactQuantile(times, part);
        const answer = quantileOf(histogramOf(times), part) ?? 0;
        // Half a millisecond more: answers are whole ones.
        expect(Math.abs(answer - exact)).toBeLessThanOrEqual(0.05 * exact + 0.5);
      }
    }
  });

  it('of two parts adds up to that of the whole', () => {
    const [a, b] = [someTimes(300, 7), someTimes(500, 8)];
    const sum = addHistograms(histogramOf(a), histogramOf(b));
    expect(new Map([...sum].sort())).toEqual(new Map([...histogramOf([...a, ...b])].sort()));
  });

  it('holds a power of its base in the bucket of that power', () => {
    for (let power = 0; power < 200; power += 1) expect(bucketOf(BUCKET_BASE ** power)).toBe(power);
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(-5)).toBe(0);
    expect(timeOf(0)).toBe(1);
  });

  it('without times has no quantile', () => {
    expect(quantileOf(new Map(), 0.5)).toBeUndefined();
    expect(quantileOf(new Map([[3, 0]]), 0.5)).toBeUndefined();
  });
});
