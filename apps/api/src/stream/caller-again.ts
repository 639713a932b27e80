import type { Caller } from '@anika/core/access';
import type { Authenticate } from '../auth/authenticate.ts';
import { refused } from '../auth/refusals.ts';

/**
 * The same caller as he is now; rejects with `unauthenticated`. A session outlives the tokens that it gives out; a key
 * is judged anew.
 */
export function createCallerAgain(authenticate: Pick<Authenticate, 'byOpenSession'> & ByAuthorization) {
  return async (before: Caller, authorization: string | undefined): Promise<Caller> => {
    const { sessionId, remoteAddress, partnerId } = before;
    const now =
      sessionId === undefined
        ? await authenticate(authorization, remoteAddress)
        : await authenticate.byOpenSession(sessionId, remoteAddress);
    if (now.partnerId !== partnerId) throw refused('invalid');
    return now;
  };
}

type ByAuthorization = (authorization: string | undefined, remoteAddress?: string) => Promise<Caller>;
