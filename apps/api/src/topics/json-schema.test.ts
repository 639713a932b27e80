import { describe, expect, it } from 'vitest';
import { checkJsonSchema } from './json-schema.ts';

/** Each level names the next one twice: 2^levels checks of one value. */
function doubling(levels: number) {
  const $defs: Record<string, unknown> = { [`a${levels}`]: { type: 'string' } };
  for (let n = 0; n < levels; n += 1) {
    const next = { $ref: `#/$defs/a${n + 1}` };
    $defs[`a${n}`] = { allOf: [next, next] };
  }
  return { $defs, $ref: '#/$defs/a0' };
}

describe('checkJsonSchema() lets no schema hold up the process', () => {
  it.each([
    ['references that double', doubling(40)],
    ['a circle', { properties: { a: { allOf: [{ $ref: '#' }, { $ref: '#' }] } } }],
    ['a circle through escaped names', { $defs: { 'a/b': { anyOf: [{ $ref: '#/%24defs/a~1b' }] } } }],
    ['items compared with each other', { type: 'array', uniqueItems: true }],
    ['objects compared with each other', { items: { type: ['string', 'object'] }, uniqueItems: true }],
    ['another base for references', { properties: { a: { $id: 'https://x.example/' } } }],
    ['a regular expression', { type: 'string', pattern: '(a+)+$' }],
  ])('refuses %s', (_, schema) => {
    expect(() => checkJsonSchema(schema)).toThrow(/^schema.*must/);
  });

  it.each([
    ['definitions used more than once', doubling(3)],
    ['unique scalars', { type: 'array', items: { type: 'string' }, uniqueItems: true }],
    [
      'an id of its own',
      { $id: 'https://x.example/car', type: 'object', properties: { $ref: { type: 'string' } } },
    ],
  ])('takes %s', (_, schema) => {
    checkJsonSchema(schema);
  });
});
