import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ALL_ROUTES } from './all-routes.ts';
import { futureInstant } from './common.ts';
import { plainWords } from './plain-words.ts';
import { batchItem } from './published-message.ts';

function messagesOf(schema: z.ZodType, value: unknown): string[] {
  const result = schema.safeParse(value, { error: plainWords });
  return result.success ? [] : result.error.issues.map(({ message }) => message);
}

/** How zod speaks when it is not told otherwise. */
const OF_ZOD =
  /invalid (?:input|option|string|iso|email|url|key)|expected .*received|too (?:small|big)|unrecognized|\bundefined\b|\bregex\b|NaN|>=|<=/i;

const BAD: readonly unknown[] = [
  ...[undefined, null, '', 'x', ' ', 'x'.repeat(70_000), '2026-11-23T10:00:00', '2026-11-23T10:00:00 03:00'],
  ...[0, -1, 1.5, 1e300, Number.NaN, true, [], [1], [null], {}, { a: 1 }, { $gt: '' }],
  Array.from({ length: 1001 }, () => 'x'),
];

/** The object itself in each bad form, and with each of its members in each bad form, three levels deep. */
function spoiled(value: unknown, depth = 3): unknown[] {
  const all = [...BAD];
  if (depth === 0 || typeof value !== 'object' || value === null) return all;
  for (const [name, member] of Object.entries(value)) {
    for (const bad of spoiled(member, depth - 1)) {
      all.push(Array.isArray(value) ? [bad] : { ...value, [name]: bad });
    }
  }
  return all;
}

/** Names and a value for each member a schema has, as its JSON Schema tells. */
function skeleton(schema: z.ZodType): unknown {
  return fill(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

type JsonSchema = {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
  readonly anyOf?: readonly unknown[];
};

function fill(schema: unknown): unknown {
  const { properties, items, anyOf }: JsonSchema =
    typeof schema === 'object' && schema !== null ? schema : {};
  if (properties !== undefined) {
    return Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, fill(one)]));
  }
  if (items !== undefined) return [fill(items)];
  if (anyOf !== undefined)
    return fill(anyOf.find((one) => Object.keys(Object(fill(one))).length > 0) ?? anyOf[0]);
  return 'x';
}

const SCHEMAS = [
  ...ALL_ROUTES.flatMap(({ id, body, query }) =>
    Object.entries({ body, query }).flatMap(([part, schema]) =>
      schema === undefined ? [] : [{ what: `${part} of ${id}`, schema }],
    ),
  ),
  { what: 'an item of a batch', schema: batchItem },
];

describe('every contract', () => {
  it.each(SCHEMAS)('speaks of what is wrong in plain words: $what', ({ schema }) => {
    const said = new Set(spoiled(skeleton(schema)).flatMap((value) => messagesOf(schema, value)));
    expect([...said].filter((message) => OF_ZOD.test(message))).toEqual([]);
    for (const message of said)
      expect(message).toMatch(/^(?:must|is|are|does|has|may|its|cannot|holds|names) /);
  });
});

describe('plainWords()', () => {
  it.each([
    [z.strictObject({ name: z.string() }), {}, 'is required'],
    [z.string(), 5, 'must be a text'],
    [z.number(), 'x', 'must be a number'],
    [z.number().int(), 1.5, 'must be a whole number'],
    [z.number().min(1000), 5, 'must be at least 1000'],
    [z.number().max(5), 9, 'must be at most 5'],
    [z.number().gt(5), 5, 'must be more than 5'],
    [z.string().min(1), '', 'must have at least 1 character'],
    [z.string().max(3), 'abcd', 'must have at most 3 characters'],
    [z.array(z.string()).min(2), [], 'must have at least 2 items'],
    [z.enum(['a', 'b', 'c']), 'd', 'must be "a", "b" or "c"'],
    [z.literal(7), 8, 'must be 7'],
    [z.union([z.string(), z.number()]), null, 'must be a text or must be a number'],
    [
      z.union([z.strictObject({ include: z.array(z.string()) }), z.null()]),
      {},
      'its include is required or must be null',
    ],
    [
      z.union([z.strictObject({ include: z.string() }), z.strictObject({ exclude: z.string() })]),
      { include: '', exclude: '' },
      'its exclude is not a known field or its include is not a known field',
    ],
    [z.record(z.string(), z.string()), [], 'must be an object'],
    [z.boolean(), 'yes', 'must be true or false'],
  ])('says it so that no library shows (%#)', (schema, value, message) => {
    expect(messagesOf(schema, value)).toEqual([message]);
  });

  it('tells of the + that a query loses', () => {
    const [first] = messagesOf(futureInstant, '2026-11-23T13:00:00 03:00');
    expect(first).toContain('%2B');
  });
});
