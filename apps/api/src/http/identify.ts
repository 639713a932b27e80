import type { IncomingMessage } from 'node:http';
import type { Caller } from '@anika/core/access';
import { authorizationOf } from './authorization.ts';
import type { BrowserSessions } from './browser-session.ts';

type ByCredential = (credential: string | undefined, remoteAddress?: string) => Promise<Caller>;

export type IdentifyNeeds = {
  readonly byAuthorization: ByCredential;
  /** The sealed session of a cookie. */
  readonly byCookie: ByCredential;
  readonly browser: Pick<BrowserSessions, 'sealedIn' | 'requireOwnPage'>;
};

/** Rejects with `unauthenticated`, or with `forbidden` where a cookie came without its page. */
export type Identify = (req: IncomingMessage, remoteAddress: string | undefined) => Promise<Caller>;

/** Who calls: by the Authorization header and, where there is none, by the cookie of a browser. */
export function createIdentify({ byAuthorization, byCookie, browser }: IdentifyNeeds): Identify {
  return async (req, remoteAddress) => {
    const authorization = authorizationOf(req);
    const sealed = authorization === undefined ? browser.sealedIn(req) : undefined;
    if (sealed === undefined) return byAuthorization(authorization, remoteAddress);
    const caller = await byCookie(sealed, remoteAddress);
    browser.requireOwnPage(req, caller);
    return caller;
  };
}
