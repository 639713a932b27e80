import { compileFilter } from '@anika/core/compile-filter';
import { numberOf } from '@anika/core/decimal';
import { parseExact, writeExact } from '@anika/core/exact-json';
import { type Filter, parseFilter } from '@anika/core/filter';
import { VALUES_MAX } from '@anika/core/message-values';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filterQuery } from './filter-query.ts';
import { createMessageStore, type NewMessage } from './messages.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

const DOCUMENTS = 400;
const FILTERS = 250;

/** Few names and values, so that filters meet data often; each one is a trap somewhere. */
const NAMES = ['a', 'b', '0', '1', 'a.b', '$a', '$', '', '%24a', '__proto__', 'имя', 'a b'] as const;
const TEXTS = [
  '',
  'a',
  'A',
  'ab',
  'a.b',
  'a\nb',
  'a\r',
  'a b',
  ' a',
  '$a',
  '^a',
  '[a]',
  '\\d',
  'я',
  'Ёж',
  '\uffff',
  '\u{1f600}',
  '\u{1f600}a',
  '0',
  '1',
  '\u0085x',
  '\u2028x',
  '#a',
] as const;
const DOUBLES = [0, -0, 1, -1, 1.5, 1e21, -1e300, 5e-324, 2 ** 31, 2 ** 53 + 2, 1e15] as const;
/** Of each group a double makes one number, or none at all. */
const BEYOND_DOUBLES = [
  ...['40817810000012345677', '40817810000012345678', '-40817810000012345677', '40817810000012345680'],
  ...['9007199254740993', '9007199254740993.0', '9007199254740991.5', '9007199254740992.5'],
  ...['1.50000000000000000001', '1.49999999999999999999', '-1.50000000000000000001', '1e-400', '-1e-400'],
  ...['1e400', '10e399', '-1e400', '1e401', '1000000000000000.13', '1000000000000000000001'],
].map(numberOf);
const NUMBERS = [...DOUBLES, ...BEYOND_DOUBLES];
const SCALARS = [...TEXTS, ...NUMBERS, true, false, null] as const;

const scalar = fc.constantFrom<unknown>(...SCALARS);
const { value: data } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc
      .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { minLength: 1, maxLength: 5 })
      .map((members) => Object.fromEntries(members) as unknown),
  ),
}));
/** Objects mostly: paths lead nowhere in scalars. */
const topLevel = fc.oneof(
  { weight: 1, arbitrary: data },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.tuple(fc.constantFrom(...NAMES), data), { minLength: 2, maxLength: 8 })
      .map((members) => Object.fromEntries(members) as unknown),
  },
);

/** A path may not name an empty member. */
const pathNames = NAMES.filter((name) => name !== '').map((name) =>
  name.replaceAll('\\', '\\\\').replaceAll('.', '\\.'),
);
const path = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('type', 'key', 'data') },
  {
    weight: 8,
    arbitrary: fc
      .array(fc.constantFrom('a', 'b', ...pathNames), { minLength: 1, maxLength: 2 })
      .map((names) => `data.${names.join('.')}`),
  },
);
const comparable = fc.constantFrom(...TEXTS, ...NUMBERS);
const scalars = fc.array(scalar, { minLength: 1, maxLength: 4 });
const operator = fc.oneof(
  fc.tuple(fc.constantFrom('eq', 'ne'), scalar),
  fc.tuple(fc.constantFrom('in', 'nin'), scalars),
  fc.tuple(fc.constantFrom('gt', 'gte', 'lt', 'lte'), comparable),
  fc.tuple(fc.constant('exists'), fc.boolean()),
  fc.tuple(fc.constant('prefix'), fc.constantFrom(...TEXTS.filter((text) => text !== ''))),
);
const condition = fc.oneof(
  scalar,
  fc
    .array(operator as fc.Arbitrary<[string, unknown]>, { minLength: 1, maxLength: 2 })
    .map((operators) => Object.fromEntries(operators) as unknown),
);
const leaf = fc
  .array(fc.tuple(path, condition), { minLength: 1, maxLength: 2 })
  .map((members) => Object.fromEntries(members) as unknown);
const { filter: anyFilter } = fc.letrec((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((and) => ({ and })) },
    { weight: 1, arbitrary: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }).map((or) => ({ or })) },
    { weight: 1, arbitrary: tie('filter').map((not) => ({ not })) },
  ),
}));

function checked(value: unknown): Filter {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error(`${JSON.stringify(value)}: ${JSON.stringify(parsed.errors)}`);
  return parsed.filter;
}

function messageWith(value: unknown, index: number): NewMessage {
  const dataText = writeExact(value);
  return {
    id: id('msg'),
    topicId,
    ownerId: id('par'),
    type: index % 3 === 0 ? 'a' : 'car.chosen',
    key: index % 2 === 0 ? TEXTS[index % TEXTS.length] : undefined,
    data: parseExact(dataText),
    dataText,
    acceptedAtMs: NOW_MS,
    audience: undefined,
    fingerprint: undefined,
  };
}

