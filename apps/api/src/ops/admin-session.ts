import type { UserId } from '@anika/core/ids';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';
import { z } from 'zod';

const COOKIE = 'anika_admin';
const CONTEXT = 'admin-session';
const LIFETIME_MS = 8 * 3_600_000;
const sessionSchema = z.object({ userId: z.string(), expiresAtMs: z.number() });

export type AdminSessionNeeds = {
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  /** When the password of this operator last changed; undefined when the user is none (any more). */
  readonly operatorChangedAtMs: (id: UserId) => Promise<number | undefined>;
  /** Whether clients come over HTTPS: the cookie then never travels otherwise. */
  readonly secure: boolean;
  readonly clock: { now(): number };
};

export type AdminSessions = {
  /** The Set-Cookie header of a new session. */
  start(userId: UserId): string;
  end(): string;
  isOpen(req: Request): Promise<boolean>;
};

/** Sessions of operators in the browser: a sealed cookie that scripts cannot read and other sites cannot send. */
export function createAdminSessions(needs: AdminSessionNeeds): AdminSessions {
  const attributes = {
    path: '/admin',
    httpOnly: true,
    sameSite: 'strict',
    secure: needs.secure,
  } as const;

  function read(req: Request): z.output<typeof sessionSchema> | undefined {
    const sealed = parseCookie(req.headers.cookie ?? '')[COOKIE];
    if (sealed === undefined) return undefined;
    try {
      return sessionSchema.parse(JSON.parse(needs.secretBox.open(sealed, CONTEXT)));
    } catch {
      return undefined; // forged, damaged or of a retired key: no session
    }
  }

  return {
    start(userId) {
      const value = JSON.stringify({ userId, expiresAtMs: needs.clock.now() + LIFETIME_MS });
      return stringifySetCookie({
        name: COOKIE,
        value: needs.secretBox.seal(value, CONTEXT),
        maxAge: LIFETIME_MS / 1000,
        ...attributes,
      });
    },
    end: () => stringifySetCookie({ name: COOKIE, value: '', maxAge: 0, ...attributes }),
    async isOpen(req) {
      const session = read(req);
      if (session === undefined || session.expiresAtMs <= needs.clock.now()) return false;
      const changedAtMs = await needs.operatorChangedAtMs(session.userId as UserId);
      return changedAtMs !== undefined && changedAtMs <= session.expiresAtMs - LIFETIME_MS;
    },
  };
}
