import { describe, expect, it } from 'vitest';
import { EARLIER_SECRETS_MAX, inGrace, rotate, type SigningSecrets } from './signing-secrets.ts';

const NOW_MS = 1_800_000_000_000;
const first: SigningSecrets = { present: 's0', earlier: [] };

/** Rotates once for each grace, a millisecond apart. */
function rotated(...graces: number[]): SigningSecrets {
  return graces.reduce<SigningSecrets>(
    (secrets, graceMs, n) => rotate(secrets, { sealed: `s${n + 1}`, graceMs, nowMs: NOW_MS + n }),
    first,
  );
}

describe('rotate()', () => {
  it('keeps each earlier secret until its own end, also a shorter one that comes later', () => {
    const secrets = rotated(9000, 500, 3000);
    expect(secrets).toEqual({
      present: 's3',
      earlier: [
        { sealed: 's2', untilMs: NOW_MS + 3002 },
        { sealed: 's1', untilMs: NOW_MS + 501 },
        { sealed: 's0', untilMs: NOW_MS + 9000 },
      ],
    });
    const signing = (atMs: number) => inGrace(secrets, atMs).earlier.map(({ sealed }) => sealed);
    expect(signing(NOW_MS + 500)).toEqual(['s2', 's1', 's0']);
    expect(signing(NOW_MS + 501)).toEqual(['s2', 's0']);
    expect(signing(NOW_MS + 8999)).toEqual(['s0']);
    expect(signing(NOW_MS + 9000)).toEqual([]);
  });

  it('ends all of them at once without a grace, also where no other is taken', () => {
    const full = rotated(...Array.from({ length: EARLIER_SECRETS_MAX }, () => 9000));
    expect(rotate(full, { sealed: 'new', graceMs: 0, nowMs: NOW_MS })).toEqual({
      present: 'new',
      earlier: [],
    });
  });

  it('refuses one more than may sign, says until when, and takes it once one has ended', () => {
    const full = rotated(9000, 100, ...Array.from({ length: EARLIER_SECRETS_MAX - 2 }, () => 9000));
    const next = { sealed: 'new', graceMs: 9000 };
    expect(() => rotate(full, { ...next, nowMs: NOW_MS + 50 })).toThrow(
      `until ${new Date(NOW_MS + 101).toISOString()}`,
    );
    const later = rotate(full, { ...next, nowMs: NOW_MS + 101 });
    expect(later.earlier).toHaveLength(EARLIER_SECRETS_MAX);
  });
});
