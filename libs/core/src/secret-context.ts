import type { ErasureId, SubscriptionId, UserId } from './ids.ts';

/** What a sealed secret belongs to: sealed for one row, it opens in no other. */
export const secretContext = {
  subscription: (id: SubscriptionId) => `subscription:${id}`,
  /** A value moved under another name would be sent as that header. */
  subscriptionHeader: (id: SubscriptionId, name: string) => `subscription-header:${id}:${name.toLowerCase()}`,
  erasure: (id: ErasureId) => `erasure:${id}`,
  installation: () => 'installation',
  webhookKey: (kid: string) => `webhook-key:${kid}`,
  receiptKey: (kid: string) => `receipt-key:${kid}`,
  secondFactor: (id: UserId) => `second-factor:${id}`,
  signingKey: (kid: string) => `signing-key:${kid}`,
} as const;
