import { parseExact } from '@anika/core/exact-json';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkOf, misfits } from './json-schema.ts';

const MANY = 10_000_000;

function fits(schema: string, data: string): boolean {
  return misfits(checkOf(schema), parseExact(data), MANY).length === 0;
}

describe('a number is checked by its decimal value', () => {
  it.each([
    '19.99',
    '143.48',
    '8.69',
    '1.11',
    '0.07',
    '4.35',
    '2000000.13',
    '0',
    '-0.01',
    '1e2',
    '12345678901234567890.12',
  ])('%s is a multiple of 0.01', (number) => {
    expect(fits('{"multipleOf":0.01}', number)).toBe(true);
  });

  it.each([
    ['{"multipleOf":0.01}', '19.999'],
    ['{"multipleOf":0.01}', '2000000.1300000000000000001'],
    ['{"multipleOf":3}', '40817810000012345678'],
    ['{"const":40817810000012345677}', '40817810000012345678'],
    ['{"const":{"a":[40817810000012345677]}}', '{"a":[40817810000012345678]}'],
    ['{"enum":[1,40817810000012345677]}', '40817810000012345676'],
    ['{"maximum":40817810000012345677}', '40817810000012345678'],
    ['{"minimum":40817810000012345677}', '40817810000012345676'],
    ['{"exclusiveMaximum":0.1}', '0.1'],
    ['{"exclusiveMinimum":1000000000000000.1}', '1000000000000000.1'],
    ['{"type":"integer"}', '12345678901234567890.5'],
    ['{"uniqueItems":true}', '[1.0,1]'],
    ['{"maximum":1e400}', '1e401'],
  ])('%s does not take %s', (schema, data) => {
    expect(fits(schema, data)).toBe(false);
  });

  it.each([
    ['{"const":1}', '1.0'],
    ['{"enum":[1e2]}', '100'],
    ['{"const":40817810000012345677}', '4.0817810000012345677e19'],
    ['{"multipleOf":3}', '40817810000012345676'],
    ['{"multipleOf":1e300}', '3e400'],
    ['{"type":"integer"}', '1.0'],
    ['{"type":"integer"}', '12345678901234567890'],
    ['{"uniqueItems":true}', '[40817810000012345677,40817810000012345678]'],
    ['{"minimum":-1e400}', '-1e399'],
  ])('%s takes %s', (schema, data) => {
    expect(fits(schema, data)).toBe(true);
  });
});

describe('what does not fit', () => {
  const told = (schema: unknown, data: unknown) =>
    misfits(checkOf(JSON.stringify(schema)), data, MANY).map(({ path }) => path);

  it('is told of each field, in the spelling of filters', () => {
    const schema = {
      required: ['vin'],
      properties: {
        'a.b': { type: 'string' },
        'a/b': { minLength: 3 },
        items: { items: { properties: { '*': { maximum: 1 } }, additionalProperties: false } },
      },
      propertyNames: { maxLength: 5 },
    };
    const data = { 'a.b': 1, 'a/b': 'x', items: [{}, { '*': 2, n: 1 }], tooLong: 1 };
    expect(told(schema, data).sort()).toEqual(
      ['data.vin', 'data.a\\.b', 'data.a/b', 'data.items.1.\\*', 'data.items.1.n', 'data.tooLong'].sort(),
    );
  });

  it('is told of at most twenty fields', () => {
    expect(told({ items: false }, Array(1000).fill(1))).toHaveLength(20);
  });

  it('of alternatives is told of the whole', () => {
    expect(told({ anyOf: [{ type: 'string' }, { required: ['a'] }] }, {})).toEqual(['data']);
  });
});

/** Schemas of few names and values, so that data meet them. */
const scalar = fc.constantFrom<unknown>(null, true, 0, 1, -1.5, 2, 10, '', 'a', 'ab', '😀b');
const name = fc.constantFrom('a', 'b', 'c');
const { data, schema } = fc.letrec<{ data: unknown; schema: unknown; keyword: object }>((tie) => ({
  data: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, maxDepth: 3 },
    scalar,
    fc.array(tie('data'), { maxLength: 3 }),
    fc.dictionary(name, tie('data'), { maxKeys: 3, noNullPrototype: true }),
  ),
  // One to three keywords at once: with more of them nothing would fit.
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true, maxDepth: 3 },
    fc.boolean(),
    fc.array(tie('keyword'), { minLength: 1, maxLength: 3 }).map((some) => Object.assign({}, ...some)),
  ),
  keyword: fc.oneof(
    ...Object.entries({
      type: fc.constantFrom('string', 'number', 'integer', 'object', 'array', ['null', 'boolean', 'object']),
      enum: fc.array(tie('data'), { minLength: 1, maxLength: 3 }),
      const: tie('data'),
      minimum: fc.integer({ min: -2, max: 2 }),
      exclusiveMaximum: fc.integer({ min: -2, max: 3 }),
      multipleOf: fc.constantFrom(1, 2, 0.5),
      minLength: fc.nat(2),
      maxLength: fc.nat(2),
      minItems: fc.nat(2),
      maxItems: fc.nat(2),
      uniqueItems: fc.boolean(),
      minProperties: fc.nat(2),
      maxProperties: fc.nat(2),
      required: fc.uniqueArray(name),
      properties: fc.dictionary(name, tie('schema'), { maxKeys: 2, noNullPrototype: true }),
      additionalProperties: tie('schema'),
      propertyNames: tie('schema'),
      prefixItems: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      items: tie('schema'),
      contains: tie('schema'),
      allOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      oneOf: fc.array(tie('schema'), { minLength: 1, maxLength: 2 }),
      not: tie('schema'),
      dependentRequired: fc.dictionary(name, fc.uniqueArray(name), { maxKeys: 1, noNullPrototype: true }),
      dependentSchemas: fc.dictionary(name, tie('schema'), { maxKeys: 1, noNullPrototype: true }),
      unevaluatedProperties: tie('schema'),
    }).map(([word, value]) => fc.record({ [word]: value })),
    fc.tuple(tie('schema'), tie('schema'), tie('schema')).map(([yes, no, asked]) => ({
      if: asked,
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: yes,
      else: no,
    })),
    fc.tuple(tie('schema'), fc.nat(2), fc.nat(2)).map(([contains, minContains, maxContains]) => ({
      contains,
      minContains,
      maxContains,
    })),
  ),
}));

