import type { Scope } from './access.ts';
import type { ApiKeyId, PartnerId, UserId } from './ids.ts';

/** A partner's credential for its programs; only its hash is stored. Times are milliseconds since the epoch. */
export type ApiKey = {
  readonly id: ApiKeyId;
  readonly partnerId: PartnerId;
  readonly createdBy: UserId;
  readonly name: string;
  /** The last four characters of the key, to recognise it by. */
  readonly hint: string;
  readonly scopes: readonly Scope[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number | undefined;
  readonly lastUsedAtMs: number | undefined;
};
