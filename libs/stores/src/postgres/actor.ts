import type { Caller } from '@anika/core/access';
import type { AuditInput } from './audit.ts';

/** A change is always somebody's, at a time. */
export type Change = { readonly by: Caller; readonly atMs: number };

/** The part of an audit entry that says who and when; a key is named itself, not the user who made it. */
export function auditedBy({
  by,
  atMs,
}: Change): Pick<AuditInput, 'at' | 'actorId' | 'actorPartnerId' | 'remoteAddress'> {
  return {
    at: new Date(atMs),
    actorId: by.keyId ?? by.userId,
    actorPartnerId: by.partnerId,
    remoteAddress: by.remoteAddress,
  };
}
