import type { Caller } from '@anika/core/access';
import type { PartnerId } from '@anika/core/ids';
import type { AuditInput } from './audit.ts';

/** A change is always somebody's, at a time. */
export type Change = { readonly by: Caller; readonly atMs: number };

/** What happened without anybody having signed in, to a company or to none. */
export type Happening = {
  readonly by:
    | Caller
    | {
        readonly partnerId: PartnerId | undefined;
        readonly userId: undefined;
        readonly remoteAddress: string;
      };
  readonly atMs: number;
};

/** The part of an audit entry that says who and when. */
export type AuditedBy = Pick<AuditInput, 'at' | 'actorId' | 'actorPartnerId' | 'remoteAddress'>;

/** A key is named itself, not the user who made it. */
export function auditedBy({ by, atMs }: Happening): AuditedBy {
  return {
    at: new Date(atMs),
    actorId: by.userId === undefined ? undefined : (by.keyId ?? by.userId),
    actorPartnerId: by.partnerId,
    remoteAddress: by.remoteAddress,
  };
}
