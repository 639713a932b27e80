import { deliveryIdOf } from '@anika/broker/delivery-id';
import { createGrantStore } from '@anika/stores/postgres/grants';
import { createReaderStore } from '@anika/stores/postgres/readers';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { explainRoutes } from './messages/explain.routes.ts';
import { createExplainMessage } from './messages/explain-message.ts';

/** Why a message came to a reader, or did not. */
export function composeExplain(infrastructure: Infrastructure): BoundRoute[] {
  const { postgres, messages, deliveries, searchLimit, clock } = infrastructure;
  const explain = createExplainMessage({
    locate: messages.locate,
    find: messages.find,
    findGrant: createGrantStore(postgres).find,
    readers: createReaderStore(postgres),
    deliveryIdOf,
    findDeliveries: deliveries.findMany,
    isBeingFannedOut: async (id) => (await messages.beingFannedOut([id])).has(id),
    clock,
  });
  return explainRoutes((query, by) => searchLimit.run(by.partnerId, () => explain(query, by)));
}
