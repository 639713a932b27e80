import { expect, it } from 'vitest';
import { TIMING as T } from './timing.ts';

/** The latest that the api stores what it has accepted: the write, then the last look. */
const SETTLED_MS = T.storeMs + T.lookMs + T.patienceMs + T.lookMs;

it.each<[string, number, number]>([
  [
    'a first job asks the store before the sweep may deliver the same message',
    T.freshMs + T.earlyMs,
    T.fanOutGraceMs,
  ],
  ['the sweep leaves alone what the api is still about to store', SETTLED_MS, T.fanOutGraceMs],
  [
    'a job waits for its delivery until the sweep has stored it for an api that died, and looks again meanwhile',
    T.fanOutGraceMs + 2 * T.sweepEveryMs + T.storedSoonMs,
    T.unstoredMs,
  ],
  ['a job that found nothing stored looks again while it may still come', T.storedSoonMs, T.unstoredMs],
  ['a few are settled long before patience with the many ends', 2 * T.lookMs, T.patienceMs],
  [
    'a killed worker has lost its job to another before the sweep takes it for lost',
    T.jobLockMs + T.jobStalledMs,
    T.sweepGraceMs + 1,
  ],
  [
    'it is looked after a loss of Redis until all from before is stored, and swept once more',
    SETTLED_MS + T.sweepEveryMs,
    T.lookedForMs,
  ],
  ['what is looked for after a loss is as old as that takes', T.lookedForMs + SETTLED_MS, T.storedLateMs],
  [
    'a write that hangs is tried again within the patience, more than once',
    2 * (T.recordTryMs + T.recordRetryMs),
    T.recordPatienceMs,
  ],
  [
    'a process that stops has time for its last records and places',
    T.recordTryMs + T.recordClosingMs + T.lanesClosingMs,
    T.restMs,
  ],
  ['a place given to who waits lasts until its job runs', 10 * T.laneWakeMs, T.laneSlackMs],
  ['a job that goes on with the turns of others keeps its lock', T.turnsMs, T.jobLockMs],
  ['what was not sent for want of a place is not early when it comes back', T.earlyMs, T.notSentMs],
  ['a delivery is looked for more often than it is given up as unstored', T.sweepGraceMs, T.unstoredMs],
  ['waiting deliveries are looked for less often than due ones', T.sweepGraceMs, T.sweepAgainMaxMs],
])('%s: %i < %i', (_, earlier, later) => {
  expect(earlier).toBeLessThan(later);
});

it('is whole milliseconds, none of them 0', () => {
  for (const ms of Object.values(T)) expect(Number.isSafeInteger(ms) && ms > 0).toBe(true);
});
