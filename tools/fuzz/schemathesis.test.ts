import { expect, it } from 'vitest';
import type { FuzzFailure } from './report.ts';
import { isOfLeftOut } from './schemathesis.ts';

const FAILURE: FuzzFailure = {
  operation: 'GET /v1/auth/sessions',
  check: 'unsupported_method',
  message: 'Unsupported method DELETE returned 422, expected 405 Method Not Allowed',
  request: 'DELETE http://127.0.0.1:1/v1/auth/sessions?limit=50',
  status: 422,
  count: 1,
};

it('is no finding that a method which was left out is supported', () => {
  expect(isOfLeftOut(FAILURE)).toBe(true);
});

it.each([
  ['another method', { request: 'PUT http://127.0.0.1:1/v1/auth/sessions' }],
  ['another operation', { operation: 'GET /v1/topics' }],
  ['another check', { check: 'not_a_server_error' }],
])('is one of %s', (_, other) => {
  expect(isOfLeftOut({ ...FAILURE, ...other })).toBe(false);
});
