import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNumbers, decimalOf, ExactNumber, equalNumbers, numberOf, sortableText } from './decimal.ts';

/** Texts of JSON numbers, many of them beyond a double or within a hair of one another. */
const digits = fc.stringMatching(/^[0-9]{1,24}$/);
const whole = fc.oneof(
  fc.constantFrom('0', '1', '9007199254740993', '40817810000012345677', '40817810000012345678'),
  digits.map((text) => text.replace(/^0+(?=.)/, '')),
);
const fraction = fc.oneof(
  fc.constantFrom('', '.0', '.10', '.1000000000000000055511'),
  digits.map((d) => `.${d}`),
);
const power = fc.constantFrom('', 'e0', 'E+1', 'e-1', 'e22', 'e-320', 'e308', 'e400', 'e-400');
const numberText = fc.tuple(fc.constantFrom('', '-'), whole, fraction, power).map((parts) => parts.join(''));

/** The order by arithmetic: both times a power of ten that makes them whole. */
function orderByIntegers(a: string, b: string): number {
  const scaled = [a, b].map((text) => {
    const [mantissa = '', exponent = '0'] = text.split(/[eE]/);
    const [before = '', after = ''] = mantissa.split('.');
    return (
      BigInt(`${before}${after}`.replace('-', '')) * 10n ** BigInt(Number(exponent) - after.length + 900)
    );
  });
  const [x = 0n, y = 0n] = [a, b].map((text, i) => (text.startsWith('-') ? -1n : 1n) * (scaled[i] ?? 0n));
  return x === y ? 0 : x < y ? -1 : 1;
}

describe('numberOf()', () => {
  it.each([
    '0',
    '-0',
    '1',
    '1.0',
    '1e0',
    '10e-1',
    '0.1',
    '19.99',
    '1749000.50',
    '123456789012345',
    '1e21',
    '5e-324',
    '1.7976931348623157e308',
    '9007199254740992',
  ])('makes a double of %s, which has its value', (text) => {
    expect(numberOf(text)).toBe(Number(text));
  });

  it.each([
    '40817810000012345677',
    '9007199254740993',
    '1000000000000000.13',
    '0.1000000000000000055511',
    '1e400',
    '-1e400',
    '1e-400',
    '123456789012345678e-10',
  ])('keeps the digits of %s', (text) => {
    const number = numberOf(text);
    expect(number).toBeInstanceOf(ExactNumber);
    expect((number as ExactNumber).text).toBe(text);
  });

  it('makes a double just where the double has the value of the text', () => {
    fc.assert(
      fc.property(numberText, (one) => {
        const double = Number(one);
        const isSame = Number.isFinite(double) && orderByIntegers(one, String(double)) === 0;
        expect(numberOf(one) instanceof ExactNumber).toBe(!isSame);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compareNumbers()', () => {
  it.each([
    ['1', '1.0', 0],
    ['1', '1e0', 0],
    ['1', '10e-1', 0],
    ['0', '-0.0e5', 0],
    ['1e400', '10e399', 0],
    ['40817810000012345677', '40817810000012345678', -1],
    ['40817810000012345677.0', '4081781000001234567.7e1', 0],
    ['9007199254740993', '9007199254740992', 1],
    ['0.1', '0.10000000000000000001', -1],
    ['-0.1', '-0.10000000000000000001', 1],
    ['1e400', '1e401', -1],
    ['1e-400', '0', 1],
    ['-1e-400', '0', -1],
    ['-1e400', '1e-400', -1],
    ['12', '9', 1],
    ['0.012', '0.02', -1],
  ] as const)('of %s and %s is %d', (a, b, order) => {
    expect(compareNumbers(numberOf(a), numberOf(b))).toBe(order);
    expect(compareNumbers(numberOf(b), numberOf(a))).toBe(0 - order);
    expect(equalNumbers(numberOf(a), numberOf(b))).toBe(order === 0);
  });

  it('is the order of the values, whatever the spelling', () => {
    fc.assert(
      fc.property(numberText, numberText, (a, b) => {
        expect(compareNumbers(numberOf(a), numberOf(b))).toBe(orderByIntegers(a, b));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes work that grows with the digits, also of an exponent that is a long text', () => {
    const nines = '9'.repeat(250_000);
    expect(compareNumbers(numberOf(`0.${'0'.repeat(250_000)}1`), numberOf(`1e-250001`))).toBe(0);
    expect(compareNumbers(numberOf(`1e${nines}`), numberOf(nines))).toBeGreaterThan(0);
    expect(compareNumbers(numberOf(`1e-${nines}`), numberOf('0'))).toBeGreaterThan(0);
    expect(decimalOf(`${'0'.repeat(250_000)}1${'0'.repeat(250_000)}`).digits).toBe('1');
  });
});

describe('sortableText()', () => {
  it('sorts as the values do, and is one text for one value', () => {
    fc.assert(
      fc.property(numberText, numberText, (a, b) => {
        const [x, y] = [sortableText(decimalOf(a)), sortableText(decimalOf(b))];
        expect(x === y ? 0 : x < y ? -1 : 1).toBe(orderByIntegers(a, b));
      }),
      { numRuns: 2000 },
    );
  });
});
