import type { ErrorClass } from '@anika/core/attempt-result';
import { errors } from 'undici';

/** Thrown by our own connector when no address of a host may be connected to. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
}

const BY_CODE: Readonly<Record<string, ErrorClass>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_NODATA: 'dns',
  EAI_FAIL: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  EPROTO: 'tls',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RESPONSE: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'protocol',
  UND_ERR_INFO: 'protocol',
  // undici asserts in its parser; what the endpoint answered made it fail, e.g. a 101 nobody asked for.
  ERR_ASSERTION: 'protocol',
  UND_ERR_ABORTED: 'aborted',
  UND_ERR_DESTROYED: 'aborted',
  UND_ERR_CLOSED: 'aborted',
};
/** What undici refuses to send; nothing has left the machine then. */
const UNSENDABLE = new Set(['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'ERR_INVALID_CHAR']);

/** Errors nest a few levels; a circle of causes has to end. */
const CAUSES_MAX = 8;

const SENTENCE: Readonly<Record<ErrorClass, string>> = {
  dns: 'the host name could not be resolved',
  refused: 'the connection was refused',
  reset: 'the connection was reset',
  timeout: 'no complete answer within the time-out',
  tls: 'the TLS certificate or handshake was not accepted',
  protocol: 'the answer was not valid HTTP',
  blocked: 'the host resolves to an address that is not allowed',
  aborted: 'the request was interrupted by a shutdown',
  network: 'the endpoint could not be reached',
};

/** The class of what undici or a socket threw, and a sentence without addresses or internals. */
export function classifyError(error: unknown): { errorClass: ErrorClass; message: string } {
  if (UNSENDABLE.has(codeOf(error))) {
    return {
      errorClass: 'protocol',
      message: 'the request cannot be sent: a header or the path is not valid',
    };
  }
  const errorClass = classOf(error);
  return { errorClass, message: SENTENCE[errorClass] };
}

export function messageOf(errorClass: ErrorClass): string {
  return SENTENCE[errorClass];
}

function classOf(error: unknown, depth = 0): ErrorClass {
  if (error instanceof BlockedAddressError) return 'blocked';
  if (!(error instanceof Error) || depth > CAUSES_MAX) return 'network';
  const code = codeOf(error);
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (error instanceof errors.HTTPParserError) return 'protocol';
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|INVALID_|PATH_LENGTH_|ERR_OSSL)/.test(code))
    return 'tls';
  if (error instanceof AggregateError && error.errors.length > 0) return classOf(error.errors[0], depth + 1);
  return classOf(error.cause, depth + 1);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
