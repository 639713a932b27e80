import { randomBytes } from 'node:crypto';
import type { PartnerId } from '@anika/core/ids';
import type { DeliveriesOf } from '@anika/stores/mongo/deliveries-of-subscriptions';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createReceiptKeyStore } from '@anika/stores/postgres/receipt-keys';
import { createSubscriptionsWithPart as findWithPart } from '@anika/stores/postgres/subscriptions-with-part';
import { createTopicStore } from '@anika/stores/postgres/topics';
import type { ApiConfig } from './config.ts';
import { createListOwnDeliveries } from './deliveries/list-own-deliveries.ts';
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
    subscriptionsWithPart: createSubscriptionsWithPart({ find: findWithPart(postgres), clock }),
    refuse: createRefuseTopic({ seenAs: topics.seenAs, clock }),
    clock,
  };
}

/** Lists of deliveries: of a topic for its owner, to own endpoints for a reader. */
export function composeLists(infrastructure: Infrastructure) {
  const { searchLimit, counts, deliveries } = infrastructure;
  const shared = composeShared(infrastructure);
  const listOfMany = (list: DeliveriesOf, partnerId: PartnerId) =>
    searchLimit.run(partnerId, () => counts.deliveries.listOf(list));
  return {
    listOfTopic: createListTopicDeliveries({ ...shared, list: listOfMany }),
    listOwn: createListOwnDeliveries({ ...shared, list: deliveries.listOf, listOfMany }),
  };
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
