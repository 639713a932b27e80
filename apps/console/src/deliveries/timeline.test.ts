import { describe, expect, it } from 'vitest';
import { place, segmentsOf } from './timeline.ts';

const ACCEPTED = '2026-11-27T10:00:00.000Z';
const attempt = (n: number, at: string, durationMs: number, status: number | null) => ({
  n,
  at,
  durationMs,
  status,
});

describe('segmentsOf()', () => {
  it('tells waits, attempts and what is to come, from acceptance on', () => {
    const segments = segmentsOf({
      acceptedAt: ACCEPTED,
      nextAttemptAt: '2026-11-27T10:05:00.000Z',
      attempts: [
        attempt(1, '2026-11-27T10:00:00.010Z', 200, 503),
        attempt(2, '2026-11-27T10:00:05.210Z', 90, null),
      ],
    });
    expect(segments).toEqual([
      { kind: 'wait', fromMs: 0, toMs: 10 },
      { kind: 'attempt', n: 1, fromMs: 10, toMs: 210, succeeded: false },
      { kind: 'wait', fromMs: 210, toMs: 5210 },
      { kind: 'attempt', n: 2, fromMs: 5210, toMs: 5300, succeeded: false },
      { kind: 'next', fromMs: 5300, toMs: 300_000 },
    ]);
  });

  it('counts on after the delivery was started anew', () => {
    const attempts = [1, 2, 1].map((n, place) =>
      attempt(n, new Date(Date.parse(ACCEPTED) + place * 1000).toISOString(), 1, 503),
    );
    const told = segmentsOf({ acceptedAt: ACCEPTED, nextAttemptAt: null, attempts });
    expect(told.flatMap((one) => (one.kind === 'attempt' ? [one.n] : []))).toEqual([1, 2, 3]);
  });

  it('of clocks that disagree goes on where the piece before ended', () => {
    const attempts = [attempt(1, '2026-11-27T09:59:59.990Z', 20, 204)];
    expect(segmentsOf({ acceptedAt: ACCEPTED, nextAttemptAt: null, attempts })).toEqual([
      { kind: 'attempt', n: 1, fromMs: 0, toMs: 20, succeeded: true },
    ]);
  });
});

describe('place()', () => {
  it('fills the whole, in order, and nothing is too small to be seen', () => {
    const placed = place([
      { kind: 'wait', fromMs: 0, toMs: 36_000_000 },
      { kind: 'attempt', n: 1, fromMs: 36_000_000, toMs: 36_000_001, succeeded: true },
    ]);
    expect(placed[0]?.x).toBe(0);
    expect(placed[1]?.x).toBeCloseTo(placed[0]?.width ?? 0);
    expect((placed[1]?.x ?? 0) + (placed[1]?.width ?? 0)).toBeCloseTo(1);
    for (const { width } of placed) expect(width).toBeGreaterThan(0.04);
  });

  it('of nothing is nothing', () => {
    expect(place([])).toEqual([]);
  });
});
