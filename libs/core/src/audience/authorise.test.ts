import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import { parseFilter } from '../filter.ts';
import type { PartnerId } from '../ids.ts';
import { refusalOf } from './authorise.ts';
import { compileGrant, type Readable } from './rules.ts';

const BANK = 'par_0123456789abcdef' as PartnerId;
const DEALER = 'par_fedcba9876543210' as PartnerId;
const NOW_MS = 1_000_000;

const grant = {
  partnerId: BANK,
  types: [],
  filter: undefined,
  history: true,
  validFromMs: 500_000,
  expiresAtMs: undefined,
  revokedAtMs: undefined,
} as unknown as Grant;

function filterOf(value: unknown): Pick<Grant, 'filter'> {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error('not a filter');
  return { filter: parsed.filter };
}

const message: Readable = {
  type: 'car.chosen',
  key: undefined,
  data: { price: 1 },
  acceptedAtMs: 600_000,
  audience: undefined,
};

describe('refusalOf()', () => {
  it.each<[string, Partial<Grant>, Partial<Readable>]>([
    ['everything is allowed', {}, {}],
    ['it expires only later', { expiresAtMs: NOW_MS + 1 }, {}],
    ['its type is one of those granted', { types: ['a', 'car.chosen'] }, {}],
    ['it came at the moment the grant began', { history: false }, { acceptedAtMs: 500_000 }],
    ['it came earlier and history is granted', {}, { acceptedAtMs: 1 }],
    ['the audience names the reader', {}, { audience: [DEALER, BANK] }],
    ['the filter matches', filterOf({ 'data.price': 1 }), {}],
  ])('lets a message through when %s', (_, grantPart, messagePart) => {
    expect(
      refusalOf(compileGrant({ ...grant, ...grantPart }), { ...message, ...messagePart }, NOW_MS),
    ).toBeUndefined();
  });

  it.each<[string, Partial<Grant>, Partial<Readable>, string]>([
    ['revoked', { revokedAtMs: 1 }, {}, 'grant-revoked'],
    ['revoked and expired', { revokedAtMs: 1, expiresAtMs: 1 }, {}, 'grant-revoked'],
    ['expired at this moment', { expiresAtMs: NOW_MS }, {}, 'grant-expired'],
    ['without history, the message earlier', { history: false }, { acceptedAtMs: 499_999 }, 'grant-narrowed'],
    ['for other types', { types: ['car'] }, {}, 'grant-narrowed'],
    ['of a partner the audience does not name', {}, { audience: [DEALER] }, 'grant-narrowed'],
    ['of a partner and the audience is nobody', {}, { audience: [] }, 'grant-narrowed'],
    ['with a filter that does not match', filterOf({ 'data.price': 2 }), {}, 'grant-narrowed'],
  ])('refuses when the grant is %s', (_, grantPart, messagePart, reason) => {
    expect(refusalOf(compileGrant({ ...grant, ...grantPart }), { ...message, ...messagePart }, NOW_MS)).toBe(
      reason,
    );
  });

  it('refuses when there is no grant', () => {
    expect(refusalOf(undefined, message, NOW_MS)).toBe('grant-revoked');
  });
});
