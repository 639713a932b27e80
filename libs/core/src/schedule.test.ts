import { expect, it } from 'vitest';
import { scheduleOf } from './schedule.ts';

const NOW_MS = 1_800_000_000_000;
const DAYS_90_MS = 90 * 86_400_000;

it.each([
  [undefined, { kind: 'now' }],
  [NOW_MS - 1, { kind: 'now' }],
  [NOW_MS, { kind: 'now' }],
  [NOW_MS + 1, { kind: 'later', atMs: NOW_MS + 1 }],
  [NOW_MS + DAYS_90_MS, { kind: 'later', atMs: NOW_MS + DAYS_90_MS }],
  [NOW_MS + DAYS_90_MS + 1, { kind: 'too-late' }],
])('a message for %s is scheduled so: %j', (deliverAtMs, expected) => {
  expect(scheduleOf(deliverAtMs, NOW_MS)).toEqual(expected);
});
