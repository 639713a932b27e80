import { describe, expect, it } from 'vitest';
import { type FieldMask, parseFieldMask } from './field-mask.ts';
import { createMaskFinder } from './mask-finder.ts';
import { unknownPaths } from './schema-paths.ts';

function maskOf(value: unknown): FieldMask {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error(`not a mask: ${JSON.stringify(parsed.errors)}`);
  return parsed.mask;
}

const schema = {
  $defs: { person: { properties: { phone: {}, friend: { $ref: '#/$defs/person' } } } },
  properties: {
    customer: { $ref: '#/$defs/person' },
    items: { type: 'array', items: { properties: { price: true } } },
    'a.b': { anyOf: [{ properties: { c: {} } }] },
    ['й'.normalize('NFD')]: {},
  },
};

describe('unknownPaths()', () => {
  it.each<[object, string[]]>([
    [{ exclude: ['data.customer.phone', 'key'] }, []],
    [{ exclude: ['data.customer.fone', 'data.phone'] }, ['data.customer.fone', 'data.phone']],
    [{ exclude: ['data.customer.friend.friend.phone'] }, []],
    [{ exclude: ['data.items.price', 'data.items.*.price', 'data.customer.*.phone'] }, []],
    [{ include: ['data.items.price', 'data.items.*.price'] }, ['data.items.price']],
    [{ include: ['data.customer.*.phone'] }, ['data.customer.*.phone']],
    [{ exclude: ['data.a\\.b.c', 'data.a.b.c'] }, ['data.a.b.c']],
    [{ exclude: [`data.${'й'.normalize('NFC')}`] }, []],
    [{ include: [`data.${'й'.normalize('NFC')}`] }, [`data.${'й'.normalize('NFC')}`]],
    [
      { exclude: ['data.toString', 'data.customer.constructor'] },
      ['data.toString', 'data.customer.constructor'],
    ],
  ])('of %j are %j', (mask, unknown) => {
    expect(unknownPaths(maskOf(mask), schema)).toEqual(unknown);
  });

  it('are all of them without a schema, and end on references in circles', () => {
    expect(unknownPaths(maskOf({ exclude: ['data.a', 'key'] }), undefined)).toEqual(['data.a']);
    const circle = { allOf: [{ $ref: '#' }, { $ref: '#' }] };
    expect(unknownPaths(maskOf({ exclude: ['data.a'] }), circle)).toEqual(['data.a']);
  });
});

describe('createMaskFinder()', () => {
  const data = { customer: { phone: 1 }, items: [{ price: 1 }, [{ deep: 2 }]], ['й'.normalize('NFD')]: 1 };

  it.each<[object, string[]]>([
    [{ exclude: ['data.customer.phone', 'data.customer'] }, []],
    [{ exclude: ['data.customer.fone', 'data.items.price', 'data.items.deep'] }, ['data.customer.fone']],
    [{ exclude: ['data.customer.*.phone', 'data.items.*.*.deep'] }, []],
    [{ include: ['data.items.price', 'data.items.*.price'] }, ['data.items.price']],
    [{ include: ['data.customer.*.phone', 'data.toString'] }, ['data.customer.*.phone', 'data.toString']],
    [{ exclude: [`data.${'й'.normalize('NFC')}`] }, []],
    [{ exclude: ['data.*.x', 'data.*'] }, ['data.*.x']],
  ])('of %j misses %j', (mask, missing) => {
    const parsed = maskOf(mask);
    const finder = createMaskFinder(parsed, 'include' in parsed ? parsed.include : parsed.exclude);
    for (const value of [null, 5, [], {}]) finder.look(value);
    finder.look(data);
    expect(finder.missing()).toEqual(missing);
    expect(finder.isDone()).toBe(missing.length === 0);
  });
});
