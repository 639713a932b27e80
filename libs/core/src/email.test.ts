import { describe, expect, it } from 'vitest';
import { EMAIL_PATTERN, normalEmail } from './email.ts';

describe('an address that is taken', () => {
  it.each([
    ['admin@auto.example', 'admin@auto.example'],
    ['  Admin@AUTO.Example ', 'admin@auto.example'],
    ['admin@xn--80ae8a5a.xn--p1ai', 'admin@xn--80ae8a5a.xn--p1ai'],
    ['admin@салон.рф', 'admin@xn--80awgdm.xn--p1ai'],
    ['admin@Салон.Москва', 'admin@xn--80awgdm.xn--80adxhks'],
    ['a&b@auto.example', 'a&b@auto.example'],
    ['a/b@auto.example', 'a/b@auto.example'],
    ["o'neil+tag=1@auto.example", "o'neil+tag=1@auto.example"],
    ['!#$%&*?^_`{|}~-@auto.example', '!#$%&*?^_`{|}~-@auto.example'],
    ['x@a.b-c.d3.museum', 'x@a.b-c.d3.museum'],
    [`${'l'.repeat(64)}@auto.example`, `${'l'.repeat(64)}@auto.example`],
  ])('%s is %s', (text, address) => {
    expect(normalEmail(text)).toBe(address);
    expect(EMAIL_PATTERN.test(address)).toBe(true);
  });
});

describe('what is no address', () => {
  it.each([
    'nobody',
    '@auto.example',
    'a@',
    'a@b@auto.example',
    'a b@auto.example',
    'a@auto',
    'a@auto..example',
    '.a@auto.example',
    'a.@auto.example',
    'a..b@auto.example',
    'a@-auto.example',
    'a@auto-.example',
    'a@127.0.0.1',
    'a@[127.0.0.1]',
    'a@auto.example:80',
    'a@салон.рф/путь',
    'a@салон.рф:80',
    'почта@салон.рф',
    '"a b"@auto.example',
    `${'l'.repeat(65)}@auto.example`,
    `a@${'d'.repeat(64)}.example`,
    'a@auto.example\nb',
  ])('%s', (text) => {
    expect(EMAIL_PATTERN.test(normalEmail(text))).toBe(false);
  });

  it('is found out in no time, however long', () => {
    const startedAt = performance.now();
    EMAIL_PATTERN.test(normalEmail(`${'a.'.repeat(50_000)}@${'x-'.repeat(50_000)}`));
    EMAIL_PATTERN.test(normalEmail(`a@${'я'.repeat(100_000)}!`));
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});
