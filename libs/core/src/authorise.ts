import { type Grant, grantState } from './access.ts';
import type { ReasonOf } from './delivery/reasons.ts';
import type { FilterSubject } from './filter.ts';
import type { PartnerId } from './ids.ts';

/** What is needed of a message to say who may read it. */
export type Readable = FilterSubject & {
  readonly acceptedAtMs: number;
  readonly audience: readonly PartnerId[] | undefined;
};

/** A grant's filter as a function, so that it is compiled once for many messages. */
export type ReadGrant = Pick<
  Grant,
  'types' | 'history' | 'validFromMs' | 'expiresAtMs' | 'revokedAtMs' | 'partnerId'
> & { readonly matches: (message: FilterSubject) => boolean };

/**
 * Whether a grant lets its partner read a message now; undefined when it does, else why not. Asked at
 * fan-out, again before each POST, and by every read: the one rule of who sees what.
 */
export function refusalOf(
  grant: ReadGrant | undefined,
  message: Readable,
  nowMs: number,
): ReasonOf<'cancelled'> | undefined {
  if (grant === undefined) return 'grant-revoked';
  const state = grantState(grant, nowMs);
  if (state === 'revoked') return 'grant-revoked';
  if (state === 'expired') return 'grant-expired';
  if (!grant.history && message.acceptedAtMs < grant.validFromMs) return 'grant-narrowed';
  if (grant.types.length > 0 && !grant.types.includes(message.type)) return 'grant-narrowed';
  if (message.audience !== undefined && !message.audience.includes(grant.partnerId)) return 'grant-narrowed';
  return grant.matches(message) ? undefined : 'grant-narrowed';
}
