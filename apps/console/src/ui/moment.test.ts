import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantOf, wallClockOf } from './moment.ts';

describe('instantOf()', () => {
  it.each([
    ['2026-11-27T14:03', 'UTC', '2026-11-27T14:03:00.000Z'],
    ['2026-11-27T14:03', 'Europe/Moscow', '2026-11-27T11:03:00.000Z'],
    ['2026-11-27T14:03', 'Asia/Kathmandu', '2026-11-27T08:18:00.000Z'],
    ['2026-07-01T12:00', 'America/St_Johns', '2026-07-01T14:30:00.000Z'],
    ['2026-12-01T12:00', 'America/St_Johns', '2026-12-01T15:30:00.000Z'],
    // The morning after the clocks went forward, and the evening before.
    ['2026-03-08T03:30', 'America/St_Johns', '2026-03-08T06:00:00.000Z'],
    ['2026-03-08T01:30', 'America/St_Johns', '2026-03-08T05:00:00.000Z'],
    ['2026-11-27', 'Europe/Moscow', '2026-11-26T21:00:00.000Z'],
  ])('%s in %s is %s', (wall, zone, instant) => {
    expect(instantOf(wall, zone)).toBe(instant);
  });

  it('of what is no time is undefined', () => {
    expect(instantOf('', 'UTC')).toBeUndefined();
    expect(instantOf('yesterday', 'UTC')).toBeUndefined();
  });

  it('is what wallClockOf() came from, to the minute, wherever clocks do not go back', () => {
    const zones = ['UTC', 'Asia/Kathmandu', 'Asia/Vladivostok', 'Europe/Moscow'];
    const minutes = fc.integer({ min: Date.UTC(2015, 0) / 60_000, max: Date.UTC(2035, 0) / 60_000 });
    fc.assert(
      fc.property(minutes, fc.constantFrom(...zones), (minute, zone) => {
        const iso = new Date(minute * 60_000).toISOString();
        expect(instantOf(wallClockOf(iso, zone), zone)).toBe(iso);
      }),
    );
  });
});
