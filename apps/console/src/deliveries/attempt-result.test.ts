import { describe, expect, it } from 'vitest';
import { moreOfError } from './attempt-result.ts';

describe('moreOfError()', () => {
  it('repeats nothing that the result says in the language of the page', () => {
    expect(moreOfError({ errorClass: 'refused', error: 'the connection was refused' })).toBeUndefined();
    expect(moreOfError({ errorClass: 'reader-refused', error: 'its reader refused it' })).toBeUndefined();
  });

  it.each([
    ['tls', 'the TLS certificate is not for this host name'],
    ['blocked', 'not sent: the port is not allowed'],
    ['of tomorrow', 'something else'],
    [null, 'something else'],
  ])('says what %s leaves open', (errorClass, error) => {
    expect(moreOfError({ errorClass, error })).toBe(error);
  });

  it('has nothing to say of an attempt without an error', () => {
    expect(moreOfError({ errorClass: 'tls', error: null })).toBeUndefined();
    expect(moreOfError({ errorClass: null })).toBeUndefined();
  });
});
