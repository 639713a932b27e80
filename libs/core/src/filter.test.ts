import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFilter } from './compile-filter.ts';
import { parseExact } from './exact-json.ts';
import { FILTER_MAX_DEPTH, FILTER_MAX_NODES, type Filter, parseFilter, parseFilterText } from './filter.ts';
import { VALUES_MAX } from './message-values.ts';

function filterOf(value: unknown): Filter {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error(`not a filter: ${JSON.stringify(parsed.errors)}`);
  return parsed.filter;
}

function filterOfText(text: string): Filter {
  const parsed = parseFilterText(text);
  if (!parsed.ok) throw new Error(`not a filter: ${JSON.stringify(parsed.errors)}`);
  return parsed.filter;
}

const order = {
  type: 'car.chosen',
  key: 'C-17',
  data: {
    price: 2_500_000,
    brand: 'Лада',
    sold: false,
    note: null,
    tags: ['new', 'suv'],
    empty: [],
    items: [{ sku: 'a', n: 1 }, { sku: 'b', n: 20 }, 'loose'],
    nested: [[5]],
    'dotted.name': 1,
    '0': 'digit',
    $set: 'dollar',
    back: { '*': 'star' },
  },
};

const matching: readonly unknown[] = [
  {},
  { and: [{}] },
  { type: 'car.chosen' },
  { key: 'C-17' },
  { key: { prefix: 'C-' } },
  { 'data.price': 2_500_000 },
  { 'data.price': { eq: 2_500_000 } },
  { 'data.price': { ne: 1 } },
  { 'data.price': { in: [1, 2_500_000] } },
  { 'data.price': { nin: [1, 2] } },
  { 'data.price': { gt: 2_499_999, lte: 2_500_000 } },
  { 'data.price': { gte: 2_500_000, lt: 2_500_001 } },
  { 'data.sold': false },
  { 'data.note': null },
  { 'data.note': { in: ['x', null] } },
  { 'data.note': { exists: true } },
  { 'data.missing': { exists: false } },
  { 'data.missing': { ne: 1 } },
  { 'data.missing': { nin: [null] } },
  { 'data.brand': { prefix: 'Ла' } },
  { 'data.brand': { gt: 'Лад' } },
  { 'data.tags': 'suv' },
  { 'data.tags': { in: ['suv', 'old'] } },
  { 'data.tags': { prefix: 'ne' } },
  { 'data.empty': { exists: true } },
  { 'data.items.sku': 'b' },
  { 'data.items.n': { gt: 10 } },
  // Each condition may be met by another item, as in MongoDB.
  { 'data.items.n': { gt: 10, lt: 5 } },
  { 'data.dotted\\.name': 1 },
  { 'data.0': 'digit' },
  { 'data.$set': 'dollar' },
  { 'data.back.\\*': 'star' },
  { data: { exists: true } },
  { or: [{ 'data.price': 1 }, { 'data.brand': 'Лада' }] },
  { not: { 'data.brand': 'Волга' } },
  { and: [{ type: 'car.chosen' }, { not: { or: [{ 'data.sold': true }, { key: 'C-18' }] } }] },
];

const notMatching: readonly unknown[] = [
  { type: 'car' },
  { type: 'car.chosen', key: 'C-18' },
  { 'data.price': '2500000' },
  { 'data.price': { gt: '0' } },
  { 'data.price': { ne: 2_500_000 } },
  { 'data.price': { nin: [2_500_000] } },
  { 'data.price': { exists: false } },
  { 'data.price': { prefix: '25' } },
  { 'data.sold': 0 },
  { 'data.sold': null },
  { 'data.missing': null },
  { 'data.missing': { in: [null, 1] } },
  { 'data.missing': { exists: true } },
  { 'data.missing': { gt: 0 } },
  { 'data.brand': { prefix: 'ла' } },
  { 'data.tags': { ne: 'suv' } },
  { 'data.empty': { in: [null, ''] } },
  { 'data.tags.0': 'new' },
  // Arrays in arrays are not looked into.
  { 'data.nested': 5 },
  { 'data.items.*.sku': 'a' },
  { 'data.toString': { exists: true } },
  { 'data.__proto__': { exists: true } },
  { data: 'x' },
  { not: {} },
  { or: [{ 'data.price': 1 }, { 'data.brand': 'Волга' }] },
];

