import { randomBytes } from 'node:crypto';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createReceiptKeyStore } from '@anika/stores/postgres/receipt-keys';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { ApiConfig } from './config.ts';
import { createListTopicDeliveries } from './deliveries/list-topic-deliveries.ts';
import { createSubscriptionsWithPart } from './deliveries/subscriptions-with-part.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createReadReceipts } from './receipts/read-receipts.ts';
import { createReceiptKeys } from './receipts/receipt-keys.ts';
import { receiptRoutes } from './receipts/receipts.routes.ts';
import { createSignReceipt } from './receipts/sign-receipt.ts';
import { createRefuseTopic } from './topics/refuse-topic.ts';

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

/** What needs topics, their readers and what reads much of MongoDB. */
function composeShared({ postgres, clock }: Infrastructure) {
  const topics = createTopicStore(postgres);
  return {
    findTopic: topics.find,
    subscriptionsWithPart: createSubscriptionsWithPart(createSubscriptionStore(postgres)),
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
    clock,
  };
}

/** The deliveries of a topic, for its owner. */
export function composeListOfTopic(infrastructure: Infrastructure) {
  const { searchLimit, counts } = infrastructure;
  return createListTopicDeliveries({
    ...composeShared(infrastructure),
    list: (list, partnerId) => searchLimit.run(partnerId, () => counts.deliveries.listOfTopic(list)),
  });
}

/** Receipts, counted and signed. */
export function composeReceipts(config: ApiConfig, infrastructure: Infrastructure): BoundRoute[] {
  const { postgres, clock, deliveries, searchLimit, counts } = infrastructure;
  const sign = createSignReceipt({ key: openReceiptKeys(infrastructure).present, clock });
  return receiptRoutes(
    createReadReceipts({
      ...composeShared(infrastructure),
      findGrant: createGrantStore(postgres).find,
      findDelivery: deliveries.find,
      count: (of, partnerId) => searchLimit.run(partnerId, () => counts.deliveries.receiptFigures(of)),
      sign,
      issuer: config.ANIKA_PUBLIC_URL,
    }),
  );
}
