import { expect, it } from 'vitest';
import { parseSmtpUrl } from './smtp-url.ts';

it.each([
  ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, auth: undefined }],
  ['smtps://mail.example/', { host: 'mail.example', port: 465, secure: true, auth: undefined }],
  [
    'smtp://bot%40bank.example:p%3A%2F@mail.example:2525',
    {
      host: 'mail.example',
      port: 2525,
      secure: false,
      auth: { user: 'bot@bank.example', pass: 'p:/' },
    },
  ],
  ['smtp://[::1]:25', { host: '::1', port: 25, secure: false, auth: undefined }],
])('%s is read', (text, server) => {
  expect(parseSmtpUrl(text)).toEqual(server);
});

it.each([
  '',
  'mail.example',
  'https://mail.example',
  'smtp://',
  'smtp://h/x',
  'smtp://h?a=b',
  'smtp://%zz@h',
])('"%s" is no address of a server', (text) => {
  expect(parseSmtpUrl(text)).toBeUndefined();
});
