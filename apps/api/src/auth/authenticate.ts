import type { Caller } from '@anika/core/access';
import type { ApiKey } from '@anika/core/api-key';
import type { Change } from '@anika/core/change';
import type { ApiKeyId, SessionId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { LRUCache } from 'lru-cache';
import type { AccessTokens, VerifiedToken } from './access-tokens.ts';
import { credentialHash, isWellFormed, kindOf } from './credentials.ts';
import { type Refusal, refused } from './refusals.ts';

type FoundSession = {
  readonly user: User;
  readonly partnerActive: boolean;
  /** Not ended, and opened with the credentials that the user has now. */
  readonly open: boolean;
  readonly expiresAtMs: number;
  /** The company demands a second factor, and the user has none. */
  readonly mustSetUpFactor: boolean;
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
export const CACHE_MS = 1000;
/** What is forgotten while it is being loaded still answers those who asked before, and is not kept. */
const CACHE = { max: 10_000, ttl: CACHE_MS, ignoreFetchAbort: true } as const;
const MAX_TOKEN_LENGTH = 4096;

export type Authenticate = {
  /** Rejects with `unauthenticated`; says which refusal it is, as far as whoever has the credential may know. */
  (authorization: string | undefined, remoteAddress?: string): Promise<Caller>;
  /** Who has signed in, as he is now; undefined when the session is over. */
  bySession(id: SessionId): Promise<SignedIn | undefined>;
  /** Rejects with `unauthenticated`. */
  byOpenSession(id: SessionId | undefined, remoteAddress?: string): Promise<Caller>;
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
  const verified = new LRUCache<string, VerifiedToken>({
    ...CACHE,
    fetchMethod: (token) => needs.tokens.verify(token),
  });

  async function bySession(sessionId: SessionId): Promise<SignedIn | undefined> {
    const found = (await sessions.fetch(sessionId))?.found;
    if (found === undefined || !found.open || !found.partnerActive) return undefined;
    if (found.expiresAtMs <= needs.clock.now()) return undefined;
    const { id, partnerId, role, email } = found.user;
    const signedIn = { kind: 'user', userId: id, partnerId, role, email, sessionId } as const;
    return found.mustSetUpFactor ? { ...signedIn, mustSetUpFactor: true } : signedIn;
  }

  async function byToken(token: string): Promise<SignedIn | Refusal> {
    const found = await verified.fetch(token);
    if (found === undefined || typeof found === 'string') return found ?? 'invalid';
    const caller = await bySession(found.sessionId);
    const isTheirs = caller?.userId === found.userId && caller.partnerId === found.partnerId;
    return isTheirs ? caller : 'invalid';
  }

  async function byKey(credential: string): Promise<SignedIn | Refusal> {
    if (!isWellFormed('key', credential)) return 'malformed';
    const found = (await keys.fetch(credentialHash(credential)))?.found;
    if (found === undefined || found.revoked || !found.partnerActive) return 'invalid';
    const { id, partnerId, createdBy, scopes, expiresAtMs } = found.key;
    if (expiresAtMs !== undefined && expiresAtMs <= needs.clock.now()) return 'expired';
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

  async function byCredential(authorization: string | undefined): Promise<SignedIn | Refusal> {
    if (authorization === undefined || authorization.trim() === '') return 'missing';
    if (!/^Bearer(?: |$)/i.test(authorization)) return 'wrong-scheme';
    const [, credential] = /^Bearer +([\x21-\x7e]+) *$/i.exec(authorization) ?? [];
    if (credential === undefined || credential.length > MAX_TOKEN_LENGTH) return 'malformed';
    const kind = kindOf(credential);
    if (kind === 'key') return byKey(credential);
    return kind === undefined ? byToken(credential) : 'wrong-kind';
  }

  async function authenticate(authorization: string | undefined, remoteAddress?: string): Promise<Caller> {
    const caller = await byCredential(authorization);
    if (typeof caller === 'string') throw refused(caller);
    return { ...caller, remoteAddress };
  }

  async function byOpenSession(id: SessionId | undefined, remoteAddress?: string): Promise<Caller> {
    const caller = id === undefined ? undefined : await bySession(id);
    if (caller === undefined) throw refused('invalid');
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

  return Object.assign(authenticate, { bySession, byOpenSession, forget });
}
