import { writeExact } from '@anika/core/exact-json';
import { describe, expect, it } from 'vitest';
import { type EnteredErasure, erasureBody } from './erasure-body.ts';

const NOTHING: EnteredErasure = { topicId: '', by: 'key', key: '', path: '', value: '', reason: 'asked for' };

describe('erasureBody()', () => {
  it('has a key, or a path with its value, and the topic where one is chosen', () => {
    expect(erasureBody({ ...NOTHING, key: 'C-17', path: 'data.a', value: '1' })).toEqual({
      key: 'C-17',
      reason: 'asked for',
    });
    const path = { by: 'path', path: ' data.phone ', value: '+7 900', topicId: 'top_1' } as const;
    expect(erasureBody({ ...NOTHING, ...path })).toEqual({
      topicId: 'top_1',
      path: 'data.phone',
      value: '+7 900',
      reason: 'asked for',
    });
  });

  it.each([
    ['17', 17],
    ['"17"', '17'],
    ['true', true],
    ['null', null],
    ['1.50', 1.5],
    ['[1]', '[1]'],
    ['{"a":1}', '{"a":1}'],
    ['Мария', 'Мария'],
  ])('takes %s for %j', (value, sent) => {
    expect(erasureBody({ ...NOTHING, by: 'path', path: 'data.a', value })).toMatchObject({ value: sent });
  });

  it('sends a number with all the digits that were entered', () => {
    const body = erasureBody({ ...NOTHING, by: 'path', path: 'data.a', value: '12345678901234567890' });
    expect(writeExact(body)).toBe('{"reason":"asked for","path":"data.a","value":12345678901234567890}');
  });

  it.each([
    { key: '' },
    { by: 'path' as const, path: 'data.a', value: '' },
    { by: 'path' as const, path: '', value: 'a' },
    { key: 'C-17', reason: ' ' },
  ])('is none while something is missing: %j', (more) => {
    expect(erasureBody({ ...NOTHING, ...more })).toBeUndefined();
  });
});
