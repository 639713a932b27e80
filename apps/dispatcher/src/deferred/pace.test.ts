import type { PartnerId } from '@anika/core/ids';
import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

const [ONE, OTHER] = ['par_1', 'par_2'] as [PartnerId, PartnerId];

function looks(pace: ReturnType<typeof createPace>, isBusy: boolean, count: number): number[] {
  return Array.from({ length: count }, () => {
    pace.next([ONE], isBusy);
    const due = pace.dueOf(ONE);
    pace.made(ONE, due);
    return due;
  });
}

it('makes ever more while there is time, and ever fewer while there is none', () => {
  const pace = createPace();
  expect(looks(pace, false, 4)).toEqual([50, 100, 200, 200]);
  expect(looks(pace, true, 7)).toEqual([100, 50, 25, 12, 6, 4, 4]);
  expect(looks(pace, false, 2)).toEqual([8, 16]);
});

it('makes none of a company while more were made than were due, and goes on with the others', () => {
  const pace = createPace();
  looks(pace, false, 3);
  pace.next([ONE, OTHER], false);
  expect([pace.dueOf(ONE), pace.dueOf(OTHER)]).toEqual([100, 100]);
  pace.made(ONE, 10_000);
  pace.made(OTHER, 100);
  pace.next([ONE, OTHER], false);
  expect([pace.dueOf(ONE), pace.dueOf(OTHER)]).toEqual([-9800, 100]);
});

it('saves nothing up while little is to be made, and forgets whose messages have all gone', () => {
  const pace = createPace();
  for (let look = 0; look < 10; look += 1) pace.next([ONE], false);
  expect(pace.dueOf(ONE)).toBe(200);
  pace.made(ONE, 10_000);
  pace.next([OTHER], false);
  pace.next([ONE, OTHER], false);
  expect(pace.dueOf(ONE)).toBe(100);
});
