import { numberOf } from '@anika/core/decimal';
import { parseExact } from '@anika/core/exact-json';
import { describe, expect, it } from 'vitest';
import { fingerprintOf, type Grant, maskOf, plainConditions } from './terms.ts';

const GRANT: Grant = {
  id: 'grt_1',
  topicId: 'top_1',
  partnerId: 'par_1',
  state: 'active',
  version: 3,
  purpose: 'Предложить кредит',
  fields: { exclude: ['data.customer.phone'] },
  types: ['car.selected'],
  filter: { 'data.price': { gte: 1_000_000 } },
  history: false,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
};

describe('plainConditions()', () => {
  it('reads paths, operators and values', () => {
    expect(
      plainConditions({ 'data.region': 'RU-MOW', 'data.price': { gte: 1, lt: 5 }, type: { in: ['a', 'b'] } }),
    ).toEqual([
      { path: 'data.region', operator: 'eq', value: '"RU-MOW"' },
      { path: 'data.price', operator: 'gte', value: '1' },
      { path: 'data.price', operator: 'lt', value: '5' },
      { path: 'type', operator: 'in', value: '["a","b"]' },
    ]);
  });

  it('keeps every digit', () => {
    const filter = parseExact('{"data.sum":12345678901234567890,"data.n":{"in":[1e400]}}');
    expect(plainConditions(filter as Record<string, unknown>)).toEqual([
      { path: 'data.sum', operator: 'eq', value: '12345678901234567890' },
      { path: 'data.n', operator: 'in', value: '[1e400]' },
    ]);
  });

  it('leaves what is nested as it is written', () => {
    expect(plainConditions({ or: [{ key: 'a' }] })).toBeUndefined();
  });
});

it('maskOf() tells what is shown', () => {
  expect(maskOf(null)).toEqual({ kind: 'all', paths: [] });
  expect(maskOf({ include: ['data.a'] })).toEqual({ kind: 'include', paths: ['data.a'] });
  expect(maskOf({ exclude: ['key', 7] })).toEqual({ kind: 'exclude', paths: ['key'] });
});

describe('fingerprintOf()', () => {
  it('is the same for both companies, whatever order the names came in', async () => {
    const reversed = Object.fromEntries(Object.entries(GRANT).reverse()) as Grant;
    expect(await fingerprintOf(reversed)).toBe(await fingerprintOf(GRANT));
    expect(await fingerprintOf(GRANT)).toMatch(/^[0-9A-F]{4}-[0-9A-F]{4}$/);
  });

  it('is another one for another digit that no double holds', async () => {
    const prints = ['12345678901234567890', '12345678901234567891'].map((digits) =>
      fingerprintOf({ ...GRANT, filter: { 'data.sum': numberOf(digits) } }),
    );
    expect(new Set(await Promise.all(prints)).size).toBe(2);
  });

  it.each([
    ['purpose', { purpose: 'Другое' }],
    ['fields', { fields: null }],
    ['types', { types: [] }],
    ['filter', { filter: { 'data.price': { gte: 1_000_001 } } }],
    ['history', { history: true }],
    ['end', { expiresAt: '2027-01-01T00:00:00.000Z' }],
    ['version', { version: 4 }],
    ['state', { state: 'revoked' as const }],
  ])('is another one for another %s', async (_, change) => {
    expect(await fingerprintOf({ ...GRANT, ...change })).not.toBe(await fingerprintOf(GRANT));
  });
});
