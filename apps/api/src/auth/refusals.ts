import { HttpFailure } from '../http/problem.ts';

/**
 * Why a request counts as nobody's. Each sentence may stand in a header: RFC 6750 §3 allows no quotes, backslashes or
 * letters beyond ASCII. Whether a credential is unknown, revoked or of a suspended company is told to nobody.
 */
export const REFUSALS = {
  missing: 'No credential: send an access token or an API key as Authorization: Bearer <credential>',
  'wrong-scheme':
    'Only the scheme Bearer is known: send an access token or an API key as Authorization: Bearer <credential>, not by Basic or a header such as X-API-Key',
  malformed:
    'The credential is not complete: after Bearer comes one access token or one API key, whole and without quotes',
  'wrong-kind':
    'This is a refresh token, an invitation or another token for one purpose: send an access token or an API key',
  expired: 'The credential has expired: refresh the access token, log in again, or make a new API key',
  invalid: 'The credential is not valid, or not any more: log in again, or make a new API key',
} as const;

export type Refusal = keyof typeof REFUSALS;

/** The header in which the gateway, which cannot read the body of the answer to its question, finds the detail. */
export const DETAIL_HEADER = 'X-Auth-Detail';

/** Whoever sent no token learns of the scheme alone (RFC 6750 §3); of one that was sent, what is wrong with it. */
export function challengeOf(refusal: Refusal): string {
  if (refusal === 'missing' || refusal === 'wrong-scheme') return 'Bearer';
  return `Bearer error="invalid_token", error_description="${REFUSALS[refusal]}"`;
}

export function refused(refusal: Refusal): HttpFailure {
  return new HttpFailure('unauthenticated', REFUSALS[refusal], {
    'WWW-Authenticate': challengeOf(refusal),
    [DETAIL_HEADER]: REFUSALS[refusal],
  });
}
