import type { ErrorClass } from '@anika/core/delivery/attempt-result';
import { errors } from 'undici';

/** Thrown by our own connector when no address of a host may be connected to. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
}

/** A name could not be resolved. `isAnswer`: since a name server said so, and not for want of an answer. */
export class NameError extends Error {
  override readonly name = 'NameError';
  readonly isAnswer: boolean;

  constructor(message: string, options: { isAnswer?: boolean; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.isAnswer = options.isAnswer ?? false;
  }
}

/** An endpoint sent interim answers without end. */
export class InterimAnswersError extends Error {
  override readonly name = 'InterimAnswersError';
}

/** The one clock of a request, or its caller, ended it. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly errorClass: 'timeout' | 'aborted';

  constructor(errorClass: 'timeout' | 'aborted') {
    super(`the request was ended: ${errorClass}`);
    this.errorClass = errorClass;
  }
}

const BY_CODE: Readonly<Record<string, ErrorClass>> = {
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

/** What is wrong with the TLS of an endpoint, and which codes of Node and OpenSSL say so; the first that fits. */
export const TLS_FAULTS = [
  {
    fault: 'name',
    message: 'the TLS certificate is not for this host name',
    codes: /^ERR_TLS_CERT_ALTNAME|^HOSTNAME_MISMATCH$/,
  },
  {
    fault: 'date',
    message: 'the TLS certificate has expired or is not valid yet',
    codes: /^CERT_HAS_EXPIRED$|^CERT_NOT_YET_VALID$|^ERROR_IN_CERT_NOT_/,
  },
  {
    fault: 'chain',
    message:
      'the TLS certificate does not lead to a known authority: self-signed, or its chain is incomplete',
    codes: /^(UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|CERT_|INVALID_CA$|INVALID_PURPOSE$|PATH_LENGTH_)/,
  },
  {
    fault: 'protocol',
    message: 'the TLS handshake failed: no common version or cipher, or the port does not speak TLS',
    codes: /^(EPROTO$|ERR_SSL|ERR_TLS|ERR_OSSL|INVALID_)/,
  },
] as const;

/** The class of what undici or a socket threw, and a sentence without addresses or internals. */
export function classifyError(error: unknown): { errorClass: ErrorClass; message: string } {
  if (UNSENDABLE.has(codeOf(error))) {
    return {
      errorClass: 'protocol',
      message: 'the request cannot be sent: a header or the path is not valid',
    };
  }
  const cause = causeOf(error);
  const errorClass = classOf(cause);
  return { errorClass, message: (errorClass === 'tls' && tlsFaultOf(cause)) || SENTENCE[errorClass] };
}

export function messageOf(errorClass: ErrorClass): string {
  return SENTENCE[errorClass];
}

/** The first of an error and its causes that can be told. */
function causeOf(error: unknown): unknown {
  let at = error;
  for (let depth = 0; depth < CAUSES_MAX; depth += 1) {
    if (!(at instanceof Error) || classOf(at) !== 'network') return at;
    at = at instanceof AggregateError && at.errors.length > 0 ? at.errors[0] : at.cause;
  }
  return at;
}

function classOf(error: unknown): ErrorClass {
  if (error instanceof BlockedAddressError) return 'blocked';
  if (error instanceof NameError) return 'dns';
  if (error instanceof Interruption) return error.errorClass;
  if (error instanceof InterimAnswersError || error instanceof errors.HTTPParserError) return 'protocol';
  return BY_CODE[codeOf(error)] ?? (tlsFaultOf(error) === undefined ? 'network' : 'tls');
}

function tlsFaultOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return TLS_FAULTS.find(({ codes }) => codes.test(code))?.message;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