/** The same schema: beside `prefixItems`, Ajv does not ask `contains` of an empty list (2020-12, 10.3.1.3). */
function containsApart(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(containsApart);
  if (typeof value !== 'object' || value === null) return value;
  const all: Record<string, unknown> = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, containsApart(inner)]),
  );
  if (!('prefixItems' in all) || !('contains' in all)) return all;
  const { contains, minContains, maxContains, allOf = [], ...rest } = all;
  const apart = {
    contains,
    ...(minContains !== undefined && { minContains }),
    ...(maxContains !== undefined && { maxContains }),
  };
  return { ...rest, allOf: [...(allOf as unknown[]), apart] };
}

it('asks of an empty list what it is to contain, also beside what its first items are to be', () => {
  const schema = JSON.stringify({ contains: { const: 1 }, prefixItems: [false] });
  expect(fits(schema, '[]')).toBe(false);
});

describe('a schema means what Ajv takes it for', () => {
  const options = { strict: false, validateFormats: false, logger: false, addUsedSchema: false } as const;

  function agree(root: unknown, value: unknown, ajv: Ajv | Ajv2020): void {
    if (typeof root !== 'object' || root === null) return;
    const expected = ajv.compile(containsApart(root) as object)(value) === true;
    expect(fits(JSON.stringify(root), JSON.stringify(value))).toBe(expected);
  }

  it('in 2020-12', () => {
    fc.assert(
      fc.property(schema, data, data, (root, one, other) => {
        const ajv = new Ajv2020({ ...options, meta: false, validateSchema: false });
        agree(root, one, ajv);
        agree(root, other, ajv);
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it.each<[unknown, unknown[]]>([
    [{ items: [{ type: 'string' }], additionalItems: { type: 'number' } }, [['a', 1], [1], ['a', 'b'], []]],
    [{ $ref: '#/definitions/a', type: 'string', definitions: { a: { type: 'number' } } }, [1, 'a']],
    [
      { dependencies: { a: ['b'], c: { maxProperties: 1 } } },
      [{ a: 1 }, { a: 1, b: 1 }, { c: 1, b: 1 }, { c: 1 }],
    ],
    [{ contains: { const: 1 } }, [[1], [], [1, 1]]],
  ])('in draft-07: %j', (schema, values) => {
    const root = { ...(schema as object), $schema: 'http://json-schema.org/draft-07/schema#' };
    for (const value of values) agree(root, value, new Ajv(options));
  });

  it.each<[unknown, unknown[]]>([
    [
      {
        $ref: '#/$defs/a',
        type: 'object',
        unevaluatedProperties: false,
        $defs: { a: { properties: { a: {} } } },
      },
      [{ a: 1 }, { b: 1 }, {}],
    ],
    [
      {
        anyOf: [{ properties: { a: { type: 'string' } }, required: ['a'] }, { properties: { b: {} } }],
        unevaluatedProperties: false,
      },
      [{ a: 'x' }, { a: 'x', b: 1 }, { a: 1 }, { b: 1 }, { c: 1 }],
    ],
    [{ allOf: [{ unevaluatedProperties: false }], properties: { a: {} } }, [{ a: 1 }, {}]],
    [{ not: { not: { properties: { a: {} } } }, unevaluatedProperties: false }, [{ a: 1 }, {}]],
  ])('in what others have not looked at: %j', (schema, values) => {
    for (const value of values) agree(schema, value, new Ajv2020(options));
  });
});

describe('what an "if" and a "contains" have looked at', () => {
  // Core §10.2.2.1, §10.3.1.3 and §11; Ajv counts otherwise.
  const withIf = {
    if: { properties: { a: { const: 1 } }, required: ['a'] },
    else: { properties: { b: {} } },
    unevaluatedProperties: false,
  };
  const withContains = { prefixItems: [{}], contains: { const: 1 }, unevaluatedItems: { type: 'string' } };

  it.each<[object, unknown, boolean]>([
    [withIf, { a: 1 }, true],
    [withIf, { a: 2 }, false],
    [withIf, { b: 1 }, true],
    [withIf, { a: 1, b: 1 }, false],
    [withContains, [0, 1, 'a'], true],
    [withContains, [0, 'a', 1], true],
    [withContains, [0, 1, 2], false],
  ])('%j of %j counts: %s', (root, value, expected) => {
    expect(fits(JSON.stringify(root), JSON.stringify(value))).toBe(expected);
  });
});
