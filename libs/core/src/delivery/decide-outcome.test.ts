import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from './attempt-result.ts';
import { decideOutcome, RETRY_AFTER_MAX_MS } from './decide-outcome.ts';

const NOW_MS = Date.UTC(2026, 0, 1, 12);
const SCHEDULE = [0, 5000, 300_000];

/** In the middle of the jitter: the schedule as it is written. */
function decide(answer: Answer, attemptsMade = 1) {
  return decideOutcome({ answer, attemptsMade, schedule: SCHEDULE, nowMs: NOW_MS, random: 0.5 });
}

const EXHAUSTED = { kind: 'dead', reason: 'attempts-exhausted', endpointGone: false };

describe('decideOutcome()', () => {
  it.each([
    ['accepted', { kind: 'accepted' }, 1, { kind: 'delivered' }],
    ['accepted at last', { kind: 'accepted' }, 3, { kind: 'delivered' }],
    ['gone', { kind: 'refused', reason: 'gone' }, 1, { kind: 'dead', reason: 'gone', endpointGone: true }],
    [
      'too large',
      { kind: 'refused', reason: 'too-large' },
      3,
      { kind: 'dead', reason: 'too-large', endpointGone: false },
    ],
    ['failed', { kind: 'failed' }, 1, { kind: 'retry', atMs: NOW_MS + 5000 }],
    ['failed twice', { kind: 'failed' }, 2, { kind: 'retry', atMs: NOW_MS + 300_000 }],
    ['failed for the last time', { kind: 'failed' }, 3, EXHAUSTED],
    ['asked to wait for the last time', { kind: 'failed', retryAfterMs: 60_000 }, 3, EXHAUSTED],
    ['asked to wait', { kind: 'failed', retryAfterMs: 60_000 }, 1, { kind: 'retry', atMs: NOW_MS + 60_000 }],
    ['asked for less', { kind: 'failed', retryAfterMs: 1 }, 1, { kind: 'retry', atMs: NOW_MS + 5000 }],
    [
      'asked for the past',
      { kind: 'failed', retryAfterMs: -1e12 },
      1,
      { kind: 'retry', atMs: NOW_MS + 5000 },
    ],
    [
      'asked for ever',
      { kind: 'failed', retryAfterMs: 1e18 },
      1,
      { kind: 'retry', atMs: NOW_MS + RETRY_AFTER_MAX_MS },
    ],
  ] as const)('%s', (_title, answer, attemptsMade, outcome) => {
    expect(decide(answer, attemptsMade)).toEqual(outcome);
  });

  it('is total: whatever is asked, a retry comes within a day and a fifth more than the schedule', () => {
    const retryAfterMs = fc.option(fc.double({ noNaN: true }), { nil: undefined });
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(retryAfterMs, fc.integer({ min: 1, max: 5 }), random, (asked, attemptsMade, r) => {
        const answer = { kind: 'failed', retryAfterMs: asked } as const;
        const outcome = decideOutcome({ answer, attemptsMade, schedule: SCHEDULE, nowMs: NOW_MS, random: r });
        if (outcome.kind !== 'retry') return;
        const delay = SCHEDULE[attemptsMade] ?? Number.NaN;
        expect(outcome.atMs - NOW_MS).toBeGreaterThanOrEqual(Math.round(delay * 0.8));
        expect(outcome.atMs - NOW_MS).toBeLessThanOrEqual(Math.max(RETRY_AFTER_MAX_MS, delay * 1.2));
      }),
    );
  });
});
