import { isLive } from '@anika/core/delivery/lease';
import { createAuditLog } from '@anika/stores/postgres/audit-log';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createTopicStore } from '@anika/stores/postgres/topics';
import { deliveryRoutes } from './deliveries/deliveries.routes.ts';
import { createDeliveries } from './deliveries/deliveries.ts';
import { createQueueAnew } from './deliveries/queue-anew.ts';
import { createRecordRestarts } from './deliveries/record-restarts.ts';
import { composeLists } from './deps-lists.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { ReadMessage } from './messages/readable-messages.ts';

/** Deliveries, and starting them again. */
export function composeDeliveries(infrastructure: Infrastructure, readMessage: ReadMessage): BoundRoute[] {
  const { postgres, clock, deliveries, loadTarget, queues, lanes, logger } = infrastructure;
  const later = (error: unknown) => logger.warn({ err: error }, 'not queued yet; the next sweep does it');
  const record = createRecordRestarts({
    append: createAuditLog(postgres).appendEvent,
    findTopic: createTopicStore(postgres).find,
    clock,
  });
  return deliveryRoutes(
    createDeliveries({
      store: deliveries,
      readMessage,
      ...composeLists(infrastructure),
      findSubscription: createSubscriptionStore(postgres).find,
      loadTarget,
      isUnderWay: async ({ id, subscriptionId, pull, lease }) =>
        pull ? isLive(lease, clock.now()) : lanes.isUnderWay({ deliveryId: id, subscriptionId }, clock.now()),
      queueAnew: createQueueAnew({ queues, later }),
      requestSweep: () => queues.requestSweep().catch(later),
      recordResent: record.resent,
      recordRedrive: record.redriven,
      clock,
    }),
  );
}
