import type { Caller } from '@anika/core/access';
import { isId, type SessionId } from '@anika/core/ids';
import { PAGES_SESSION_MS } from '@anika/core/session';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';
import type { BrowserSessions } from '../http/browser-session.ts';

const CONTEXT = 'admin-session';

type Operator = Omit<Caller, 'remoteAddress'>;

export type AdminSessionNeeds = {
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly sessions: {
    /** Who has signed in, as he is now; undefined: the session is over. */
    find(id: SessionId): Promise<Operator | undefined>;
    end(id: SessionId, by: Caller): Promise<void>;
  };
  /** Of the console, in the same browser: who has signed in there need not do so again. */
  readonly browser: Pick<BrowserSessions, 'sealedIn' | 'sessionOf'>;
  /** Whether clients come over HTTPS: the cookie then never travels otherwise. */
  readonly secure: boolean;
};

export type AdminSessions = {
  /** The Set-Cookie header of a new session. */
  start(id: SessionId): string;
  /** Ends the session of the request, and gives the Set-Cookie header that forgets it. */
  end(req: Request): Promise<string>;
  isOpen(req: Request): Promise<boolean>;
};

/**
 * A cookie that scripts cannot read and other sites cannot send. Over HTTPS it has the prefix that keeps neighbours of
 * the host from setting one (RFC 6265bis §4.1.3.2), which wants the whole host as its path.
 */
export function pageCookie(name: string, secure: boolean) {
  return {
    name: secure ? `__Host-${name}` : name,
    path: secure ? '/' : '/admin',
    httpOnly: true,
    sameSite: 'strict',
    secure,
  } as const;
}

/** Sessions of operators in the browser: the cookie holds the sealed id of one in the database. */
export function createAdminSessions(needs: AdminSessionNeeds): AdminSessions {
  const cookie = pageCookie('anika_admin', needs.secure);

  function idIn(req: Request): SessionId | undefined {
    const sealed = parseCookie(req.headers.cookie ?? '')[cookie.name];
    if (sealed === undefined) return undefined;
    try {
      const id = needs.secretBox.open(sealed, CONTEXT);
      return isId('ses', id) ? id : undefined;
    } catch {
      return undefined; // forged, damaged or of a retired key: no session
    }
  }

  async function operatorOf(req: Request): Promise<Operator | undefined> {
    const id = idIn(req);
    const own = id === undefined ? undefined : await operatorIn(id);
    if (own !== undefined) return own;
    const other = needs.browser.sessionOf(needs.browser.sealedIn(req) ?? '');
    return other === undefined ? undefined : operatorIn(other);
  }

  /** Undefined: its user is no operator (any more). */
  async function operatorIn(id: SessionId): Promise<Operator | undefined> {
    const caller = await needs.sessions.find(id);
    return caller?.role === 'operator' ? caller : undefined;
  }

  return {
    start(id) {
      const value = needs.secretBox.seal(id, CONTEXT);
      return stringifySetCookie({ ...cookie, value, maxAge: PAGES_SESSION_MS / 1000 });
    },
    async end(req) {
      const operator = await operatorOf(req);
      if (operator?.sessionId !== undefined) {
        await needs.sessions.end(operator.sessionId, { ...operator, remoteAddress: req.ip });
      }
      return stringifySetCookie({ ...cookie, value: '', maxAge: 0 });
    },
    isOpen: async (req) => (await operatorOf(req)) !== undefined,
  };
}
