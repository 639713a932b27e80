import { Failure } from '@anika/core/failures';
import { describe, expect, it } from 'vitest';
import { parseSchema } from './check-schema.ts';

/** Each level names the next one twice: 2^levels checks of one value. */
function doubling(levels: number) {
  const $defs: Record<string, unknown> = { [`a${levels}`]: { type: 'string' } };
  for (let n = 0; n < levels; n += 1) {
    const next = { $ref: `#/$defs/a${n + 1}` };
    $defs[`a${n}`] = { allOf: [next, next] };
  }
  return { $defs, $ref: '#/$defs/a0' };
}

function pathOfRefusal(text: string): string | undefined {
  try {
    parseSchema(text);
  } catch (error) {
    if (error instanceof Failure && error.code === 'validation-failed') return error.errors?.[0]?.path;
    throw error;
  }
  return undefined;
}

const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#' };

describe('parseSchema()', () => {
  it.each([
    ['references that double', doubling(40), 'schema'],
    ['a circle', { properties: { a: { allOf: [{ $ref: '#' }, { $ref: '#' }] } } }, 'schema'],
    [
      'a circle through escaped names',
      { $defs: { 'a/b': { anyOf: [{ $ref: '#/%24defs/a~1b' }] } } },
      'schema',
    ],
    [
      'another base for references',
      { properties: { a: { $id: 'https://x.example/' } } },
      'schema.properties.a.$id',
    ],
    ['a regular expression', { items: { pattern: '(a+)+$' } }, 'schema.items.pattern'],
    ['many regular expressions', { patternProperties: { a: {} } }, 'schema.patternProperties'],
    ['the asynchronous kind', { $async: true, type: 'object' }, 'schema.$async'],
    ['the asynchronous kind, further down', { allOf: [{ $async: true }] }, 'schema.allOf.0.$async'],
    [
      'the asynchronous kind, behind a name',
      { properties: { 'a.b': { $async: true } } },
      'schema.properties.a\\.b.$async',
    ],
    [
      'the asynchronous kind where nothing asks',
      { $defs: { a: { $async: false } } },
      'schema.$defs.a.$async',
    ],
    ['a dynamic reference', { $dynamicRef: '#a' }, 'schema.$dynamicRef'],
    ['a place that has a name', { $anchor: 'a' }, 'schema.$anchor'],
    ['what no keyword is', { typ: 'object' }, 'schema.typ'],
    ['a keyword of the other version', { additionalItems: false }, 'schema.additionalItems'],
    ['a keyword of the newer version', { ...draft07, prefixItems: [{}] }, 'schema.prefixItems'],
    ['no type', { properties: { a: { type: 'text' } } }, 'schema.properties.a.type'],
    ['a reference elsewhere', { $ref: 'https://x.example/' }, 'schema.$ref'],
    ['a reference to nothing', { $ref: '#/$defs/a' }, 'schema.$ref'],
    ['a reference to what is no schema', { const: { a: {} }, $ref: '#/const/a' }, 'schema.$ref'],
    ['a reference to names', { properties: { a: {} }, $ref: '#/properties' }, 'schema.$ref'],
    ['a divisor of nothing', { multipleOf: 0 }, 'schema.multipleOf'],
    ['a length below nothing', { minLength: -1 }, 'schema.minLength'],
    ['an empty list of alternatives', { anyOf: [] }, 'schema.anyOf'],
  ])('refuses %s, and says where', (_, schema, path) => {
    expect(pathOfRefusal(JSON.stringify(schema))).toBe(path);
  });

  it.each([
    ['{"description":"a\\u0000b"}', 'schema.description'],
    ['{"properties":{"a\\u0000":{}}}', 'schema.properties'],
    ['{"const":"\\ud800"}', 'schema.const'],
    ['{"enum":[{"x":["\\udc00"]}]}', 'schema.enum.0.x.0'],
    ['{"properties":{"__proto__":{}}}', 'schema.properties.__proto__'],
    ['{"__proto__":{"type":"object"}}', 'schema.__proto__'],
    ['{"default":{"a":{"__proto__":1}}}', 'schema.default.a.__proto__'],
    ['[]', 'schema'],
    ['{"multipleOf":1.0000000000000000000000000000001}', 'schema.multipleOf'],
  ])('refuses %s', (text, path) => {
    expect(pathOfRefusal(text)).toBe(path);
  });

  const words = [
    'pattern',
    'uniqueItems',
    '$anchor',
    '$async',
    'patternProperties',
    '$ref',
    '$id',
    'typ',
    'const',
  ];

  it.each(words)('takes a field, a definition and a value called %s', (word) => {
    const values = [{ [word]: 'x' }, word, { a: [{ [word]: 1 }] }];
    parseSchema(
      JSON.stringify({
        properties: { [word]: { type: 'string' }, a: { properties: { [word]: {} } } },
        required: [word],
        dependentRequired: { [word]: ['a'] },
        dependentSchemas: { [word]: { properties: { [word]: true } } },
        $defs: { [word]: {} },
        enum: values,
        const: values[0],
        default: values,
        examples: values,
      }),
    );
  });

  it.each([
    ['definitions used more than once', doubling(3)],
    ['unique items of any kind', { type: 'array', items: { type: 'object' }, uniqueItems: true }],
    ['an id of its own', { $id: 'https://x.example/car', properties: { $ref: { type: 'string' } } }],
    [
      'a list of items in draft-07',
      { ...draft07, items: [{}], additionalItems: false, dependencies: { a: ['b'], c: {} } },
    ],
    ['names of others for annotations', { 'x-owner': { pattern: 1 }, properties: { a: { 'x-unit': 'km' } } }],
    ['a format nobody checks', { format: 'vin' }],
  ])('takes %s', (_, schema) => {
    parseSchema(JSON.stringify(schema));
  });
});