describe('compileFilter()', () => {
  it.each(matching.map((filter) => [JSON.stringify(filter), filter]))('%s matches', (_, filter) => {
    expect(compileFilter(filterOf(filter))(order)).toBe(true);
  });

  it.each(notMatching.map((filter) => [JSON.stringify(filter), filter]))('%s does not match', (_, filter) => {
    expect(compileFilter(filterOf(filter))(order)).toBe(false);
  });

  it.each([
    [undefined, { key: { exists: false } }],
    [undefined, { key: { ne: 'a' } }],
    ['', { key: { exists: true } }],
  ])('treats a message with the key %j as %j says', (key, filter) => {
    expect(compileFilter(filterOf(filter))({ type: 't', key, data: 1 })).toBe(true);
  });

  const numbers = parseExact(
    '{"account":40817810000012345677,"list":[9007199254740993,"9007199254740992"],"sum":1749000.50}',
  );
  it.each([
    ['{"data.account":40817810000012345677}', true],
    ['{"data.account":40817810000012345678}', false],
    ['{"data.account":4.0817810000012345677e19}', true],
    ['{"data.account":{"in":[1,40817810000012345676,40817810000012345678]}}', false],
    ['{"data.account":{"ne":40817810000012345678}}', true],
    ['{"data.account":{"gt":40817810000012345676,"lt":40817810000012345678}}', true],
    ['{"data.account":{"gt":40817810000012345677}}', false],
    ['{"data.account":{"exists":true}}', true],
    ['{"data.account.text":{"exists":true}}', false],
    ['{"data.list":9007199254740992}', false],
    ['{"data.list":{"gte":9007199254740993}}', true],
    ['{"data.sum":1749000.5}', true],
    ['{"data.sum":17490005e-1}', true],
    ['{"data.sum":{"lt":1749000.50000000000000001}}', true],
    ['{"data.sum":{"gte":1749000.50000000000000001}}', false],
    ['{"data.sum":{"lt":1e400,"gt":-1e400}}', true],
  ])('compares numbers by their decimal value: %s is %s', (text, expected) => {
    expect(compileFilter(filterOfText(text))({ type: 't', key: undefined, data: numbers })).toBe(expected);
  });

  it.each([
    [VALUES_MAX, true],
    [VALUES_MAX + 1, false],
  ])('looks at the first values of a path: of %d the last one counts: %s', (count, expected) => {
    const data = { a: [...Array.from({ length: count - 1 }, () => 0), 'last'], b: 1 };
    const test = (filter: unknown) => compileFilter(filterOf(filter))({ type: 't', key: undefined, data });
    expect(test({ 'data.a': 'last' })).toBe(expected);
    expect(test({ 'data.a': { prefix: 'l' } })).toBe(expected);
    expect(test({ 'data.a': { gte: 'l' } })).toBe(expected);
    expect(test({ 'data.b': 1 })).toBe(true);
  });

  it('finds an own member named __proto__', () => {
    const data: unknown = JSON.parse('{"__proto__":{"a":1}}');
    expect(compileFilter(filterOf({ 'data.__proto__.a': 1 }))({ type: 't', key: undefined, data })).toBe(
      true,
    );
  });

  it('looks at the items when the data is itself an array, and at the value when it is a scalar', () => {
    const items = { type: 't', key: undefined, data: [{ a: 1 }, { a: 2 }] };
    expect(compileFilter(filterOf({ 'data.a': 2 }))(items)).toBe(true);
    expect(compileFilter(filterOf({ data: { gte: 5 } }))({ type: 't', key: undefined, data: 5 })).toBe(true);
  });

  it('orders texts by code point, also where UTF-16 units would order them otherwise', () => {
    const text = fc.string({ unit: 'binary' });
    const astral = fc.constantFrom('\u{1f600}', '\u{1f601}', '\u{10ffff}', '\uffff', '\ue000', 'я', '');
    const any = fc.array(fc.oneof(text, astral), { maxLength: 3 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(any, any, (value, bound) => {
        if (value.includes('\u0000') || bound.includes('\u0000')) return;
        const byBytes = Buffer.compare(Buffer.from(value), Buffer.from(bound));
        const subject = { type: 't', key: undefined, data: value };
        const holds = (by: string) => compileFilter(filterOf({ data: { [by]: bound } }))(subject);
        expect([holds('lt'), holds('lte'), holds('gt'), holds('gte')]).toEqual([
          byBytes < 0,
          byBytes <= 0,
          byBytes > 0,
          byBytes >= 0,
        ]);
      }),
    );
  });

  it('turns every answer around under not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...matching, ...notMatching), (filter) => {
        const plain = compileFilter(filterOf(filter))(order);
        expect(compileFilter(filterOf({ not: filter }))(order)).toBe(!plain);
      }),
    );
  });
});

/** `not` around a condition, `times` deep. */
function nested(times: number): unknown {
  let filter: unknown = { type: 'a' };
  for (let i = 0; i < times; i += 1) filter = { not: filter };
  return filter;
}

function wide(conditions: number): unknown {
  return Object.fromEntries(Array.from({ length: conditions }, (_, i) => [`data.f${i}`, i]));
}

