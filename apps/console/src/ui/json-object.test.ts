import { writeExact } from '@anika/core/exact-json';
import { describe, expect, it } from 'vitest';
import { readJsonObject, writeJsonObject } from './json-object.ts';

describe('readJsonObject()', () => {
  it.each([
    ['', null],
    [' \n', null],
    ['{}', {}],
    ['{"a":{"gte":1}}', { a: { gte: 1 } }],
  ])('%j is %j', (text, value) => {
    expect(readJsonObject(text)).toEqual(value);
  });

  it.each(['{', '[]', 'null', '1', '"a"'])('%j is none', (text) => {
    expect(readJsonObject(text)).toBeUndefined();
  });

  it.each([null, {}, { a: [1, 'b'] }])('reads %j as it was written', (value) => {
    expect(readJsonObject(writeJsonObject(value))).toEqual(value);
  });

  it('keeps all digits, and writes what nobody would see as an escape', () => {
    const text = '{\n  "data.sum": {\n    "in": [\n      12345678901234567890,\n      1E400\n    ]\n  }\n}';
    const value = readJsonObject(text) ?? null;
    expect(writeExact(value)).toBe('{"data.sum":{"in":[12345678901234567890,1E400]}}');
    expect(writeJsonObject(value)).toBe(text);
    expect(writeJsonObject({ key: '\u202etxt' })).toBe('{\n  "key": "\\u202etxt"\n}');
    expect(readJsonObject('{"key":"\\u202etxt"}')).toEqual({ key: '\u202etxt' });
  });
});
