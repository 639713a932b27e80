import { expect, it } from 'vitest';
import { readinessOf } from './readiness.ts';

it.each([
  [
    { status: 'ready', stores: { postgres: 'ok', redis: 'ok' } },
    { kind: 'answers', missing: [] },
  ],
  [
    { status: 'not ready', stores: { postgres: 'ok', redis: 'missing' }, missing: ['redis'] },
    { kind: 'answers', missing: ['redis'] },
  ],
  [{ code: 'unavailable', status: 503 }, { kind: 'away' }],
  [null, { kind: 'away' }],
])('readinessOf() reads %j', (body, readiness) => {
  expect(readinessOf(body)).toEqual(readiness);
});
