import { errors } from 'undici';
import { describe, expect, it, test } from 'vitest';
import { BlockedAddressError, classifyError, NameError } from './classify-error.ts';

const withCode = (code: string) => Object.assign(new Error('10.0.0.7 said no'), { code });

describe('classifyError()', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'reset'],
    ['EPIPE', 'reset'],
    ['UND_ERR_SOCKET', 'reset'],
    ['ETIMEDOUT', 'timeout'],
    ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['UND_ERR_HEADERS_OVERFLOW', 'protocol'],
    ['UND_ERR_INVALID_ARG', 'protocol'],
    ['UND_ERR_DESTROYED', 'aborted'],
    ['EHOSTUNREACH', 'network'],
    ['ENETUNREACH', 'network'],
  ])('%s is %s, and the message tells no address', (code, errorClass) => {
    const classified = classifyError(withCode(code));
    expect(classified.errorClass).toBe(errorClass);
    expect(classified.message).not.toContain('10.0.0.7');
  });

  it('knows our own refusal and an answer that is no HTTP', () => {
    expect(classifyError(new BlockedAddressError('x')).errorClass).toBe('blocked');
    expect(classifyError(new NameError('x')).errorClass).toBe('dns');
    // What a name server did is no fault of the endpoint's connection.
    const refusedByDns = new NameError('x', { cause: withCode('ECONNREFUSED') });
    expect(classifyError(refusedByDns).errorClass).toBe('dns');
    expect(classifyError(new errors.HTTPParserError('x')).errorClass).toBe('protocol');
  });

  test.each([
    ['ERR_TLS_CERT_ALTNAME_INVALID', /not for this host name/],
    ['HOSTNAME_MISMATCH', /not for this host name/],
    ['CERT_HAS_EXPIRED', /expired or is not valid yet/],
    ['CERT_NOT_YET_VALID', /expired or is not valid yet/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /known authority/],
    ['SELF_SIGNED_CERT_IN_CHAIN', /known authority/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /known authority/],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /known authority/],
    ['CERT_UNTRUSTED', /known authority/],
    ['INVALID_CA', /known authority/],
    ['ERR_SSL_WRONG_VERSION_NUMBER', /handshake/],
    ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', /handshake/],
    ['ERR_SSL_NO_SHARED_CIPHER', /handshake/],
    ['EPROTO', /handshake/],
  ])('of TLS, %s says what is wrong', (code, message) => {
    const error = new Error('x', { cause: withCode(code) });
    expect(classifyError(error)).toEqual({ errorClass: 'tls', message: expect.stringMatching(message) });
  });

  it('looks into causes and into several failed addresses', () => {
    expect(classifyError(new Error('x', { cause: withCode('ECONNRESET') })).errorClass).toBe('reset');
    expect(classifyError(new AggregateError([withCode('ECONNREFUSED')])).errorClass).toBe('refused');
  });

  it('is network for what nobody foresaw', () => {
    for (const thrown of [undefined, null, 'text', {}, new Error('x'), new AggregateError([])]) {
      expect(classifyError(thrown).errorClass).toBe('network');
    }
  });

  it('comes to an end when a cause is its own cause', () => {
    const error = new Error('x');
    error.cause = error;
    expect(classifyError(error).errorClass).toBe('network');
  });
});
