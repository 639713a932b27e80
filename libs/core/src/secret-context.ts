import type { SubscriptionId } from './ids.ts';

/** What a sealed secret belongs to: sealed for one row, it opens in no other. */
export const secretContext = {
  subscription: (id: SubscriptionId) => `subscription:${id}`,
  signingKey: (kid: string) => `signing-key:${kid}`,
} as const;
