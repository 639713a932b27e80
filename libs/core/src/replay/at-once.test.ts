import { expect, it } from 'vitest';
import { nextAtOnce } from './at-once.ts';

/** After so many looks alike. */
function after(looks: number, look: Parameters<typeof nextAtOnce>[1], first?: number): number | undefined {
  let atOnce = first;
  for (let n = 0; n < looks; n += 1) atOnce = nextAtOnce(atOnce, look);
  return atOnce;
}

it('begins with few, and goes up to 500 while the dispatcher has time, however slow the endpoint is', () => {
  expect(after(1, { pending: 0, isBusy: true })).toBe(32);
  expect(after(3, { pending: 30, isBusy: false })).toBe(72);
  expect(after(20, { pending: 500, isBusy: false })).toBe(500);
});

it('halves while a busy dispatcher does not come to them, down to a few', () => {
  expect(after(1, { pending: 200, isBusy: true }, 500)).toBe(250);
  expect(after(20, { pending: 200, isBusy: true }, 500)).toBe(8);
});

it('stays as it is while a busy dispatcher keeps up', () => {
  expect(after(20, { pending: 10, isBusy: true }, 100)).toBe(100);
});
