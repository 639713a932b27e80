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
  expect(looks(false, 4)).toEqual([50, 100, 200, 200]);
  expect(looks(true, 7)).toEqual([100, 50, 25, 12, 6, 4, 4]);
  expect(looks(false, 2)).toEqual([8, 16]);
});

it('makes none while more were made than were due', () => {
  const pace = createPace();
  expect(pace.next(false)).toBe(50);
  pace.spent(600);
  expect([1, 2, 3].map(() => pace.next(false))).toEqual([0, 0, 0]);
  expect(pace.next(false)).toBeGreaterThan(0);
});

it('saves nothing up while little is to be made', () => {
  const pace = createPace();
  for (let look = 0; look < 10; look += 1) pace.next(false);
  expect(pace.next(false)).toBe(200);
});
