import { describe, expect, it } from 'vitest';
import { invitationState, roleAfter } from './invitation.ts';

describe('invitationState()', () => {
  const open = { acceptedAtMs: undefined, withdrawnAtMs: undefined, expiresAtMs: 100 };

  it.each([
    ['open', open, 99],
    ['expired', open, 100],
    ['accepted', { ...open, acceptedAtMs: 50 }, 200],
    ['withdrawn', { ...open, withdrawnAtMs: 50 }, 200],
  ])('is %s', (state, invitation, nowMs) => {
    expect(invitationState(invitation, nowMs)).toBe(state);
  });
});

describe('roleAfter()', () => {
  it.each([
    ['viewer', 'developer', 'developer'],
    ['viewer', 'admin', 'admin'],
    ['admin', 'viewer', 'admin'],
    ['developer', 'developer', 'developer'],
  ] as const)('of a %s invited as %s is %s', (present, invited, after) => {
    expect(roleAfter(present, invited)).toBe(after);
  });
});
