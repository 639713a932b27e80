import { type Said, type Words, wordsOf } from './field-rules.ts';

/** Every expected failure has a code; docs/errors.md lists them, and one table at the HTTP edge gives each its status. */
export const FAILURES = {
  'bad-request': { title: 'The request is not well-formed', retryable: false },
  'invalid-json': { title: 'The body is not valid JSON', retryable: false },
  'validation-failed': { title: 'The request does not have the expected form', retryable: false },
  'unsupported-media-type': { title: 'The body is of a media type that is not taken here', retryable: false },
  'payload-too-large': { title: 'The body is too large', retryable: false },
  unauthenticated: { title: 'No valid credential', retryable: false },
  'totp-required': { title: 'The second factor is needed to log in', retryable: false },
  forbidden: { title: 'Not allowed for this role or key', retryable: false },
  'totp-setup-required': { title: 'The company demands a second factor', retryable: false },
  'not-found': { title: 'No such resource', retryable: false },
  recalled: { title: 'The message was taken back', retryable: false },
  'method-not-allowed': { title: 'The method is not defined for this path', retryable: false },
  'request-timeout': { title: 'The request did not arrive in time', retryable: true },
  conflict: { title: 'The request contradicts the present state', retryable: false },
  'idempotency-mismatch': { title: 'The idempotency key was used with another body', retryable: false },
  'schema-mismatch': { title: "The data does not fit the topic's schema", retryable: false },
  'too-many-topics': { title: 'The search covers too many topics', retryable: false },
  'too-many-grants': { title: 'The search covers too many grants', retryable: false },
  'search-too-costly': { title: 'The search takes too long', retryable: false },
  'too-many-deliveries': { title: 'There are too many deliveries to count', retryable: false },
  'endpoint-refused': { title: 'The endpoint address is not allowed', retryable: false },
  'limit-reached': { title: 'The company has as many of these as it may have', retryable: false },
  'expectation-failed': { title: 'The expectation cannot be met', retryable: false },
  'headers-too-large': { title: 'The headers are too large', retryable: false },
  'rate-limited': { title: 'Too many requests', retryable: true },
  unavailable: { title: 'A store cannot be reached', retryable: true },
  internal: { title: 'Internal error', retryable: true },
} as const satisfies Record<string, { title: string; retryable: boolean }>;

export type FailureCode = keyof typeof FAILURES;

/** What is told of a message that was taken back; the hash to its owner. */
export type RecalledFact = { readonly at: string; readonly reason: string; readonly dataSha256?: string };

/** A rule, where it is of those that have a name, is for whoever says it in another language. */
export type FieldError = { readonly path: string } & Words;

/** An expected failure: thrown by use cases, turned into a problem document once, at the edge. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly recalled: RecalledFact | undefined;
  /** Seconds after which a retry makes sense; sent as Retry-After. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: FailureCode,
    detail: string,
    more: {
      errors?: readonly FieldError[];
      recalled?: RecalledFact;
      retryAfterSeconds?: number;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.code = code;
    this.errors = more.errors;
    this.recalled = more.recalled;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** One field of the request is wrong (422). */
export function invalid(path: string, what: string | Said): Failure {
  return invalidIn(path, [{ path: '', ...wordsOf(what) }]);
}

/** What stands at `at` in the request is wrong (422): the paths of the errors begin there, and are empty for itself. */
export function invalidIn(at: string, errors: readonly FieldError[]): Failure {
  const placed = errors.map((error) => ({ ...error, path: error.path === '' ? at : `${at}.${error.path}` }));
  const [first] = placed;
  return new Failure('validation-failed', `${first?.path}: ${first?.message}`, { errors: placed });
}

/** The resource does not exist, or is not the caller's to see. */
export function notFound(noun: string): Failure {
  return new Failure('not-found', `No such ${noun}, or it is not yours to see`);
}
