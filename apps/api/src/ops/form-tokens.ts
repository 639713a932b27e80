import { randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request } from 'express';
import { z } from 'zod';
import { pageCookie } from './admin-session.ts';

const CONTEXT = 'admin-form';
const LIFETIME_MS = 3_600_000;
const contentSchema = z.object({ token: z.string().min(16), expiresAtMs: z.number() });

export type FormTokenNeeds = {
  readonly secretBox: {
    seal(plain: string, context: string): string;
    open(sealed: string, context: string): string;
  };
  readonly secure: boolean;
  readonly clock: { now(): number };
};

export type FormTokens = {
  /** For one form: the token in it, and the Set-Cookie header that goes with it. */
  issue(): { readonly token: string; readonly setCookie: string };
  /** Whether what was sent is the token of a form that this browser was given, by us, within the hour. */
  fits(req: Request, sent: unknown): boolean;
};

/** Against forms that other sites send: the cookie is sealed, so that nobody can make up a pair, not an empty one either. */
export function createFormTokens({ secretBox, secure, clock }: FormTokenNeeds): FormTokens {
  const cookie = pageCookie('anika_form', secure);

  function expectedOf(req: Request): string | undefined {
    const sealed = parseCookie(req.headers.cookie ?? '')[cookie.name];
    if (sealed === undefined) return undefined;
    try {
      const { token, expiresAtMs } = contentSchema.parse(JSON.parse(secretBox.open(sealed, CONTEXT)));
      return expiresAtMs > clock.now() ? token : undefined;
    } catch {
      return undefined; // made up, damaged or of a retired key
    }
  }

  return {
    issue() {
      const token = randomBytes(24).toString('base64url');
      const content = JSON.stringify({ token, expiresAtMs: clock.now() + LIFETIME_MS });
      const value = secretBox.seal(content, CONTEXT);
      return { token, setCookie: stringifySetCookie({ ...cookie, value, maxAge: LIFETIME_MS / 1000 }) };
    },
    fits(req, sent) {
      const expected = expectedOf(req);
      if (expected === undefined || typeof sent !== 'string') return false;
      const [a, b] = [Buffer.from(expected), Buffer.from(sent)];
      return a.length === b.length && timingSafeEqual(a, b);
    },
  };
}
