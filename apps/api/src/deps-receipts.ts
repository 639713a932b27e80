import { randomBytes } from 'node:crypto';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createReceiptKeyStore } from '@anika/stores/postgres/receipt-keys';
import type { ApiConfig } from './config.ts';
import { openTopicReaders } from './deps-lists.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createReadReceipts } from './receipts/read-receipts.ts';
import { createReceiptKeys } from './receipts/receipt-keys.ts';
import { receiptRoutes } from './receipts/receipts.routes.ts';
import { createSignReceipt } from './receipts/sign-receipt.ts';

export function openReceiptKeys({
  postgres,
  secretBox,
  clock,
}: Pick<Infrastructure, 'postgres' | 'secretBox' | 'clock'>) {
  return createReceiptKeys({
    store: createReceiptKeyStore(postgres),
    secretBox,
    newKid: () => randomBytes(9).toString('base64url'),
    clock,
  });
}

/** Receipts, counted and signed. */
export function composeReceipts(config: ApiConfig, infrastructure: Infrastructure): BoundRoute[] {
  const { postgres, clock, deliveries, searchLimit, counts } = infrastructure;
  return receiptRoutes(
    createReadReceipts({
      ...openTopicReaders(infrastructure),
      findGrant: createGrantStore(postgres).find,
      findDelivery: deliveries.find,
      count: (of, partnerId) => searchLimit.run(partnerId, () => counts.deliveries.receiptFigures(of)),
      sign: createSignReceipt({ key: openReceiptKeys(infrastructure).present, clock }),
      issuer: config.ANIKA_PUBLIC_URL,
    }),
  );
}
