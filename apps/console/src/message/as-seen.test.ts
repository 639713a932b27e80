import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prettyJson } from '../ui/pretty-json.ts';
import { type Line, linesOf, seenUnder } from './as-seen.ts';

const PARTS = {
  type: 'car.selected',
  key: 'client-17',
  dataText: '{"sum":12345678901234567890,"customer":{"name":"Мария","phone":"+7"},"tags":["a",{"b":1},"c"]}',
};

describe('seenUnder()', () => {
  it('keeps every digit of what stays, and hides the key where it is named', () => {
    expect(seenUnder({ exclude: ['data.customer.phone', 'key'] }, PARTS)).toEqual({
      key: null,
      dataText: '{"sum":12345678901234567890,"customer":{"name":"Мария"},"tags":["a",{"b":1},"c"]}',
    });
  });

  it('without fields leaves all, and of what ANIKA itself says too', () => {
    const { key, dataText } = PARTS;
    expect(seenUnder(null, PARTS)).toEqual({ key, dataText });
    const recalled = { ...PARTS, type: 'anika.message.recalled' };
    expect(seenUnder({ include: [] }, recalled)).toEqual({ key, dataText });
  });

  it('knows no fields that ANIKA would not take', () => {
    expect(seenUnder({ exclude: ['customer'] }, PARTS)).toBeUndefined();
  });
});

const textOf = (lines: readonly Line[], side: keyof Line) =>
  lines
    .map((line) => line[side])
    .filter((line) => line !== undefined && line !== '')
    .join('\n');

describe('linesOf()', () => {
  it('has beside each line what is left of it', () => {
    expect(linesOf({ published: '{"a":1,"b":{"c":2}}', got: '{"a":1,"b":{}}' })).toEqual([
      { published: '{', got: '{' },
      { published: '  "a": 1,', got: '  "a": 1,' },
      { published: '  "b": {', got: '  "b": {' },
      { published: '    "c": 2', got: undefined },
      { published: '  }', got: '  }' },
      { published: '}', got: '}' },
    ]);
  });

  it('of what is hidden whole says what is sent in its place', () => {
    expect(linesOf({ published: '{"a":1}', got: 'null' }).at(-1)).toEqual({ published: '', got: 'null' });
  });

  it('is both texts, whatever is hidden of whatever', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, 'x', null, true),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.dictionary(name, tie('value'), { maxKeys: 3 }),
      ),
    }));
    const path = fc
      .array(fc.oneof(name, fc.constant('*')), { minLength: 1, maxLength: 3 })
      .map((names) => `data.${names.join('.')}`);
    const mask = fc.record({
      way: fc.constantFrom('include', 'exclude'),
      paths: fc.array(path, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(value, mask, (data, { way, paths }) => {
        const published = JSON.stringify(data);
        const got = seenUnder({ [way]: paths }, { ...PARTS, dataText: published })?.dataText ?? '';
        const lines = linesOf({ published, got });
        expect(textOf(lines, 'published')).toBe(prettyJson(published));
        expect(JSON.parse(textOf(lines, 'got'))).toEqual(JSON.parse(got));
      }),
    );
  });
});
