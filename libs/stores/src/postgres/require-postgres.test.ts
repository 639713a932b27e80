import { expect, test } from 'vitest';
import { postgresProblem } from './require-postgres.ts';

const FINE = { versionNumber: 140_023, version: '14.23', encoding: 'UTF8', inRecovery: false };

test('PostgreSQL 14 can be used, and newer ones', () => {
  expect(postgresProblem(FINE)).toBeUndefined();
  expect(postgresProblem({ ...FINE, versionNumber: 180_000, version: '18.0' })).toBeUndefined();
});

test.each([
  [
    'an old one',
    { versionNumber: 130_022, version: '13.22' },
    'PostgreSQL 13.22 is too old: use 14 or newer.',
  ],
  ['an ancient one', { versionNumber: 90_624, version: '9.6.24' }, 'too old'],
  ['another encoding', { encoding: 'SQL_ASCII' }, "create it with ENCODING 'UTF8'"],
  ['a standby', { inRecovery: true }, 'name the primary'],
])('%s is refused in one sentence', (_, changes, words) => {
  expect(postgresProblem({ ...FINE, ...changes })).toContain(words);
});
