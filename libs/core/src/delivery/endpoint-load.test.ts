import { describe, expect, it } from 'vitest';
import type { AttemptResult, ErrorClass } from './attempt-result.ts';
import { endpointLoadOf } from './endpoint-load.ts';

const answer = (status: number, durationMs = 20): AttemptResult => ({
  kind: 'response',
  status,
  retryAfter: undefined,
  bodyStart: '',
  durationMs,
});
const failure = (errorClass: ErrorClass): AttemptResult => ({
  kind: 'error',
  errorClass,
  message: '',
  durationMs: 20,
});

describe('endpointLoadOf()', () => {
  it.each([
    ['a quick 200', answer(200), 'fine'],
    ['a quick 204', answer(204), 'fine'],
    ['a 200 after half the time-out', answer(200, 5000), 'strained'],
    ['a 200 just before that', answer(200, 4999), 'unknown'],
    ['429', answer(429), 'strained'],
    ['503', answer(503), 'strained'],
    ['a time-out', failure('timeout'), 'strained'],
    ['a name that cannot be resolved', failure('dns'), 'strained'],
    ['a quick 500', answer(500), 'unknown'],
    ['a refused connection', failure('refused'), 'unknown'],
    ['a shutdown on our side', failure('aborted'), 'unknown'],
  ] as const)('judges %s', (_, result, load) => {
    expect(endpointLoadOf(result, 10_000)).toBe(load);
  });
});
