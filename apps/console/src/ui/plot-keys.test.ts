import { expect, it } from 'vitest';
import { between, moved } from './plot-keys.ts';

it.each([
  ['ArrowLeft', 5, 4],
  ['ArrowLeft', 0, 0],
  ['ArrowRight', 59, 59],
  ['PageDown', 5, 15],
  ['PageUp', 5, 0],
  ['Home', 5, 0],
  ['End', 5, 59],
  ['x', 5, undefined],
])('moved() by %s from %i is %s', (key, place, next) => {
  expect(moved(key, place, 60)).toBe(next);
});

it('between() is in the order of time', () => {
  expect(between(7, 3)).toEqual([3, 7]);
});
