import type { Caller } from '@anika/core/access';
import type { ApiKey } from '@anika/core/api-key';
import type { Change } from '@anika/core/change';
import { Failure } from '@anika/core/failures';
import type { ApiKeyId, UserId } from '@anika/core/ids';
import type { User } from '@anika/core/user';
import { LRUCache } from 'lru-cache';
import type { AccessClaims, AccessTokens } from './access-tokens.ts';
import { API_KEY_PREFIX, credentialHash } from './credentials.ts';

type FoundUser = { readonly user: User; readonly partnerActive: boolean };
type FoundKey = { readonly key: ApiKey; readonly partnerActive: boolean; readonly revoked: boolean };

export type AuthenticateNeeds = {
  readonly tokens: Pick<AccessTokens, 'verify'>;
  readonly findUser: (id: UserId) => Promise<FoundUser | undefined>;
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
  forget(change: Change): void;
};

/** Bearer credentials: an access token of a user, or an API key. The user's role is the present one. */
export function createAuthenticate(needs: AuthenticateNeeds): Authenticate {
  const users = new LRUCache<UserId, { found: FoundUser | undefined }>({
    ...CACHE,
    fetchMethod: async (id) => ({ found: await needs.findUser(id) }),
  });
  const keys = new LRUCache<string, { found: FoundKey | undefined }>({
    ...CACHE,
    fetchMethod: async (hash) => ({ found: await needs.findKey(hash) }),
  });
  const verified = new LRUCache<string, { claims: AccessClaims | undefined }>({
    ...CACHE,
    fetchMethod: async (token) => ({ claims: await needs.tokens.verify(token) }),
  });

  async function byToken(token: string): Promise<Omit<Caller, 'remoteAddress'> | undefined> {
    const claims = (await verified.fetch(token))?.claims;
    if (claims === undefined) return undefined;
    const found = (await users.fetch(claims.userId))?.found;
    if (found === undefined || !found.partnerActive) return undefined;
    const { id, partnerId, role, email } = found.user;
    return partnerId === claims.partnerId ? { kind: 'user', userId: id, partnerId, role, email } : undefined;
  }

  async function byKey(credential: string): Promise<Omit<Caller, 'remoteAddress'> | undefined> {
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

  function forget(change: Change): void {
    if (change.kind === 'user') users.delete(change.id as UserId);
    if (change.kind === 'partner') users.clear();
    if (change.kind === 'partner' || change.kind === 'key') keys.clear();
  }

  return Object.assign(authenticate, { forget });
}