const many = <T>(count: number, item: (i: number) => T) => Array.from({ length: count }, (_, i) => item(i));
/** More values at a path than filters look at, each way there is, with one that only the last of them has. */
const LONG: unknown[] = [
  { a: [...many(VALUES_MAX, (i) => i + 10), 'last'] },
  { a: [...many(VALUES_MAX - 1, (i) => i + 10), 'last'] },
  { a: [...many(VALUES_MAX, (b) => ({ b })), { b: 'last', c: 'last' }] },
  { a: [...many(VALUES_MAX, () => ({})), [['last']], { b: 'last' }, 'last'] },
  many(30, () => ({
    a: [...many(50, (i) => ({ b: [i, `n${i}`] })), { b: numberOf('40817810000012345677') }],
  })),
  [...many(VALUES_MAX + 1, () => null), 'last', { a: null }, { a: [[], [1], {}] }],
];

const topicId = id('top');
let messages: NewMessage[];
let test: TestMongo;

beforeAll(async () => {
  test = await openTestMongo();
  messages = [...fc.sample(topLevel, DOCUMENTS), ...NUMBERS, ...LONG].map(messageWith);
  await createMessageStore(test.mongo).insert(messages);
});

afterAll(() => test.close());

async function foundBy(filter: Filter): Promise<string[]> {
  const query = { $and: [{ topicId }, filterQuery(filter)] };
  const found = await test.mongo.messages.find(query, { projection: { _id: 1 } }).toArray();
  return found.map((document) => document._id).sort();
}

/** What each side finds that the other does not, as data, so that a failure shows its reason. */
async function differenceOf(value: unknown) {
  const filter = checked(value);
  const matches = compileFilter(filter);
  const found = new Set<string>(await foundBy(filter));
  return messages.flatMap((message) => {
    const [inDatabase, inMemory] = [found.has(message.id), matches(message)];
    const { type, key, dataText } = message;
    return inDatabase === inMemory ? [] : [{ inDatabase, inMemory, type, key, dataText }];
  });
}

describe('the random filters of this test', () => {
  it('tell some messages from others often enough to mean something', () => {
    const judged = fc.sample(topLevel, { numRuns: DOCUMENTS, seed: 1 }).map(messageWith);
    const telling = fc.sample(anyFilter, { numRuns: 400, seed: 1 }).filter((filter) => {
      const found = judged.filter(compileFilter(checked(filter))).length;
      return found > 0 && found < judged.length;
    });
    expect(telling.length).toBeGreaterThan(120);
  });
});

describe('filterQuery()', () => {
  it('finds exactly the messages for which the compiled filter is true', async () => {
    await fc.assert(
      fc.asyncProperty(anyFilter, async (filter) => {
        expect(await differenceOf(filter)).toEqual([]);
      }),
      { numRuns: FILTERS },
    );
  });

  it.each(pathNames)('agrees on every operator for the member %s', async (name) => {
    const conditions = [
      { exists: true },
      { exists: false },
      { in: [null, 'a', 1] },
      { ne: null },
      { gt: '' },
      { lte: 0 },
      { gte: '\u{1f600}' },
      { prefix: 'a' },
    ];
    for (const one of conditions) {
      expect(await differenceOf({ [`data.${name}`]: one })).toEqual([]);
      expect(await differenceOf({ [`data.a.${name}`]: one })).toEqual([]);
    }
  });

  it.each(TEXTS.filter((text) => text !== ''))('agrees on the prefix %j', async (prefix) => {
    for (const where of ['key', 'data', 'data.a', 'data.b']) {
      expect(await differenceOf({ [where]: { prefix } })).toEqual([]);
    }
  });

  it.each(SCALARS)('agrees on equality with %j', async (value) => {
    for (const where of ['data', 'data.a', 'data.0', 'key']) {
      expect(await differenceOf({ [where]: value })).toEqual([]);
      expect(await differenceOf({ [where]: { nin: [value] } })).toEqual([]);
    }
  });

  it.each(['last', 'n49', null, 1009, numberOf('40817810000012345677')])(
    'agrees on which values count where there are more than so many: %s',
    async (value) => {
      for (const where of ['data', 'data.a', 'data.a.b', 'data.a.c']) {
        for (const one of [value, { ne: value }, { exists: true }, { gte: 'last' }, { gt: 1008 }]) {
          expect(await differenceOf({ [where]: one })).toEqual([]);
        }
      }
    },
  );

  it.each(NUMBERS)('agrees on the order of numbers around %s', async (bound) => {
    for (const where of ['data', 'data.a']) {
      for (const by of ['gt', 'gte', 'lt', 'lte', 'eq', 'ne']) {
        expect(await differenceOf({ [where]: { [by]: bound } })).toEqual([]);
      }
    }
  });
});
