import { describe, expect, it } from 'vitest';
import type { Lease } from './delivery.ts';
import { attemptOf, isLive, type LeaseEnd, nextAttempt, statusAfter } from './lease.ts';

const NOW_MS = 1_000_000;
const SCHEDULE = [0, 5000, 60_000];

function lease(more: Partial<Lease> = {}): Lease {
  const times = { atMs: NOW_MS - 700, untilMs: NOW_MS + 300 };
  return { token: 't', generation: 1, n: 1, ...times, bodyHash: 'aa', signature: 'v1,x', ...more };
}

describe('statusAfter()', () => {
  const after = (n: number, end: LeaseEnd) =>
    statusAfter({ n }, end, { schedule: SCHEDULE, nowMs: NOW_MS, random: 0.5 });
  const EXHAUSTED = { state: 'dead', reason: 'attempts-exhausted', finishedAtMs: NOW_MS };

  it.each<[string, number, LeaseEnd, object]>([
    ['done', 1, { kind: 'done' }, { state: 'delivered', finishedAtMs: NOW_MS }],
    ['done with the last attempt', 3, { kind: 'done' }, { state: 'delivered', finishedAtMs: NOW_MS }],
    ['refused', 1, { kind: 'refuse' }, { state: 'dead', reason: 'refused', finishedAtMs: NOW_MS }],
    ['retry by the schedule', 1, { kind: 'retry' }, { state: 'retrying', nextAttemptAtMs: NOW_MS + 5000 }],
    [
      'retry sooner than the schedule',
      2,
      { kind: 'retry', delayMs: 0 },
      { state: 'retrying', nextAttemptAtMs: NOW_MS },
    ],
    [
      'retry later than the schedule',
      1,
      { kind: 'retry', delayMs: 9000 },
      { state: 'retrying', nextAttemptAtMs: NOW_MS + 9000 },
    ],
    ['retry when none is left', 3, { kind: 'retry', delayMs: 1 }, EXHAUSTED],
    ['lapsed: at once', 1, { kind: 'lapsed' }, { state: 'retrying', nextAttemptAtMs: NOW_MS }],
    ['lapsed when none is left', 3, { kind: 'lapsed' }, EXHAUSTED],
  ])('%s', (_what, n, end, expected) => {
    expect(after(n, end)).toEqual(expected);
  });
});

describe('isLive()', () => {
  it('is over at the very end', () => {
    expect(isLive(lease({ untilMs: NOW_MS + 1 }), NOW_MS)).toBe(true);
    expect(isLive(lease({ untilMs: NOW_MS }), NOW_MS)).toBe(false);
    expect(isLive(undefined, NOW_MS)).toBe(false);
  });
});

describe('attemptOf()', () => {
  it('says what was given, when, for how long, and why it came to nothing', () => {
    expect(attemptOf(lease(), 'lapsed', NOW_MS)).toEqual({
      n: 1,
      atMs: NOW_MS - 700,
      durationMs: 700,
      status: undefined,
      errorClass: 'lease-lapsed',
      errorMessage: expect.any(String),
      responseStart: undefined,
      bodyHash: 'aa',
      signature: 'v1,x',
      spanId: undefined,
      grantVersion: undefined,
    });
    expect(attemptOf(lease({ grantVersion: 3 }), 'done', NOW_MS)).toMatchObject({
      errorClass: undefined,
      errorMessage: undefined,
      grantVersion: 3,
    });
  });
});

describe('nextAttempt()', () => {
  it.each([
    ['the first', { generation: 1, attemptCount: 0 }, 1],
    ['after one that is recorded', { generation: 1, attemptCount: 1 }, 2],
    ['after a lease that is not noted yet', { generation: 1, attemptCount: 0, lease: lease() }, 2],
    [
      'of a new generation, after a lease of the one before',
      { generation: 2, attemptCount: 0, lease: lease() },
      1,
    ],
  ])('%s', (_what, delivery, expected) => {
    expect(nextAttempt(delivery)).toBe(expected);
  });
});
