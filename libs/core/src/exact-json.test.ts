import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactNumber } from './decimal.ts';
import { isJsonObject, parseExact, writeExact } from './exact-json.ts';
import { compactText } from './json-text.ts';

const BEYOND = '12345678901234567890.5';

describe('parseExact()', () => {
  it('reads what JSON.parse reads where doubles hold the numbers', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parseExact(text)).toStrictEqual(JSON.parse(text));
      }),
    );
  });

  it('reads the same around a number that no double holds', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 1, '\t'), (value, indent) => {
        const text = JSON.stringify([value, 0], undefined, indent);
        const [parsed, exact] = parseExact(text.replace(/0(\s*\])$/, `${BEYOND}$1`)) as unknown[];
        expect(parsed).toStrictEqual(JSON.parse(JSON.stringify(value)));
        expect(exact).toBeInstanceOf(ExactNumber);
      }),
    );
  });

  it('takes the last of a repeated name, and every name for what it is', () => {
    const text = `{"a":1,"a":${BEYOND},"__proto__":{"x":1},"\\u0062":[],"constructor":2}`;
    const parsed = parseExact(text) as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['a', '__proto__', 'b', 'constructor']);
    expect(parsed.a).toBeInstanceOf(ExactNumber);
    expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  });

  it.each(['', '{', '[1,]', '01', `[${BEYOND}`, `{"a":${BEYOND},}`, `${BEYOND} x`])('refuses %j', (text) => {
    expect(() => parseExact(text)).toThrow(SyntaxError);
  });

  it('reads a long text and a deep one', () => {
    const long = JSON.stringify('\\"'.repeat(1_000_000));
    expect(parseExact(`[${long},${BEYOND}]`)).toHaveLength(2);
  });
});

describe('writeExact()', () => {
  it('writes what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.anything({ withDate: true, withBigInt: false }), (value) => {
        expect(writeExact(value)).toBe(JSON.stringify(value) ?? 'null');
      }),
    );
  });

  it.each([
    '40817810000012345677',
    '[1e400,-0.10000000000000000001,{"a":123456789012345678.00}]',
    '{"a":{"b":[12345678901234567890,1.5,"12345678901234567890",null,true]}}',
  ])('writes %s with the digits that were given', (text) => {
    expect(writeExact(parseExact(text))).toBe(compactText(text));
  });
});

describe('isJsonObject()', () => {
  it.each([
    ['{}', true],
    ['[]', false],
    ['null', false],
    ['"{}"', false],
    [BEYOND, false],
  ])('of %s is %s', (text, expected) => {
    expect(isJsonObject(parseExact(text))).toBe(expected);
  });
});
