import { type AttemptResult, ERROR_CLASSES, type ErrorClass } from '@anika/core/delivery/attempt-result';
import { decideOutcome, RETRY_AFTER_MAX_MS } from '@anika/core/delivery/decide-outcome';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerOf, loadOf, parseRetryAfter } from './read-answer.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const SCHEDULE = [0, 5000, 300_000];
/** The middle of the jitter: the schedule as it is written. */
const MIDDLE = 0.5;

function answered(status: number, retryAfter?: string): AttemptResult {
  return { kind: 'response', status, retryAfter, bodyStart: '', durationMs: 1 };
}

function decide(result: AttemptResult, attemptsMade = 1) {
  return decideOutcome({
    answer: answerOf(result, NOW_MS),
    attemptsMade,
    schedule: SCHEDULE,
    nowMs: NOW_MS,
    random: MIDDLE,
  });
}

const inFiveSeconds = { kind: 'retry', atMs: NOW_MS + 5000 };

describe('what follows from answerOf()', () => {
  it.each([200, 201, 202, 204, 206, 299])('takes %i for delivered', (status) => {
    expect(decide(answered(status))).toEqual({ kind: 'delivered' });
    expect(decide(answered(status), 3)).toEqual({ kind: 'delivered' });
  });

  it('gives up and says that the endpoint is gone on 410', () => {
    expect(decide(answered(410))).toEqual({ kind: 'dead', reason: 'gone', endpointGone: true });
  });

  it('gives up on 413 and leaves the endpoint be', () => {
    expect(decide(answered(413))).toEqual({ kind: 'dead', reason: 'too-large', endpointGone: false });
  });

  it.each([
    100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 408, 409, 411, 418, 422, 429, 500, 501, 502,
    503, 504, 599,
  ])('tries again after %i', (status) => {
    expect(decide(answered(status))).toEqual(inFiveSeconds);
  });

  it.each(ERROR_CLASSES)('tries again after a %s error', (errorClass) => {
    expect(decide({ kind: 'error', errorClass, message: '', durationMs: 1 })).toEqual(inFiveSeconds);
  });

  it('follows the schedule and gives up after its last entry', () => {
    expect(decide(answered(500), 2)).toEqual({ kind: 'retry', atMs: NOW_MS + 300_000 });
    expect(decide(answered(500), 3)).toEqual({
      kind: 'dead',
      reason: 'attempts-exhausted',
      endpointGone: false,
    });
    expect(decide(answered(503, '60'), 3)).toMatchObject({ kind: 'dead', reason: 'attempts-exhausted' });
    expect(decide(answered(410), 3)).toMatchObject({ reason: 'gone' });
  });

  it.each<[string, number]>([
    ['60', 60_000],
    [' 60 ', 60_000],
    ['3', 5000],
    ['0', 5000],
    ['-60', 5000],
    ['1.5', 5000],
    ['', 5000],
    ['soon', 5000],
    ['99999999999999999999', RETRY_AFTER_MAX_MS],
    ['315360000', RETRY_AFTER_MAX_MS],
    ['Thu, 01 Jan 2026 12:01:00 GMT', 60_000],
    ['Thursday, 01-Jan-26 12:01:00 GMT', 60_000],
    ['Thu Jan  1 12:01:00 2026', 60_000],
    ['Thu, 01 Jan 2026 11:00:00 GMT', 5000],
    ['Thu, 01 Jan 2026 12:00:01 GMT', 5000],
    ['Tue, 01 Jan 2036 12:00:00 GMT', RETRY_AFTER_MAX_MS],
    ['Xyz, 99 Foo 2026 12:01:00 GMT', 5000],
    ['2026-01-01T13:00:00Z', 5000],
  ])('waits after Retry-After %j no less than the schedule and no more than a day', (header, waitMs) => {
    for (const status of [429, 503]) {
      expect(decide(answered(status, header))).toEqual({ kind: 'retry', atMs: NOW_MS + waitMs });
    }
  });

  it.each([500, 502, 404, 302])('does not heed Retry-After with %i', (status) => {
    expect(decide(answered(status, '60'))).toEqual(inFiveSeconds);
  });

  it('is total: any status and any header have an outcome within a day and a fifth more than the schedule', () => {
    const result = fc.record({
      kind: fc.constant('response' as const),
      status: fc.integer({ min: 0, max: 999 }),
      retryAfter: fc.option(fc.oneof(fc.string(), fc.nat().map(String)), { nil: undefined }),
      bodyStart: fc.string(),
      durationMs: fc.nat(),
    });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(result, fc.integer({ min: 1, max: 5 }), random, (given, attemptsMade, r) => {
        const situation = {
          answer: answerOf(given, NOW_MS),
          attemptsMade,
          schedule: SCHEDULE,
          nowMs: NOW_MS,
          random: r,
        };
        const outcome = decideOutcome(situation);
        if (outcome.kind !== 'retry') return;
        const delay = SCHEDULE[attemptsMade] ?? Number.NaN;
        expect(outcome.atMs - NOW_MS).toBeGreaterThanOrEqual(Math.round(delay * 0.8));
        expect(outcome.atMs - NOW_MS).toBeLessThanOrEqual(Math.max(RETRY_AFTER_MAX_MS, delay * 1.2));
      }),
    );
  });
});

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

describe('loadOf()', () => {
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
    expect(loadOf(result, 10_000)).toBe(load);
  });
});

describe('parseRetryAfter()', () => {
  it.each([undefined, '', 'soon', '-1', '1.5', '+5', '1e3', '0x10', '5s', 'after 9999', 'Year 2040'])(
    'cannot read %j',
    (header) => {
      expect(parseRetryAfter(header, NOW_MS)).toBeUndefined();
    },
  );
});
