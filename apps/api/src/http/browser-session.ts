import type { IncomingMessage } from 'node:http';
import type { Caller } from '@anika/core/access';
import { Failure } from '@anika/core/failures';
import { isId, type SessionId } from '@anika/core/ids';
import { PAGES_SESSION_MS } from '@anika/core/session';
import { parseCookie, stringifySetCookie } from 'cookie';

const COOKIE_CONTEXT = 'browser-session';
const TOKEN_CONTEXT = 'browser-session-token';
/** What a page sends with whatever is not a plain read; no form and no link of another site can. */
export const CSRF_HEADER = 'anika-csrf';

type SecretBox = {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
};

export type BrowserSessionNeeds = {
  readonly secretBox: SecretBox;
  /** Where browsers reach us. */
  readonly publicUrl: string;
};

export type BrowserSessions = ReturnType<typeof createBrowserSessions>;

/** A session in the browser: a cookie holds the sealed id of one in the database, and scripts cannot read it. */
export function createBrowserSessions({ secretBox, publicUrl }: BrowserSessionNeeds) {
  const cookie = cookieFor(publicUrl);

  function idIn(sealed: string, context: string): SessionId | undefined {
    try {
      const id = secretBox.open(sealed, context);
      return isId('ses', id) ? id : undefined;
    } catch {
      return undefined; // forged, damaged or of a retired key: no session
    }
  }

  return {
    /** The Set-Cookie header of a session. */
    start(id: SessionId): string {
      const value = secretBox.seal(id, COOKIE_CONTEXT);
      return stringifySetCookie({ ...cookie, value, maxAge: PAGES_SESSION_MS / 1000 });
    },
    /** The Set-Cookie header that forgets it. */
    forget: (): string => stringifySetCookie({ ...cookie, value: '', maxAge: 0 }),
    /** For the header of everything that changes something; good for as long as the session. */
    csrfToken: (id: SessionId): string => secretBox.seal(id, TOKEN_CONTEXT),
    /** The cookie of a request as it came. */
    sealedIn: ({ headers }: IncomingMessage): string | undefined =>
      headers.cookie === undefined ? undefined : parseCookie(headers.cookie)[cookie.name],
    sessionOf: (sealed: string): SessionId | undefined => idIn(sealed, COOKIE_CONTEXT),
    /** @throws Failure for what changes something and does not come from a page that knows the session's token */
    requireOwnPage(req: IncomingMessage, caller: Pick<Caller, 'sessionId'>): void {
      if (req.method === 'GET' || req.method === 'HEAD') return;
      const sent = req.headers[CSRF_HEADER];
      const id = typeof sent === 'string' ? idIn(sent, TOKEN_CONTEXT) : undefined;
      if (id !== undefined && id === caller.sessionId) return;
      throw new Failure('forbidden', `With a cookie, send the csrfToken of its session as ${CSRF_HEADER}`);
    },
  };
}

/**
 * Over HTTPS with the prefix that keeps neighbours of the host from setting one (RFC 6265bis §4.1.3.2). A cookie knows
 * no port: over plain HTTP its name says which of the installations on a machine it is of.
 */
function cookieFor(publicUrl: string) {
  const { protocol, port } = new URL(publicUrl);
  const secure = protocol === 'https:';
  return {
    name: secure ? '__Host-anika_session' : `anika_session_${port === '' ? '80' : port}`,
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
  } as const;
}
