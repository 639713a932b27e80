import type { FieldMask } from './field-mask.ts';
import type { Filter } from './filter.ts';
import type { GrantId, PartnerId, SessionId, TopicId, UserId } from './ids.ts';

export const ROLES = ['operator', 'admin', 'developer', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What an API key may do: publish messages; read topics, messages and deliveries; manage topics and subscriptions; pull
 * deliveries and acknowledge them; decide who reads own topics.
 */
export const SCOPES = ['publish', 'read', 'manage', 'receive', 'grants'] as const;
export type Scope = (typeof SCOPES)[number];
/** Of a key for which none are named: letting others in is given by name only. */
export const DEFAULT_SCOPES: readonly Scope[] = ['publish', 'read', 'manage', 'receive'];

/** Who calls. An API key acts for its partner as a `developer` limited to its scopes; an operator has no partner. */
export type Caller = {
  readonly kind: 'user' | 'key';
  readonly userId: UserId;
  readonly partnerId: PartnerId | undefined;
  readonly role: Role;
  readonly email: string | undefined;
  readonly keyId?: string;
  /** Of a user who signed in. */
  readonly sessionId?: SessionId;
  /** Undefined: not limited (a user). */
  readonly scopes?: readonly Scope[];
  /** A user without a second factor, of a company that demands one: nothing but setting it up is allowed. */
  readonly mustSetUpFactor?: true;
  readonly remoteAddress: string | undefined;
};

/** A caller who acts for a partner. */
export type PartnerCaller = Caller & { readonly partnerId: PartnerId };

/** What the owner of a topic lets a reader partner see. Times are milliseconds since the epoch. */
export type Grant = {
  readonly id: GrantId;
  readonly topicId: TopicId;
  readonly partnerId: PartnerId;
  readonly version: number;
  readonly purpose: string | undefined;
  readonly fields: FieldMask | undefined;
  /** Empty: all types. */
  readonly types: readonly string[];
  readonly filter: Filter | undefined;
  /** False: messages accepted before `validFromMs` are not the reader's. */
  readonly history: boolean;
  readonly validFromMs: number;
  readonly expiresAtMs: number | undefined;
  readonly revokedAtMs: number | undefined;
  /** Who ended it; undefined also where that was not noted yet. */
  readonly revokedBy: 'owner' | 'reader' | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};

export type GrantState = 'active' | 'expired' | 'revoked';

export function grantState(grant: Pick<Grant, 'expiresAtMs' | 'revokedAtMs'>, nowMs: number): GrantState {
  if (grant.revokedAtMs !== undefined) return 'revoked';
  if (grant.expiresAtMs !== undefined && grant.expiresAtMs <= nowMs) return 'expired';
  return 'active';
}
