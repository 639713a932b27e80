import {
  FAILURES,
  Failure,
  type FailureCode,
  type FieldError,
  type RecalledFact,
} from '@anika/core/failures';
import { BatcherFullError } from '@anika/runtime/batcher';
import { Unavailable } from '@anika/runtime/unavailable';

/** The one place where a failure gets its HTTP status; a code without a row does not compile. */
export const STATUS_OF: Readonly<Record<FailureCode, number>> = {
  'bad-request': 400,
  'invalid-json': 400,
  'validation-failed': 422,
  'unsupported-media-type': 415,
  'payload-too-large': 413,
  unauthenticated: 401,
  'totp-required': 401,
  forbidden: 403,
  'totp-setup-required': 403,
  'not-found': 404,
  recalled: 410,
  'method-not-allowed': 405,
  'request-timeout': 408,
  conflict: 409,
  'idempotency-mismatch': 422,
  'schema-mismatch': 422,
  'too-many-topics': 422,
  'search-too-costly': 422,
  'too-many-grants': 422,
  'too-many-deliveries': 422,
  'endpoint-refused': 422,
  'limit-reached': 422,
  'expectation-failed': 417,
  'headers-too-large': 431,
  'rate-limited': 429,
  unavailable: 503,
  internal: 500,
};

/** What the second step of a login begins with. */
export type LoginChallenge = { readonly token: string; readonly expiresIn: number };

/** A failure of the request as HTTP, whose answer has to have header fields of its own, such as `Allow`. */
export class HttpFailure extends Failure {
  readonly headers: Readonly<Record<string, string>>;
  readonly challenge: LoginChallenge | undefined;

  constructor(
    code: FailureCode,
    detail: string,
    headers: Readonly<Record<string, string>>,
    more: { challenge?: LoginChallenge } = {},
  ) {
    super(code, detail);
    this.challenge = more.challenge;
    this.headers = headers;
  }
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** RFC 9457. */
export type Problem = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: FailureCode;
  readonly requestId: string;
  readonly errors?: readonly FieldError[];
  readonly challenge?: LoginChallenge;
  readonly recalled?: RecalledFact;
};

/** An unexpected error says nothing of its cause to the client; a store that is away is worth a retry. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof BatcherFullError) {
    const detail = 'Too much waits already: nothing was done of this. Send it again after Retry-After';
    return new Failure('unavailable', detail, { retryAfterSeconds: 1, cause: error });
  }
  if (error instanceof Unavailable) {
    const detail = `${error.what} does not answer: it is open whether this was done. Try again shortly, a publish with the same Idempotency-Key`;
    return new Failure('unavailable', detail, { retryAfterSeconds: 1, cause: error });
  }
  return new Failure('internal', 'Something went wrong on our side; the request id helps us find it', {
    cause: error,
  });
}

export function problemOf(failure: Failure, requestId: string): Problem {
  return {
    type: `urn:anika:error:${failure.code}`,
    title: FAILURES[failure.code].title,
    status: STATUS_OF[failure.code],
    detail: failure.message,
    code: failure.code,
    requestId,
    ...(failure.errors === undefined ? {} : { errors: failure.errors }),
    ...(failure instanceof HttpFailure && failure.challenge && { challenge: failure.challenge }),
    ...(failure.recalled === undefined ? {} : { recalled: failure.recalled }),
  };
}
