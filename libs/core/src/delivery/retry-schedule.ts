/** Waiting times in milliseconds, one entry an attempt: the first attempt comes `schedule[0]` after acceptance. */
export type RetrySchedule = readonly number[];

export const DEFAULT_RETRY_SCHEDULE = '0s,5s,5m,30m,2h,5h,10h,10h';
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const MAX_ENTRIES = 50;
const JITTER = 0.2;

/** Parses e.g. `0s,5s,5m`; undefined when it is not such a list. */
export function parseRetrySchedule(text: string): RetrySchedule | undefined {
  const delays = text.split(',').map((entry) => parseDuration(entry.trim()));
  if (delays.length > MAX_ENTRIES || delays.some((delay) => delay === undefined)) return undefined;
  return delays.filter((delay) => delay !== undefined);
}

function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  return Math.round(Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS]);
}

/**
 * How long to wait after `attemptsMade` attempts, ± 20 % so that what failed together does not come back
 * together; undefined when no attempt is left. `random` is in [0, 1).
 */
export function nextDelayMs(
  schedule: RetrySchedule,
  attemptsMade: number,
  random: number,
): number | undefined {
  const delay = schedule[attemptsMade];
  if (delay === undefined) return undefined;
  return Math.round(delay * (1 - JITTER + 2 * JITTER * random));
}
