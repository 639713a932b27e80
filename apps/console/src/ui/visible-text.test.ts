import { describe, expect, it } from 'vitest';
import { turns, visibleText } from './visible-text.ts';

describe('visibleText()', () => {
  it.each([
    ['счёт\u202etxt.exe', 'счёт\\u202etxt.exe'],
    ['a\u200bb', 'a\\u200bb'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['bell\u0007', 'bell\\u0007'],
    ['\u2068a\u2069', '\\u2068a\\u2069'],
    ['Лада «Веста»\t🚗\n👨‍👩‍👧 שלום', 'Лада «Веста»\t🚗\n👨‍👩‍👧 שלום'],
  ])('of %j is %j', (text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(visibleText(shown)).toBe(shown);
  });

  it('of JSON is the same JSON', () => {
    const value = { 'a\u202eb': ['\u200b', 'שלום', '\u{e0041}', '\\u202e'] };
    const shown = visibleText(JSON.stringify(value));
    expect(shown).toBe('{"a\\u202eb":["\\u200b","שלום","\\udb40\\udc41","\\\\u202e"]}');
    expect(JSON.parse(shown)).toEqual(value);
  });
});

it.each([
  ['שלום', true],
  ['سلام', true],
  ['Привет, 车 🚗 17', false],
])('turns() of %j is %j', (text, expected) => {
  expect(turns(text)).toBe(expected);
});
