import type { OwnLimits } from './company-limits.ts';
import type { PartnerId } from './ids.ts';

export const PARTNER_STATUSES = ['active', 'suspended'] as const;

/** A company. Times are milliseconds since the epoch. */
export type Partner = {
  readonly id: PartnerId;
  readonly name: string;
  /** The tokens and keys of a suspended partner do not work, and nothing is sent to it or for it. */
  readonly status: (typeof PARTNER_STATUSES)[number];
  readonly limits: OwnLimits;
  /** Its users without a second factor may do nothing but set one up. */
  readonly secondFactorRequired: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
};
