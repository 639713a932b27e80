import { describe, expect, it } from 'vitest';
import type { Grant } from '../access.ts';
import { parseFieldMask } from '../field-mask.ts';
import { parseFilter } from '../filter.ts';
import type { PartnerId } from '../ids.ts';
import type { Subscription } from '../subscription.ts';
import { FILTER_LINES_MAX, filterLines } from './describe-filter.ts';
import { type Explained, explain } from './explain.ts';
import { READERS_CHOICE } from './fact-in-english.ts';
import { type Party, type Readable, RULE_NAMES } from './rules.ts';

const BANK = 'par_0000000000000002' as PartnerId;
const OTHER = 'par_0000000000000003' as PartnerId;
const NOW_MS = Date.UTC(2026, 10, 27, 12);

function filterOf(value: unknown) {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error('not a filter');
  return parsed.filter;
}

function maskOf(value: unknown) {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error('not a mask');
  return parsed.mask;
}

function grant(change: Partial<Grant> = {}): Grant {
  return {
    partnerId: BANK,
    version: 3,
    types: [],
    history: true,
    validFromMs: NOW_MS - 9000,
    ...change,
  } as Grant;
}

function subscription(change: Partial<Subscription> = {}): Subscription {
  return {
    partnerId: BANK,
    eventTypes: [],
    state: 'active',
    createdAtMs: NOW_MS - 5000,
    ...change,
  } as Subscription;
}

function party(change: Partial<Party> = {}): Party {
  return {
    partnerId: BANK,
    isOwner: false,
    readerActive: true,
    ownerActive: true,
    grant: grant(),
    subscription: subscription(),
    ...change,
  };
}

const message: Readable = {
  type: 'car.chosen',
  key: 'C-1',
  data: { price: 900_000, customer: { phone: '+7 900' }, note: 'тайна' },
  acceptedAtMs: NOW_MS,
  audience: undefined,
};

const asReader = (of: Party, about: Partial<Readable> = {}) =>
  explain(of, { ...message, ...about }, { by: 'reader', nowMs: NOW_MS });
const asOwner = (of: Party, about: Partial<Readable> = {}) =>
  explain(of, { ...message, ...about }, { by: 'owner', nowMs: NOW_MS });
const names = (rules: readonly Explained[]) => rules.map(({ rule }) => rule);
const detailOf = (rules: readonly Explained[], name: string) =>
  rules.find(({ rule }) => rule === name)?.detail;
const broken = (rules: readonly Explained[]) => rules.filter(({ held }) => !held).map(({ rule }) => rule);

