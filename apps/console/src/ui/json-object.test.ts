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
});
