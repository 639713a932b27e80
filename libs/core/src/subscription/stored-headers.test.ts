import { describe, expect, it } from 'vitest';
import {
  headersAfter,
  openHeaders,
  replaceHeaders,
  type StoredHeaders,
  shownHeaders,
} from './stored-headers.ts';

const seal = (value: string, name: string) => `${name.toLowerCase()}<${value}>`;
const open = (sealed: string, name: string) => sealed.slice(name.length + 1, -1);
const stored: StoredHeaders = {
  Authorization: { sealed: seal('Bearer abc', 'Authorization') },
  'X-Old': { plain: 'from before' },
};

describe('shownHeaders()', () => {
  it('shows names and no values, sealed or not', () => {
    expect(shownHeaders(stored)).toEqual({ Authorization: '***', 'X-Old': '***' });
  });
});

describe('openHeaders()', () => {
  it('gives the values back, also those from before they were sealed', () => {
    expect(openHeaders(stored, open)).toEqual({ Authorization: 'Bearer abc', 'X-Old': 'from before' });
  });
});

describe('replaceHeaders()', () => {
  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['takes the place of all', { 'X-New': '1' }, { 'X-New': '1' }],
    ['takes all away', {}, {}],
    [
      'keeps what is hidden',
      { Authorization: '***', 'X-New': '1' },
      { Authorization: 'Bearer abc', 'X-New': '1' },
    ],
    [
      'keeps it under another spelling of its name',
      { authorization: '***' },
      { authorization: 'Bearer abc' },
    ],
    ['keeps what was never sealed', { 'X-Old': '***' }, { 'X-Old': 'from before' }],
    [
      'replaces one by name',
      { Authorization: 'new', 'X-Old': '***' },
      { Authorization: 'new', 'X-Old': 'from before' },
    ],
  ])('%s', (_, wanted, expected) => {
    expect(openHeaders(replaceHeaders(stored, wanted, seal), open)).toEqual(expected);
  });

  it('seals every value that is given', () => {
    expect(replaceHeaders({}, { 'X-A': 'v' }, seal)).toEqual({ 'X-A': { sealed: 'x-a<v>' } });
  });

  it('refuses to keep a value that is not there', () => {
    expect(() => replaceHeaders(stored, { 'X-Other': '***' }, seal)).toThrow(
      /headers\.X-Other: "\*\*\*" keeps/,
    );
  });
});

describe('headersAfter()', () => {
  const before = { url: 'https://a.example/hook', headers: { 'X-Key': { sealed: 's' } } };
  const after = (patch: Parameters<typeof headersAfter>[1]) =>
    headersAfter(before, patch, (value) => `sealed ${value}`);

  it.each([
    'https://b.example/hook',
    'https://a.example.evil.example/hook',
    'https://a.example:8443/hook',
    'http://a.example/hook',
    'https://sub.a.example/hook',
  ])('%s gets no stored value', (url) => {
    expect(() => after({ url })).toThrow(/^headers: the url moves to another server/);
    expect(() => after({ url, headers: { 'x-key': '***' } })).toThrow(/^headers\.x-key: the url moves/);
    expect(after({ url, headers: { 'x-key': 'new' } })).toEqual({ 'x-key': { sealed: 'sealed new' } });
    expect(after({ url, headers: undefined })).toBeUndefined();
    expect(headersAfter({ url: before.url, headers: undefined }, { url }, String)).toBeUndefined();
  });

  it.each(['https://a.example/other', 'https://A.example:443/hook?x=1'])('%s is the same server', (url) => {
    expect(after({ url })).toBe(before.headers);
    expect(after({ url, headers: { 'x-key': '***' } })).toEqual({ 'x-key': { sealed: 's' } });
  });
});
