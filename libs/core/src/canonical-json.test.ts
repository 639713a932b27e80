import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { parseExact } from './exact-json.ts';

const canonical = (text: string) => canonicalJson(parseExact(text));

describe('canonicalJson()', () => {
  it.each([
    ['{"b":1,"a":2}', '{ "a" : 2, "b" : 1 }'],
    ['[1.0,-0,1e2]', '[1,0,100]'],
    ['12345678901234567890.10', '1234567890123456789.01e1'],
    ['1e400', '10e399'],
    ['"\\u0416\\/"', '"Ж/"'],
    ['{"\\ud83d\\ude00":1,"\ufb33":2}', '{"\ufb33":2,"\u{1f600}":1}'],
  ])('is the same for %s and %s', (a, b) => {
    expect(canonical(a)).toBe(canonical(b));
  });

  it.each([
    ['[1,2]', '[2,1]'],
    ['12345678901234567890', '12345678901234567891'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['1e400', '1e401'],
    ['1', '"1"'],
    ['{"a":null}', '{}'],
    ['"é"', '"e\u0301"'],
  ])('is not the same for %s and %s', (a, b) => {
    expect(canonical(a)).not.toBe(canonical(b));
  });

  it('is that of RFC 8785 where doubles hold all numbers', () => {
    // Section 3.2.3 of it; the order is that of UTF-16 code units.
    const members = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
    const text = JSON.stringify(Object.fromEntries(members.map((name, n) => [name, n])));
    const order = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
    expect(canonical(text)).toBe(
      `{${order.map((name) => `${JSON.stringify(name)}:${members.indexOf(name)}`).join(',')}}`,
    );
  });

  it('is the same for any order of members', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });
});

function reversed(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(reversed);
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
}
