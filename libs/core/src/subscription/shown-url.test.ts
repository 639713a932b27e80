import { expect, it } from 'vitest';
import { withoutCredentials } from './shown-url.ts';

it.each([
  ['https://bank.example/hook', 'https://bank.example/hook'],
  ['https://bank.example/hook?', 'https://bank.example/hook?'],
  ['https://bank.example/hook?token=a%3Db&x=', 'https://bank.example/hook?token=***&x=***'],
  ['https://bank.example/hook?s3cr3t', 'https://bank.example/hook?***'],
  ['https://bank.example/hook?a=1=2&&b=3#part=4', 'https://bank.example/hook?a=***&&b=***'],
  ['https://bank.example/hook#?a=1', 'https://bank.example/hook'],
  ['https://user:pw@bank.example:8443/a@b?c=d', 'https://bank.example:8443/a@b?c=***'],
])('withoutCredentials(%s)', (url, shown) => {
  expect(withoutCredentials(url, '***')).toBe(shown);
});
