import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

it('makes ever more while there is time, and ever fewer while there is none', () => {
  const pace = createPace();
  const looks = (isBusy: boolean, count: number) =>
    Array.from({ length: count }, () => {
      const made = pace.next(isBusy);
      pace.spent(made);
      return made;
    });
  expect(looks(false, 4)).toEqual([128, 256, 500, 500]);
  expect(looks(true, 8)).toEqual([250, 125, 62, 31, 15, 8, 8, 8]);
  expect(looks(false, 2)).toEqual([16, 32]);
});

it('makes none while more were made than were due', () => {
  const pace = createPace();
  expect(pace.next(false)).toBe(128);
  pace.spent(1500);
  expect([1, 2, 3].map(() => pace.next(false))).toEqual([0, 0, 0]);
  expect(pace.next(false)).toBeGreaterThan(0);
});

it('saves nothing up while little is to be made', () => {
  const pace = createPace();
  for (let look = 0; look < 10; look += 1) pace.next(false);
  expect(pace.next(false)).toBe(500);
});
