import type { Caller } from '@anika/core/access';
import type { BrowserSessions } from '../http/browser-session.ts';
import type { Reply } from '../http/route.ts';
import type { BrowserLogin } from './sessions.ts';

/** No cache on the way may keep a credential (RFC 6749 §5.1). */
export const NO_STORE = { 'Cache-Control': 'no-store' };

type Who = Pick<Caller, 'userId' | 'partnerId' | 'role' | 'email'> & { readonly mustSetUpFactor?: boolean };

export function whoView({ userId, partnerId, role, email, mustSetUpFactor = false }: Who) {
  return { userId, partnerId: partnerId ?? null, role, email: email ?? null, mustSetUpFactor };
}

/** The answer to who has signed in a browser: the cookie, and what a page must know. */
export function browserReply(
  { id, user, mustSetUpFactor }: BrowserLogin,
  browser: Pick<BrowserSessions, 'start' | 'csrfToken'>,
): Reply {
  const who = whoView({ ...user, userId: user.id, mustSetUpFactor });
  return {
    body: { ...who, csrfToken: browser.csrfToken(id) },
    headers: { ...NO_STORE, 'Set-Cookie': browser.start(id) },
  };
}
