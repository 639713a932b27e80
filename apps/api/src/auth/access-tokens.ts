import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import type { PartnerId, SessionId, UserId } from '@anika/core/ids';
import { isId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import jsonwebtoken from 'jsonwebtoken';
import { z } from 'zod';
import type { SigningKeys } from './signing-keys.ts';

export const ACCESS_TOKEN_SECONDS = 15 * 60;
const AUDIENCE = 'anika';

const claimsSchema = z.object({
  sub: z.string(),
  user_id: z.string(),
  partner_id: z.string().nullable(),
  sid: z.string(),
  role: z.string(),
  exp: z.number(),
});

export type AccessClaims = {
  readonly userId: UserId;
  readonly partnerId: PartnerId | undefined;
  readonly sessionId: SessionId;
};

/**
 * `malformed`: not in the form of a token, whoever made it. `expired`: signed by us, and its time is over. `invalid`: not
 * one of our valid tokens, for whatever other reason.
 */
export type VerifiedToken = AccessClaims | 'malformed' | 'expired' | 'invalid';

/** Three parts in base64url (RFC 7515 §3.1). */
const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/;

export type AccessTokens = {
  /** Good for as long as the session is, and its time at most. */
  issue(user: User, sessionId: SessionId): Promise<string>;
  verify(token: string): Promise<VerifiedToken>;
};

const sign = promisify<string | object | Buffer, jsonwebtoken.Secret, jsonwebtoken.SignOptions, string>(
  (payload, key, options, done) =>
    jsonwebtoken.sign(payload, key, options, (error, token) => done(error, token ?? '')),
);

/** ES256 JSON Web Tokens (RFC 9068 profile: `typ: at+jwt`). The role in them is for others; we look it up. */
export function createAccessTokens(needs: {
  keys: SigningKeys;
  issuer: string;
  clock: { now(): number };
}): AccessTokens {
  return {
    async issue(user, sessionId) {
      const { kid, privateKey } = await needs.keys.current();
      const issuedAt = Math.floor(needs.clock.now() / 1000);
      const claims = {
        iss: needs.issuer,
        aud: AUDIENCE,
        sub: user.id,
        iat: issuedAt,
        exp: issuedAt + ACCESS_TOKEN_SECONDS,
        jti: randomUUID(),
        sid: sessionId,
        user_id: user.id,
        partner_id: user.partnerId ?? null,
        role: user.role,
      };
      return sign(claims, privateKey, { algorithm: 'ES256', header: { alg: 'ES256', typ: 'at+jwt', kid } });
    },

    async verify(token) {
      if (!FORM.test(token)) return 'malformed';
      const header = unlessThrown(() => jsonwebtoken.decode(token, { complete: true }))?.header;
      if (header?.typ !== 'at+jwt' || typeof header.kid !== 'string') return 'invalid';
      const key = await needs.keys.publicKey(header.kid);
      if (key === undefined) return 'invalid';
      const clockTimestamp = Math.floor(needs.clock.now() / 1000);
      const payload = unlessThrown(() =>
        jsonwebtoken.verify(token, key, {
          algorithms: ['ES256'],
          issuer: needs.issuer,
          audience: AUDIENCE,
          clockTimestamp,
          // Judged below, apart from every other fault: whoever has such a token may know that it was good.
          ignoreExpiration: true,
        }),
      );
      const signed = toClaims(payload);
      if (signed === undefined) return 'invalid';
      return signed.expiresAtSeconds <= clockTimestamp ? 'expired' : signed.claims;
    },
  };
}

/**
 * The library computes from the token and from what we know to be good, so whatever it throws is the token's
 * fault: a signature of another length is a TypeError, a payload that is no JSON a SyntaxError.
 */
function unlessThrown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

type Signed = { readonly claims: AccessClaims; readonly expiresAtSeconds: number };

function toClaims(payload: unknown): Signed | undefined {
  const parsed = claimsSchema.safeParse(payload);
  if (!parsed.success || parsed.data.sub !== parsed.data.user_id) return undefined;
  const { user_id: userId, partner_id: partner, sid: sessionId, exp: expiresAtSeconds } = parsed.data;
  const partnerId = partner ?? undefined;
  if (!isId('usr', userId) || !isId('ses', sessionId)) return undefined;
  if (partnerId !== undefined && !isId('par', partnerId)) return undefined;
  return { claims: { userId, partnerId, sessionId }, expiresAtSeconds };
}
