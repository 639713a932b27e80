import { expect, it } from 'vitest';
import { middleRound, type Row } from './measure.ts';

const row = (p99Ms: number, lost = 0, duplicates = 0) => ({ p99Ms, lost, duplicates }) as Row;

it('of three rounds the one in the middle counts, and what any of them lost', () => {
  expect(middleRound([row(30, 1), row(10, 0, 2), row(20)])).toEqual([row(20, 1, 2)]);
  expect(middleRound([row(30)])).toEqual([row(30)]);
  expect(middleRound([])).toEqual([]);
});
