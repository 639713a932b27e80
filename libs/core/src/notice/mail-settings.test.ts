import { describe, expect, it } from 'vitest';
import type { UserId } from '../ids.ts';
import { defaultMailSettings, isMailed, mailAgainMs, mailDueMs } from './mail-settings.ts';

const ME = 'usr_0000000000000001' as UserId;
const OTHER = 'usr_0000000000000002' as UserId;
const ending = { type: 'anika.grant.ending', byUserId: undefined } as const;

it('admins are mailed what they have to do something about, others nothing', () => {
  expect(isMailed(defaultMailSettings('admin'), ME, ending)).toBe(true);
  expect(isMailed(defaultMailSettings('admin'), ME, { ...ending, type: 'anika.key.made' })).toBe(false);
  expect(isMailed(defaultMailSettings('viewer'), ME, ending)).toBe(false);
  expect(isMailed(defaultMailSettings('developer'), ME, ending)).toBe(false);
});

it('nobody is mailed what they have just done, colleagues are', () => {
  const settings = { ...defaultMailSettings('admin'), types: ['anika.key.made'] } as const;
  const notice = { type: 'anika.key.made', byUserId: OTHER } as const;
  expect(isMailed(settings, OTHER, notice)).toBe(false);
  expect(isMailed(settings, ME, notice)).toBe(true);
});

describe('mailDueMs()', () => {
  it.each([
    ['each', '2026-01-01T23:00:00Z', '2026-01-01T23:00:00Z'],
    ['daily', '2026-01-01T05:59:59Z', '2026-01-01T06:00:00Z'],
    ['daily', '2026-01-01T06:00:00Z', '2026-01-02T06:00:00Z'],
    ['daily', '2026-12-31T23:00:00Z', '2027-01-01T06:00:00Z'],
  ] as const)('%s at %s is due at %s', (rhythm, now, due) => {
    expect(mailDueMs(rhythm, Date.parse(now))).toBe(Date.parse(due));
  });
});

it('a mail is tried again ever later, for about a day', () => {
  let nowMs = 0;
  let tries = 0;
  for (let atMs = mailAgainMs(1, 0); atMs !== undefined; atMs = mailAgainMs(tries + 1, nowMs)) {
    expect(atMs - nowMs).toBeLessThanOrEqual(3_600_000);
    nowMs = atMs;
    tries += 1;
  }
  expect(nowMs / 3_600_000).toBeGreaterThan(20);
  expect(nowMs / 3_600_000).toBeLessThan(30);
});
