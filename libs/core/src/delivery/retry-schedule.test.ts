import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_RETRY_SCHEDULE, nextDelayMs, parseRetrySchedule } from './retry-schedule.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('parseRetrySchedule()', () => {
  it('reads the default: eight attempts over 27.6 hours', () => {
    expect(parseRetrySchedule(DEFAULT_RETRY_SCHEDULE)).toEqual([
      0, 5000, 300_000, 1_800_000, 7_200_000, 18_000_000, 36_000_000, 36_000_000,
    ]);
  });

  it.each([
    ['200ms', [200]],
    ['1.5s, 2m ,1h,1d', [1500, 120_000, 3_600_000, 86_400_000]],
    ['0s', [0]],
  ])('reads %s', (text, delays) => {
    expect(parseRetrySchedule(text)).toEqual(delays);
  });

  it.each([
    '',
    ',',
    '5',
    '5s,',
    '-5s',
    '5 s',
    '5w',
    '1e3s',
    '5s;5s',
    '1234567s',
    Array(51).fill('1s').join(),
  ])('refuses %j', (text) => {
    expect(parseRetrySchedule(text)).toBeUndefined();
  });
});

describe('nextDelayMs()', () => {
  it('stays within 20 % of the schedule', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 86_400_000 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(delays, fc.nat(60), random, (schedule, attemptsMade, r) => {
        const delay = schedule[attemptsMade];
        const next = nextDelayMs(schedule, attemptsMade, r);
        if (delay === undefined) {
          expect(next).toBeUndefined();
          return;
        }
        expect(next).toBeGreaterThanOrEqual(Math.round(delay * 0.8));
        expect(next).toBeLessThanOrEqual(Math.round(delay * 1.2));
      }),
    );
  });

  it('uses the whole width', () => {
    expect(nextDelayMs([0, 1000], 1, 0)).toBe(800);
    expect(nextDelayMs([0, 1000], 1, 0.5)).toBe(1000);
    expect(nextDelayMs([0, 1000], 1, 0.999_999)).toBe(1200);
  });

  it('has an attempt for each entry and none after', () => {
    const schedule = [0, 10, 20];
    expect([0, 1, 2, 3].map((made) => nextDelayMs(schedule, made, 0.5))).toEqual([0, 10, 20, undefined]);
  });
});
