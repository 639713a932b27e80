import { expect, test } from 'vitest';
import { mongoProblem } from './require-mongo.ts';

test.each([
  ['6.0.5', [6, 0, 5, 0]],
  ['8.0.0', [8, 0, 0, 0]],
  ['10.1.0', [10, 1, 0, 0]],
])('MongoDB %s, as a replica set, can be used', (version, versionArray) => {
  expect(mongoProblem({ version, versionArray, replicates: true })).toBeUndefined();
});

test.each([
  ['4.4.29', [4, 4, 29, 0], true, 'MongoDB 4.4.29 is too old: use 6.0 or newer.'],
  ['5.0.31', [5, 0, 31, 0], true, 'MongoDB 5.0.31 is too old: use 6.0 or newer.'],
  ['5.3.2', [5, 3, 2, 0], false, 'too old'],
  ['6.0.5', [6, 0, 5, 0], false, 'start mongod with --replSet'],
])('MongoDB %s is refused: %#', (version, versionArray, replicates, words) => {
  expect(mongoProblem({ version, versionArray, replicates })).toContain(words);
});
