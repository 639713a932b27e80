import { describe, expect, it } from 'vitest';
import { invalid } from './failures.ts';
import { parseFieldMask } from './field-mask.ts';
import { isSaid, said } from './field-rules.ts';
import { parseFilter } from './filter.ts';
import { passwordProblem } from './password-rule.ts';

describe('said()', () => {
  it('has the words, the name of the rule and what it is about', () => {
    expect(said('url-port', { port: '22' })).toEqual({
      message: 'port 22 is not one for web servers',
      rule: 'url-port',
      values: { port: '22' },
    });
    expect(said('filter-object')).toEqual({
      message: 'must be an object of conditions',
      rule: 'filter-object',
    });
  });
});

it('a failure of a field carries them', () => {
  expect(invalid('code', said('wrong-code'))).toMatchObject({
    message: 'code: is wrong, or was used before',
    errors: [{ path: 'code', message: 'is wrong, or was used before', rule: 'wrong-code' }],
  });
  expect(invalid('code', 'is odd').errors).toEqual([{ path: 'code', message: 'is odd' }]);
});

it.each([
  [parseFilter({ 'data.sum': { foo: 1 } }), 'data.sum.foo', 'filter-operator'],
  [parseFilter({ price: 1 }), 'price', 'filter-path'],
  [parseFilter({ 'data.a': { in: [] } }), 'data.a.in', 'filter-values'],
  [parseFieldMask({ exclude: ['customer.phone'] }), 'exclude.0', 'mask-path-meant'],
])('%# what parses filters and masks says by which rule', (parsed, path, rule) => {
  expect(parsed).toMatchObject({ ok: false, errors: [{ path, rule }] });
});

it.each([
  [said('url-port', { port: '22' }), true],
  [said('filter-object'), true],
  [{ rule: 'filter-object' }, false],
  [{ message: 'is odd' }, false],
  [{ message: 'is odd', rule: 'toString' }, false],
  ['filter-object', false],
  [null, false],
])('%# isSaid() knows what said() gave', (value, expected) => {
  expect(isSaid(value)).toBe(expected);
});

it('a password is told its rule', () => {
  expect(passwordProblem('password12')).toMatchObject({ rule: 'password-guessable', values: { count: 5 } });
});
