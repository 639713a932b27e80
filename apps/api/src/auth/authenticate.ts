import type { Caller } from '@anika/core/access';
import type { ApiKey } from '@anika/core/api-key';
import type { Change } from '@anika/core/change';
import { Failure } from '@anika/core/failures';
import type { ApiKeyId, SessionId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { LRUCache } from 'lru-cache';
import type { AccessClaims, AccessTokens } from './access-tokens.ts';
import { API_KEY_PREFIX, credentialHash, isWellFormed } from './credentials.ts';

type FoundSession = {
  readonly user: User;
  readonly partnerActive: boolean;
  /** Not ended, and opened with the credentials that the user has now. */
  readonly open: boolean;
  readonly expiresAtMs: number;
};
type FoundKey = { readonly key: ApiKey; readonly partnerActive: boolean; readonly revoked: boolean };

export type AuthenticateNeeds = {
  readonly tokens: Pick<AccessTokens, 'verify'>;
  readonly findSession: (id: SessionId) => Promise<FoundSession | undefined>;
  readonly findKey: (hash: string) => Promise<FoundKey | undefined>;
  readonly keyUsed: (id: ApiKeyId) => void;
  readonly clock: { now(): number };
};

/** How long a change of a user, key or partner may go unnoticed when its announcement is lost. */
const CACHE_MS = 1000;
/** What is forgotten while it is being loaded still answers those who asked before, and is not kept. */
const CACHE = { max: 10_000, ttl: CACHE_MS, ignoreFetchAbort: true } as const;
const MAX_TOKEN_LENGTH = 4096;

export type Authenticate = {
  /** Rejects with `unauthenticated`; every reason has the same answer. */
  (authorization: string | undefined, remoteAddress?: string): Promise<Caller>;
  /** Who has signed in, as he is now; undefined when the session is over. */
  bySession(id: SessionId): Promise<SignedIn | undefined>;
  forget(change: Change): void;
};

type SignedIn = Omit<Caller, 'remoteAddress'>;

/** Bearer credentials: an access token of a user, or an API key. The user's role is the present one. */
export function createAuthenticate(needs: AuthenticateNeeds): Authenticate {
  /** Whose they are is not known yet. */
  const loading = new Set<SessionId>();
  const sessions = new LRUCache<SessionId, { found: FoundSession | undefined }>({
    ...CACHE,
    async fetchMethod(id) {
      loading.add(id);
      try {
        return { found: await needs.findSession(id) };
      } finally {
        loading.delete(id);
      }
    },
  });
  const keys = new LRUCache<string, { found: FoundKey | undefined }>({
    ...CACHE,
    fetchMethod: async (hash) => ({ found: await needs.findKey(hash) }),
  });
  const verified = new LRUCache<string, { claims: AccessClaims | undefined }>({
    ...CACHE,
    fetchMethod: async (token) => ({ claims: await needs.tokens.verify(token) }),
  });

  async function bySession(sessionId: SessionId): Promise<SignedIn | undefined> {
    const found = (await sessions.fetch(sessionId))?.found;
    if (found === undefined || !found.open || !found.partnerActive) return undefined;
    if (found.expiresAtMs <= needs.clock.now()) return undefined;
    const { id, partnerId, role, email } = found.user;
    return { kind: 'user', userId: id, partnerId, role, email, sessionId };
  }

  async function byToken(token: string): Promise<SignedIn | undefined> {
    const claims = (await verified.fetch(token))?.claims;
    if (claims === undefined) return undefined;
    const caller = await bySession(claims.sessionId);
    const isTheirs = caller?.userId === claims.userId && caller.partnerId === claims.partnerId;
    return isTheirs ? caller : undefined;
  }

  async function byKey(credential: string): Promise<SignedIn | undefined> {
    if (!isWellFormed('key', credential)) return undefined;
    const found = (await keys.fetch(credentialHash(credential)))?.found;
    if (found === undefined || found.revoked || !found.partnerActive) return undefined;
    const { id, partnerId, createdBy, scopes, expiresAtMs } = found.key;
    if (expiresAtMs !== undefined && expiresAtMs <= needs.clock.now()) return undefined;
    needs.keyUsed(id);
    return {
      kind: 'key',
      userId: createdBy,
      partnerId,
      role: 'developer',
      email: undefined,
      keyId: id,
      scopes,
    };
  }

  async function authenticate(authorization: string | undefined, remoteAddress?: string): Promise<Caller> {
    const [, credential] = /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization ?? '') ?? [];
    const usable = credential !== undefined && credential.length <= MAX_TOKEN_LENGTH;
    const caller = !usable
      ? undefined
      : await (credential.startsWith(API_KEY_PREFIX) ? byKey(credential) : byToken(credential));
    if (caller === undefined) {
      throw new Failure(
        'unauthenticated',
        'Send a valid access token or API key as "Authorization: Bearer …"',
      );
    }
    return { ...caller, remoteAddress };
  }

  function forget({ kind, id }: Change): void {
    if (kind === 'session') sessions.delete(id as SessionId);
    if (kind === 'user') forgetSessionsOf(id);
    if (kind === 'partner') sessions.clear();
    if (kind === 'partner' || kind === 'key') keys.clear();
  }

  function forgetSessionsOf(userId: string): void {
    for (const sessionId of loading) sessions.delete(sessionId);
    for (const [sessionId, { found }] of sessions.entries()) {
      if (found?.user.id === userId) sessions.delete(sessionId);
    }
  }

  return Object.assign(authenticate, { bySession, forget });
}
