import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compactText,
  elementTexts,
  hasLoneSurrogate,
  jsonDepth,
  memberText,
  memberTexts,
  repeatedName,
} from './json-text.ts';

const space = fc.constantFrom('', ' ', '\n\t', '\r\n ');

/** JSON text with white space between its parts. */
const json = fc.tuple(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2)).map(([value, indent]) => ({
  value,
  text: JSON.stringify(value, undefined, indent),
}));

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe('memberTexts()', () => {
  it('finds the members that JSON.parse finds', () => {
    const object = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 3 }));
    fc.assert(
      fc.property(object, fc.constantFrom(0, 1), space, (value, indent, before) => {
        const text = before + JSON.stringify(value, undefined, indent) + before;
        const found = memberTexts(text).map(({ name, valueText }) => [name, JSON.parse(valueText)]);
        expect(Object.fromEntries(found)).toStrictEqual(JSON.parse(text));
        expect(found.length).toBe(Object.keys(value).length);
      }),
    );
  });

  it('keeps the spelling of names and values, and repeated names', () => {
    const text = '{"a" : 1e400,"\\u0061":-0.0 , "b\\"}" :"]}\\\\"}';
    expect(memberTexts(text)).toEqual([
      { name: 'a', nameText: '"a"', valueText: '1e400' },
      { name: 'a', nameText: '"\\u0061"', valueText: '-0.0' },
      { name: 'b"}', nameText: '"b\\"}"', valueText: '"]}\\\\"' },
    ]);
  });

  it('finds none in an empty object', () => {
    expect(memberTexts(' { } ')).toEqual([]);
  });
});

describe('memberText()', () => {
  it('gives the last of a repeated name, as JSON.parse does', () => {
    const text = '{"data":1,"x":{"data":2},"data":{"n":12345678901234567890}}';
    expect(memberText(text, 'data')).toBe('{"n":12345678901234567890}');
  });

  it('gives nothing for a name that is not there, an inherited one too', () => {
    expect(memberText('{"a":{"b":1}}', 'b')).toBeUndefined();
    expect(memberText('{}', 'toString')).toBeUndefined();
  });
});

describe('elementTexts()', () => {
  it('finds the items that JSON.parse finds', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue({ maxDepth: 3 })), fc.constantFrom(0, 1), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(elementTexts(text).map((item) => JSON.parse(item))).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    ['[]', []],
    [' [ ] ', []],
    ['[1.50,[ ],"[,]", 123456789012345678901 ]', ['1.50', '[ ]', '"[,]"', '123456789012345678901']],
  ])('splits %s', (text, items) => {
    expect(elementTexts(text)).toEqual(items);
  });
});

describe('jsonDepth()', () => {
  it('agrees with the parsed value', () => {
    fc.assert(
      fc.property(json, ({ value, text }) => {
        expect(jsonDepth(text)).toBe(depthOf(value));
      }),
    );
  });

  it('counts no brackets in texts', () => {
    expect(jsonDepth('["[[[{","\\"[",{"]}":"["}]')).toBe(2);
  });

  it('measures a text of many levels without running out of stack', () => {
    expect(jsonDepth('['.repeat(100_000) + ']'.repeat(100_000))).toBe(100_000);
  });
});

describe('compactText()', () => {
  it('writes what JSON.stringify writes without indentation', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        expect(compactText(JSON.stringify(value, undefined, indent))).toBe(JSON.stringify(value));
      }),
    );
  });

  it('leaves texts, spelling and order alone', () => {
    expect(compactText(' { "b c" : 1.0 ,\r\n"a":" \\" \\\\" , "n" : 12345678901234567890 } ')).toBe(
      '{"b c":1.0,"a":" \\" \\\\","n":12345678901234567890}',
    );
  });
});

describe('hasLoneSurrogate()', () => {
  it.each([
    ['"\\ud800"', true],
    ['{"\\uDC00":1}', true],
    ['[{"a":["x\\udbff"]}]', true],
    ['"\\ud83d\\ude00"', false],
    ['"\\\\ud800"', false],
    ['"\u{1f600}"', false],
    ['5', false],
  ])('of %s is %s', (text, expected) => {
    expect(hasLoneSurrogate(JSON.parse(text), text)).toBe(expected);
  });
});

describe('repeatedName()', () => {
  it.each([
    ['{"a":1,"a":2}', ['a']],
    ['{"a":{"b":[0,{"c":1,"d":{},"c":1}]}}', ['a', 'b', '1', 'c']],
    ['{"a":1,"\\u0061":2}', ['a']],
    ['[{"__proto__":1,"__proto__":2}]', ['0', '__proto__']],
    ['{"":1,"":1}', ['']],
    ['{"a":"x:y,{\\"a\\"","b":{"a":1,"x" : 2, "x": 3}}', ['b', 'x']],
  ])('of %s is at %j', (text, path) => {
    expect(repeatedName(JSON.parse(text), text)).toEqual(path);
  });

  it('is nowhere in what JSON.stringify writes, and is found wherever a member is written again', () => {
    const indent = fc.constantFrom(0, 1, '\t');
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.string(), indent, (value, name, space) => {
        const text = JSON.stringify(value, undefined, space);
        expect(repeatedName(value, text)).toBeUndefined();
        const again = `{"x":[${text},{${JSON.stringify(name)}:${text},${JSON.stringify(name)}:1}]}`;
        expect(repeatedName(JSON.parse(again), again)).toEqual(['x', '1', name]);
      }),
    );
  });
});
