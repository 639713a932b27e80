import { describe, expect, it } from 'vitest';
import { doingText, failsSince } from './fails-since.ts';

const SINCE = '2026-11-28T11:00:00.000Z';
const failing = { state: 'failing', failingSince: SINCE };
const later = (ms: number) => Date.parse(SINCE) + ms;

describe('failsSince()', () => {
  it('tells of an endpoint that has taken nothing for a minute', () => {
    expect(failsSince({ state: 'active', health: failing }, later(60_000))).toBe(SINCE);
  });

  it('is silent about one that was just refused once', () => {
    expect(failsSince({ state: 'active', health: failing }, later(59_999))).toBeUndefined();
  });

  it.each([
    { state: 'active', health: { state: 'healthy', failingSince: null } },
    { state: 'active', health: null },
    { state: 'paused', health: failing },
  ] as const)('is silent about $state that is $health.state', (one) => {
    expect(failsSince(one, later(3_600_000))).toBeUndefined();
  });
});

describe('doingText()', () => {
  it.each([
    [{ state: 'active', health: failing }, 'subscription.failing'],
    [{ state: 'active', health: null }, 'subscription.state.active'],
    [{ state: 'paused', health: failing }, 'subscription.state.paused'],
  ] as const)('says of %o %s', (one, said) => {
    expect(doingText(one, later(60_000))).toBe(said);
  });
});
