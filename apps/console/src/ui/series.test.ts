import { expect, it } from 'vitest';
import { loneIndexes, raised } from './series.ts';

it.each([
  [[5], [0]],
  [[5, 6], []],
  [
    [null, 5, null, 6, 7, null, 8],
    [1, 6],
  ],
  [[null, null], []],
  [[], []],
  [[0, null], [0]],
])('loneIndexes() of %j are %j', (values, lone) => {
  expect(loneIndexes(values)).toEqual(lone);
});

it.each([
  [
    [0, 0, 0, 5, 0, 0, 0],
    [null, null, 0, 5, 0, null, null],
  ],
  [
    [0, 0],
    [null, null],
  ],
  [
    [0, 2],
    [0, 2],
  ],
  [[], []],
])('raised() of %j are %j', (values, drawn) => {
  expect(raised(values)).toEqual(drawn);
});