describe('parseFilter()', () => {
  it.each<[unknown, string, RegExp]>([
    [undefined, '', /object of conditions/],
    [null, '', /object of conditions/],
    ['x', '', /object of conditions/],
    [[], '', /object of conditions/],
    [{ price: 1 }, 'price', /not a known path/],
    [{ 'type.x': 1 }, 'type.x', /not a known path/],
    [{ 'data.': 1 }, 'data.', /not a known path/],
    [{ 'data..a': 1 }, 'data..a', /not a known path/],
    [{ 'data.a\\': 1 }, 'data.a\\', /not a known path/],
    [{ $where: '1' }, '$where', /not a known path/],
    [{ [`data${'.a'.repeat(32)}`]: 1 }, `data${'.a'.repeat(32)}`, /too deep/],
    [{ 'data.a': {} }, 'data.a', /no operator/],
    [{ 'data.a': [1] }, 'data.a', /must be/],
    [{ 'data.a': { regex: 'x' } }, 'data.a.regex', /not an operator/],
    [{ 'data.a': { $gt: 1 } }, 'data.a.$gt', /not an operator/],
    [{ 'data.a': { eq: {} } }, 'data.a.eq', /must be/],
    [{ 'data.a': { gt: true } }, 'data.a.gt', /must be/],
    [{ 'data.a': { gt: null } }, 'data.a.gt', /must be/],
    [{ 'data.a': Number.POSITIVE_INFINITY }, 'data.a', /must be/],
    [{ 'data.a': { exists: 1 } }, 'data.a.exists', /true or false/],
    [{ 'data.a': { prefix: '' } }, 'data.a.prefix', /non-empty/],
    [{ 'data.a': { prefix: 1 } }, 'data.a.prefix', /non-empty/],
    [{ 'data.a': { in: [] } }, 'data.a.in', /array of 1 to 100/],
    [{ 'data.a': { in: 'ab' } }, 'data.a.in', /array of 1 to 100/],
    [{ 'data.a': { nin: Array(101).fill(1) } }, 'data.a.nin', /array of 1 to 100/],
    [{ 'data.a': { in: [1, {}] } }, 'data.a.in.1', /must be/],
    [{ 'data.a': 'x'.repeat(1025) }, 'data.a', /longer than 1024/],
    [{ 'data.a': '\ud800' }, 'data.a', /no message can hold/],
    [{ 'data.a': { prefix: 'a\u0000' } }, 'data.a.prefix', /no message can hold/],
    [{ 'data.\ud800': 1 }, 'data.\ud800', /no message can hold/],
    [{ and: [] }, 'and', /at least one/],
    [{ or: { type: 'a' } }, 'or', /at least one/],
    [{ or: [{ type: 'a' }, 5] }, 'or.1', /object of conditions/],
    [{ and: [{ or: [{ nope: 1 }] }] }, 'and.0.or.0.nope', /not a known path/],
    [{ not: [] }, 'not', /object of conditions/],
  ])('refuses %j and says where', (value, path, message) => {
    expect(parseFilter(value)).toEqual({
      ok: false,
      errors: [expect.objectContaining({ path, message: expect.stringMatching(message) })],
    });
  });

  it.each([
    ['{ "data.a" : [ ] }', undefined],
    ['{"__proto__":{"eq":1}}', undefined],
    ['{"and":[{"__proto__":1}]}', undefined],
    ['{"data.a":{"__proto__":1}}', undefined],
    [`{"data.a":${'9'.repeat(1025)}}`, undefined],
    ['{"data.a":{"in":[1e9999999]}}', undefined],
    [
      '{ "data.a": 1749000.50, "data.b": {"gt": 40817810000012345677} }',
      '{"data.a":1749000.50,"data.b":{"gt":40817810000012345677}}',
    ],
    ['{"data.a": [1e0] }'.replace('[1e0]', '1e0'), '{"data.a":1e0}'],
  ])('keeps the spelling of a valid filter: %s', (text, kept) => {
    const parsed = parseFilterText(text);
    expect(parsed.ok ? parsed.filter.text : undefined).toBe(kept);
  });

  it('takes as many conditions as allowed and not one more', () => {
    expect(parseFilter(wide(FILTER_MAX_NODES)).ok).toBe(true);
    expect(parseFilter(wide(FILTER_MAX_NODES + 1))).toMatchObject({ ok: false });
    const repeated = { 'data.a': { gt: 1, lt: 2 } };
    expect(parseFilter({ and: Array(31).fill(repeated) }).ok).toBe(true);
    expect(parseFilter({ and: Array(32).fill(repeated) }).ok).toBe(false);
  });

  it('takes as many levels as allowed and not one more', () => {
    expect(parseFilter(nested(FILTER_MAX_DEPTH - 1)).ok).toBe(true);
    expect(parseFilter(nested(FILTER_MAX_DEPTH))).toMatchObject({
      ok: false,
      errors: [{ message: expect.stringMatching(/more than 8 levels/) }],
    });
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(parseFilter(value)).toHaveProperty('ok');
      }),
    );
  });
});
