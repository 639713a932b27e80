import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf, prettyJson } from './pretty-json.ts';

describe('prettyJson()', () => {
  it('keeps digits, order, spelling and repeated names', () => {
    const text = '{"b":12345678901234567890,"a":[1.50,{"x":"\\u0041"}],"a":{},"e":[]}';
    expect(prettyJson(text)).toBe(
      '{\n  "b": 12345678901234567890,\n  "a": [\n    1.50,\n    {\n      "x": "\\u0041"\n    }\n  ],\n  "a": {},\n  "e": []\n}',
    );
  });

  it('of any JSON means the same as before', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.parse(prettyJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });
});

it.each([
  ['{"a":1}', 'object'],
  [' [1]', 'array'],
  ['"x"', 'text'],
  ['-1', 'number'],
  ['0.5', 'number'],
  ['null', 'word'],
])('kindOf(%s) is %s', (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});
