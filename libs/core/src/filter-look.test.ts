import { describe, expect, it } from 'vitest';
import { parseFieldMask } from './field-mask.ts';
import { parseFilter } from './filter.ts';
import { lookForFilter } from './filter-look.ts';
import { lookForTypes } from './type-look.ts';

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

type More = { mask?: unknown; schema?: Record<string, unknown>; messages?: unknown[]; key?: string };

function warningsOf(filter: unknown, { mask, schema, messages = [], key }: More = {}) {
  const look = lookForFilter({
    filter: filterOf(filter),
    mask: mask === undefined ? undefined : maskOf(mask),
    schema,
  });
  for (const data of messages) look.look({ type: 't', key, data });
  return look.warnings(messages.length);
}

const DATA = { n: 5, s: 'x', no: null, yes: true, o: { a: 1 }, list: [{ b: 1 }, { b: 'x' }], empty: [] };

describe('lookForFilter()', () => {
  it.each<[string, unknown, More?]>([
    ['numbers with numbers', { 'data.n': 5, 'data.o.a': { gt: 1 } }],
    ['a text with a text', { 'data.s': { prefix: 'x' } }],
    ['one of several kinds', { 'data.n': { in: ['5', 5] } }],
    ['any item of an array', { 'data.list.b': { gt: 'a' } }],
    ['what is to be absent', { 'data.gone': { exists: false } }],
    ['what is there', { 'data.empty': { exists: true } }],
    ['a key', { key: 'k' }, { key: 'k' }],
    ['the type', { type: 'other' }],
    ['what the schema knows', { 'data.later': 1 }, { schema: { properties: { later: {} } } }],
    ['what another path hides', { 'data.n': 5 }, { mask: { exclude: ['data.s'] } }],
    ['what is shown', { 'data.o.a': 1 }, { mask: { include: ['data.o'] } }],
    [
      'part of what is shown',
      { 'data.list': 1, 'data.list.b': 1 },
      { mask: { include: ['data.list.*.b'] }, messages: [{ list: [1, { b: 1 }] }] },
    ],
  ])('has nothing against comparing %s', (_, filter, more = {}) => {
    expect(warningsOf(filter, { messages: [DATA], ...more })).toEqual([]);
  });

  it.each<[string, unknown, string, string, More?]>([
    ['a misspelt path', { 'data.nn': 5 }, 'data.nn', 'none of the newest messages (1 looked at) has it'],
    ['a path below a text', { 'data.s.a': 5 }, 'data.s.a', 'none of the newest'],
    [
      'a misspelt path deep in it',
      { or: [{ not: { 'data.x\\.y': 5 } }] },
      'data.x\\.y',
      'none of the newest',
    ],
    ['a text with a number', { 'data.s': 5 }, 'data.s', 'compared with a number, and is a text in all'],
    [
      'a number with a text',
      { 'data.n': { gte: '5' } },
      'data.n',
      'compared with a text, and is a number in all',
    ],
    ['a beginning of a number', { 'data.n': { prefix: '5' } }, 'data.n', 'compared with a text'],
    ['truth with a text', { 'data.yes': 'true' }, 'data.yes', 'is true or false'],
    ['null with a number', { 'data.no': 0 }, 'data.no', 'is null'],
    [
      'an object',
      { 'data.o': 1 },
      'data.o',
      'is an object in all messages that have it; name one of its members',
    ],
    ['an empty array', { 'data.empty': 1 }, 'data.empty', 'is an empty array'],
    ['a key where none is', { key: 'k' }, 'key', 'none of the newest'],
    ['a hidden path', { 'data.s': 'x' }, 'data.s', 'the grant hides it', { mask: { exclude: ['data.s'] } }],
    [
      'a path below a hidden one',
      { 'data.o.a': 1 },
      'data.o.a',
      'hides it',
      { mask: { exclude: ['data.o'] } },
    ],
    ['what is not shown', { 'data.n': 1 }, 'data.n', 'hides it', { mask: { include: ['data.s'] } }],
    ['a hidden key', { key: 'k' }, 'key', 'hides it', { mask: { include: ['data.s'] }, key: 'k' }],
    [
      'what the schema does not know',
      { 'data.nn': 1 },
      'data.nn',
      'schema does not know it',
      { schema: {}, messages: [] },
    ],
  ])('warns of %s', (_, filter, path, reason, more = {}) => {
    expect(warningsOf(filter, { messages: [DATA], ...more })).toEqual([
      { path, reason: expect.stringContaining(reason) },
    ]);
  });

  it('says of a path twice only what differs, and nothing where nothing can be known', () => {
    const filter = { and: [{ 'data.x': 1 }, { 'data.x': 2 }] };
    expect(warningsOf(filter, { messages: [1] })).toHaveLength(1);
    expect(warningsOf(filter)).toEqual([]);
  });
});

describe('lookForTypes()', () => {
  const warned = (types: string[], seen: string[], granted?: string[]) => {
    const look = lookForTypes(types, granted);
    for (const type of seen) look.look({ type });
    return look.warnings(seen.length).map(({ reason }) => reason);
  };

  it('warns of types that no message has and no grant names', () => {
    expect(warned(['a', 'b', 'b'], ['a'])).toEqual([
      'none of the newest messages (1 looked at) is of type b',
    ]);
    expect(warned(['a', 'b'], ['a'], ['b'])).toEqual(['the grant does not let a through']);
    expect(warned(['a'], [])).toEqual([]);
  });
});
