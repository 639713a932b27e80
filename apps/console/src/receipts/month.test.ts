import { expect, it } from 'vitest';
import { isMonth, monthsUpTo, monthsWith, rangeOf } from './month.ts';

it.each([
  ['2026-11', 'UTC', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
  ['2026-12', 'Europe/Moscow', '2026-11-30T21:00:00.000Z', '2026-12-31T21:00:00.000Z'],
  ['2026-03', 'America/St_Johns', '2026-03-01T03:30:00.000Z', '2026-04-01T02:30:00.000Z'],
])('rangeOf(%s) in %s', (month, zone, from, to) => {
  expect(rangeOf(month, zone)).toEqual({ from, to });
});

it('isMonth() takes months and nothing else', () => {
  expect(isMonth('2026-11')).toBe(true);
  for (const text of [undefined, '', '2026', '2026-13', '2026-1', 'x2026-11'])
    expect(isMonth(text)).toBe(false);
});

it('monthsUpTo() goes back over the years', () => {
  expect(monthsUpTo('2026-02', 4)).toEqual(['2026-02', '2026-01', '2025-12', '2025-11']);
});

it.each([
  ['2026-01', ['2026-02', '2026-01']],
  ['2019-12', ['2026-02', '2026-01', '2019-12']],
  ['2026-03', ['2026-03', '2026-02', '2026-01']],
])('monthsWith(%s) has it once, at its place', (chosen, all) => {
  expect(monthsWith(chosen, ['2026-02', '2026-01'])).toEqual(all);
});
