import { describe, expect, it } from 'vitest';
import { openHeaders, replaceHeaders, type StoredHeaders, shownHeaders } from './stored-headers.ts';

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
