import { describe, expect, it, test } from 'vitest';
import { headerProblem, headersProblem } from './check-headers.ts';

describe('headerProblem()', () => {
  test.each([
    ['authorization', 'Bearer abc.def'],
    ['Cookie', 'session=1; a=b'],
    ['x-api-key', ''],
    ['X-Tenant', '7\tof 9'],
    ["!#$%&'*+.^_`|~", 'x'],
  ])('accepts %s: %j', (name, value) => {
    expect(headerProblem(name, value)).toBeUndefined();
  });

  test.each([
    '',
    ' ',
    'x y',
    'x:',
    'x\r\n',
    'x\u0000',
    'имя',
    'x(y)',
    'Connection',
    'keep-alive',
    'Proxy-Authorization',
    'proxy-connection',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'upgrade',
    'Host',
    'Content-Length',
    'content-type',
    'Content-Encoding',
    'accept-encoding',
    'Expect',
    'date',
    'User-Agent',
    'webhook-id',
    'Webhook-Signature',
    'anika-attempt',
    'ANIKA-anything',
    'X-Forwarded-For',
    'forwarded',
    'via',
    'traceparent',
    'Tracestate',
    'X-HTTP-Method-Override',
    'x-http-method',
    'X-Method-Override',
  ])('refuses the name %j', (name) => {
    expect(headerProblem(name, 'x')).toEqual(expect.any(String));
  });

  test.each(['a\r\nb: c', 'a\nb', 'a\rb', 'a\u0000', 'a\u007f', 'a\u001b[0m', 'привет', 'é', '🚗'])(
    'refuses the value %j',
    (value) => {
      expect(headerProblem('x-api-key', value)).toEqual(expect.any(String));
    },
  );
});

describe('headersProblem()', () => {
  const many = (count: number, value = 'x') =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`x-${at}`, value]));

  it('finds nothing in twenty ordinary headers', () => {
    expect(headersProblem(many(20))).toEqual([]);
    expect(headersProblem({})).toEqual([]);
  });

  it('names each bad header by its name as given', () => {
    expect(headersProblem({ Host: 'x', 'x-ok': '1', 'x-bad': 'a\nb' })).toEqual([
      { path: 'Host', message: 'is set by ANIKA' },
      { path: 'x-bad', message: 'must have a value of printable ASCII characters' },
    ]);
  });

  it('refuses a name given twice in another case', () => {
    expect(headersProblem({ 'x-key': '1', 'X-Key': '2' })).toEqual([
      { path: 'X-Key', message: 'is given twice' },
    ]);
  });

  it('refuses more than 20 headers', () => {
    expect(headersProblem(many(21))).toEqual([{ path: '', message: 'must be at most 20 headers' }]);
  });

  it('refuses more than 8192 characters in all', () => {
    expect(headersProblem({ 'x-a': 'x'.repeat(8189) })).toEqual([]);
    expect(headersProblem({ 'x-a': 'x'.repeat(8190) })).toEqual([
      { path: '', message: 'must be at most 8192 characters in all' },
    ]);
  });

  it('sees through a header named like a property of every object', () => {
    const parsed = JSON.parse('{"__proto__":"a\\nb","constructor":"x"}');
    expect(headersProblem(parsed)).toEqual([
      { path: '__proto__', message: 'must have a value of printable ASCII characters' },
    ]);
  });
});