describe('explain()', () => {
  it('names every rule, in its order, to both sides', () => {
    for (const rules of [asReader(party()), asOwner(party())]) {
      expect(names(rules)).toEqual(RULE_NAMES);
      expect(broken(rules)).toEqual([]);
    }
  });

  it.each<[string, Partial<Party>, Partial<Readable>]>([
    ['partner-active', { readerActive: false }, {}],
    ['grant', { grant: grant({ revokedAtMs: NOW_MS - 1 }) }, {}],
    ['grant', { grant: grant({ expiresAtMs: NOW_MS }) }, {}],
    ['grant-types', { grant: grant({ types: ['car.sold'] }) }, {}],
    ['grant-filter', { grant: grant({ filter: filterOf({ 'data.price': { gte: 1_000_000 } }) }) }, {}],
    ['audience', {}, { audience: [OTHER] }],
    ['history', { grant: grant({ history: false, validFromMs: NOW_MS + 1 }) }, {}],
    ['subscription-state', { subscription: subscription({ state: 'paused' }) }, {}],
    ['subscription-state', { subscription: undefined }, {}],
    ['subscription-age', { subscription: subscription({ createdAtMs: NOW_MS + 5000 }) }, {}],
    ['event-types', { subscription: subscription({ eventTypes: ['car.sold'] }) }, {}],
    ['filter', { subscription: subscription({ filter: filterOf({ 'data.price': 1 }) }) }, {}],
  ])('says that %s does not hold', (rule, change, about) => {
    expect(broken(asOwner(party(change), about))).toEqual([rule]);
    expect(broken(asReader(party(change), about))).toEqual([rule]);
  });

  it('tells the values that were compared', () => {
    const filter = filterOf({ 'data.price': { gte: 1_000_000 }, 'data.city': 'Казань' });
    const own = party({ subscription: subscription({ filter, eventTypes: ['car.chosen', 'car.sold'] }) });
    const rules = asReader(own);
    expect(detailOf(rules, 'filter')).toBe(
      'data.price gte 1000000: no (900000); data.city is "Казань": no (nothing there)',
    );
    expect(detailOf(rules, 'event-types')).toBe('wanted: car.chosen, car.sold; the message is car.chosen');
    const given = asOwner(party({ grant: grant({ filter, types: ['car.chosen'] }) }));
    expect(detailOf(given, 'grant-filter')).toContain('data.price gte 1000000: no (900000)');
    expect(detailOf(given, 'grant-types')).toBe('granted: car.chosen; the message is car.chosen');
  });

  it('shows the owner nothing of what a reader asks for, but that it was its choice', () => {
    const wish = subscription({
      eventTypes: ['secret.type'],
      filter: filterOf({ 'data.limit': 4711 }),
      state: 'disabled',
    });
    const rules = asOwner(party({ subscription: wish }));
    const choice = { fact: { says: 'readers-choice' }, detail: READERS_CHOICE };
    expect(rules.slice(6)).toEqual([
      { rule: 'subscription-state', held: false, ...choice },
      { rule: 'subscription-age', held: true, ...choice },
      { rule: 'event-types', held: false, ...choice },
      { rule: 'filter', held: false, ...choice },
    ]);
    expect(JSON.stringify(rules)).not.toMatch(/4711|secret\.type|disabled/);
  });

  it('shows the owner its own wishes on its own topic', () => {
    const own = party({ isOwner: true, grant: undefined, subscription: subscription({ state: 'paused' }) });
    const rules = asOwner(own);
    expect(detailOf(rules, 'grant')).toBe('the owner needs no grant');
    expect(detailOf(rules, 'subscription-state')).toContain('paused');
  });

  it("judges no wish on a message that the owner's terms keep from the reader", () => {
    const kept = party({ grant: grant({ types: ['car.sold'] }) });
    expect(names(asReader(kept))).toEqual(['partner-active', 'grant', 'grant-types']);
    expect(names(asOwner(kept))).toEqual(RULE_NAMES.slice(0, 6));
  });

  it('tells a reader nothing of a message that it may not read', () => {
    const terms: [Partial<Party>, Partial<Readable>][] = [
      [{ grant: grant({ types: ['car.sold'] }) }, {}],
      [{ grant: grant({ filter: filterOf({ 'data.price': { gte: 5 }, 'data.note': 'нет' }) }) }, {}],
      [{}, { audience: [OTHER] }],
      [{ grant: grant({ history: false, validFromMs: NOW_MS + 3_600_000 }) }, {}],
      [{ grant: grant({ revokedAtMs: NOW_MS - 1000 }) }, {}],
    ];
    for (const [change, about] of terms) {
      const told = JSON.stringify(asReader(party(change), about));
      expect(told).not.toMatch(/car\.chosen|900000|тайна|C-1|par_/);
      expect(told).not.toContain(new Date(NOW_MS).toISOString());
    }
  });

  it('never tells a masked value, nor lets a filter find it', () => {
    const masked = (filter: unknown) =>
      asReader(
        party({
          grant: grant({
            fields: maskOf({ exclude: ['data.customer.phone', 'key'] }),
            filter: filterOf({ 'data.customer.phone': { exists: true } }),
          }),
          subscription: subscription({ filter: filterOf(filter) }),
        }),
      );
    const rules = masked({ 'data.customer.phone': { prefix: '+7' }, key: 'C-9', 'data.price': { gt: 1 } });
    expect(detailOf(rules, 'filter')).toBe(
      'data.customer.phone begins with "+7": no (nothing there); key is "C-9": no (nothing there); data.price gt 1: yes (900000)',
    );
    expect(JSON.stringify(rules)).not.toMatch(/\+7 900|C-1/);
    const right = masked({ 'data.customer.phone': '+7 900' });
    const wrong = masked({ 'data.customer.phone': '+7 901' });
    expect(right.map(({ held }) => held)).toEqual(wrong.map(({ held }) => held));
  });

  it('tells the same as data, each condition on a line below what joins it', () => {
    const filter = filterOf({
      'data.price': { gte: 1_000_000 },
      or: [{ type: 'car.chosen' }, { not: { 'data.note': { exists: true } } }],
      'data.city': { in: ['a', 'b', 'c', 'd'] },
    });
    const fact = asReader(party({ subscription: subscription({ filter }) })).at(-1)?.fact;
    const lines = fact?.says === 'conditions' ? filterLines(fact.finding) : [];
    expect(lines).toEqual([
      { level: 0, join: 'and', held: false },
      {
        level: 1,
        path: 'data.price',
        operator: 'gte',
        asked: { values: ['1000000'], more: 0 },
        held: false,
        found: 'values',
        there: { values: ['900000'], more: 0 },
      },
      { level: 1, join: 'or', held: true },
      {
        level: 2,
        path: 'type',
        operator: 'eq',
        asked: { values: ['"car.chosen"'], more: 0 },
        held: true,
        found: 'values',
        there: { values: ['"car.chosen"'], more: 0 },
      },
      { level: 2, join: 'not', held: false },
      {
        level: 3,
        path: 'data.note',
        operator: 'exists',
        asked: { values: [], more: 0 },
        held: true,
        found: 'values',
        there: { values: ['"тайна"'], more: 0 },
      },
      {
        level: 1,
        path: 'data.city',
        operator: 'in',
        asked: { values: ['"a"', '"b"', '"c"'], more: 1 },
        held: false,
        found: 'nothing',
        there: { values: [], more: 0 },
      },
    ]);
  });

  it('is short whatever filter and message hold', () => {
    const filter = filterOf({
      or: Array.from({ length: 30 }, (_, n) => ({
        [`data.x${n}`]: { in: ['я'.repeat(900), '🚗'.repeat(400)] },
      })),
    });
    const long = { x0: '🚗'.repeat(90_000), x1: Array.from({ length: 900 }, () => 'y'.repeat(200)) };
    for (const { detail, fact } of asReader(party({ subscription: subscription({ filter }) }), {
      data: long,
    })) {
      const lines = fact.says === 'conditions' ? filterLines(fact.finding) : [];
      expect(lines.length).toBeLessThanOrEqual(FILTER_LINES_MAX);
      expect(JSON.stringify(lines).length).toBeLessThan(FILTER_LINES_MAX * 700);
      expect(detail.length).toBeLessThanOrEqual(1001);
      expect(detail).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
    }
  });
});
