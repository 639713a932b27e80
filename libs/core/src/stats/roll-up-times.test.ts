import { expect, it } from 'vitest';
import { TIMING } from '../delivery/timing.ts';
import * as times from './roll-up-times.ts';

it('a minute is counted for good when whatever ended in it is stored or never will be', () => {
  expect(times.CLOSES_AFTER_MS).toBeGreaterThan(2 * (TIMING.recordPatienceMs + TIMING.recordTryMs));
});

it('a delivery that is not marked as late is stored before its minute is counted for good', () => {
  const stored = times.COUNTED_LATE_MS + TIMING.recordPatienceMs + TIMING.recordTryMs;
  expect(times.CLOSES_AFTER_MS).toBeGreaterThan(stored);
});

it('a mark is ripe when the delivery it stands for is stored, or its process is dead', () => {
  expect(times.MARK_RIPE_MS).toBeGreaterThan(TIMING.recordPatienceMs + TIMING.recordTryMs);
});

it('a lease outlives a run', () => {
  for (const everyMs of [1000, times.ROLL_UP_EVERY_MS, 3_600_000]) {
    expect(times.leaseMs(everyMs)).toBeGreaterThan(2 * everyMs);
  }
});
