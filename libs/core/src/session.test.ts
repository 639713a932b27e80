import { describe, expect, it } from 'vitest';
import { isSameHolder, sessionEndMs } from './session.ts';

const DAY_MS = 86_400_000;

describe('sessionEndMs()', () => {
  it.each([
    [0, 30],
    [29, 59],
    [60, 90],
    [61, 90],
    [89, 90],
  ])('of a session used on day %d is day %d', (now, end) => {
    expect(sessionEndMs({ createdAtMs: 5, nowMs: 5 + now * DAY_MS })).toBe(5 + end * DAY_MS);
  });
});

describe('isSameHolder()', () => {
  const first = { usedAtMs: 1000, usedFrom: '192.0.2.1' };

  it.each([
    ['at once', 1000, '192.0.2.1', true],
    ['ten seconds later', 11_000, '192.0.2.1', true],
    ['more than ten seconds later', 11_001, '192.0.2.1', false],
    ['from elsewhere', 1000, '192.0.2.2', false],
  ])('%s: at %d from %s it is %s', (_what, nowMs, from, same) => {
    expect(isSameHolder(first, { nowMs, from })).toBe(same);
  });

  it('is not where the first use is not known', () => {
    expect(isSameHolder({ usedAtMs: 1000, usedFrom: undefined }, { nowMs: 1000, from: '192.0.2.1' })).toBe(
      false,
    );
  });
});
