import { KEPT_MS, RANGE_MAX_MS, STEP_MS } from '@anika/core/stats/figures';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { growsFromMs, LASTS, type Range, rangeOf, searchOf, spanOf, standing, zoomed } from './range.ts';

const NOW = Date.parse('2026-11-27T14:03:22.500Z');
const iso = (ms: number) => new Date(ms).toISOString();

describe('rangeOf()', () => {
  it.each([
    [{}, { kind: 'last', last: '1h' }],
    [{ range: '7d' }, { kind: 'last', last: '7d' }],
    [{ range: 'constructor' }, { kind: 'last', last: '1h' }],
    [{ from: '2026-11-27T14:00:00Z' }, { kind: 'last', last: '1h' }],
    [
      { from: '2026-11-27T14:00:00Z', to: '2026-11-27T13:00:00Z', range: '6h' },
      { kind: 'last', last: '6h' },
    ],
    [
      { from: '2020-01-01T00:00:00Z', to: '2026-01-01T00:00:00Z' },
      { kind: 'last', last: '1h' },
    ],
  ])('of %j', (search, range) => {
    expect(rangeOf(search)).toEqual(range);
  });

  it('is what searchOf() has written', () => {
    const between = fc
      .tuple(fc.integer({ min: 1, max: RANGE_MAX_MS.day }), fc.integer({ min: 0, max: 4e12 }))
      .map(([length, fromMs]): Range => ({ kind: 'between', fromMs, toMs: fromMs + length }));
    const last = fc.constantFrom(...LASTS).map((one): Range => ({ kind: 'last', last: one }));
    fc.assert(
      fc.property(fc.oneof(between, last), (range) => {
        expect(rangeOf(searchOf(range))).toEqual(range);
      }),
    );
  });
});

describe('spanOf()', () => {
  it('ends with the present step, of an hour by minute', () => {
    expect(spanOf({ kind: 'last', last: '1h' }, NOW)).toEqual({
      fromMs: Date.parse('2026-11-27T13:04:00Z'),
      toMs: Date.parse('2026-11-27T14:04:00Z'),
      step: 'minute',
    });
  });

  it.each([
    ['24h', 'minute'],
    ['7d', 'hour'],
    ['30d', 'hour'],
    ['1y', 'day'],
  ] as const)('of %s is by %s', (last, step) => {
    expect(spanOf({ kind: 'last', last }, NOW).step).toBe(step);
  });

  it('takes a coarser step for what is kept in no finer one', () => {
    const fromMs = NOW - 100 * STEP_MS.day;
    expect(spanOf({ kind: 'between', fromMs, toMs: fromMs + STEP_MS.hour }, NOW).step).toBe('day');
  });

  it('asks for nothing that the API refuses, wherever it lies', () => {
    const times = fc.tuple(fc.nat(KEPT_MS.day), fc.integer({ min: 1, max: RANGE_MAX_MS.day }));
    fc.assert(
      fc.property(times, ([ago, length]) => {
        const { fromMs, toMs, step } = spanOf(
          { kind: 'between', fromMs: NOW - ago, toMs: NOW - ago + length },
          NOW,
        );
        expect(toMs).toBeGreaterThan(fromMs);
        expect(toMs - fromMs).toBeLessThanOrEqual(RANGE_MAX_MS[step]);
        expect(fromMs).toBeGreaterThanOrEqual(NOW - KEPT_MS[step] - STEP_MS[step]);
      }),
    );
  });
});

describe('standing()', () => {
  it('turns a time up to now into the one it is', () => {
    expect(standing({}, NOW)).toEqual({
      range: undefined,
      from: '2026-11-27T13:04:00.000Z',
      to: '2026-11-27T14:04:00.000Z',
    });
  });

  it('leaves one that stands', () => {
    const search = { from: iso(NOW - 5), to: iso(NOW) };
    expect(standing(search, NOW)).toMatchObject(search);
  });
});

describe('zoomed()', () => {
  it('is of whole steps, with the one that was reached', () => {
    expect(zoomed('minute', NOW, NOW + 2.2 * STEP_MS.minute)).toEqual({
      kind: 'between',
      fromMs: Date.parse('2026-11-27T14:03:00Z'),
      toMs: Date.parse('2026-11-27T14:06:00Z'),
    });
  });

  it('is never less than two of them', () => {
    expect(zoomed('hour', NOW, NOW + 1)).toMatchObject({ toMs: Date.parse('2026-11-27T16:00:00Z') });
  });
});

it('growsFromMs() is the beginning of the step in which nothing is counted for good', () => {
  expect(iso(growsFromMs({ step: 'minute' }, NOW))).toBe('2026-11-27T14:01:00.000Z');
  expect(iso(growsFromMs({ step: 'hour' }, NOW))).toBe('2026-11-27T14:00:00.000Z');
});
