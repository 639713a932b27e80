import { createFirstFanOut } from '@anika/broker/first-fan-out';
import { createPark } from '@anika/broker/park';
import { createQueueOrder } from '@anika/broker/queue-order';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { composeStorePulled } from './deps-pulls.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createStartFanOut } from './messages/start-fan-out.ts';

/** Of a message that was accepted a moment ago. */
export function composeFanOut(infrastructure: Infrastructure, lifecycle: Lifecycle) {
  const { routes, deliveries, queues, messages, wordBlocks, clock, logger } = infrastructure;
  const order = createQueueOrder({ middleAgeMs: queues.middleAgeMs, clock });
  const first = createFirstFanOut({
    route: routes.get,
    insertDeliveries: deliveries.insert,
    order,
    park: createPark({ park: infrastructure.lanes.park, clock }),
    existing: deliveries.existing,
    addJobs: queues.addDeliveries,
    insertWords: wordBlocks.insert,
    markFannedOut: messages.markFannedOut,
    activeAmong: infrastructure.activeAmong,
    releaseHeld: deliveries.releaseHeld,
    storePulled: composeStorePulled(infrastructure, lifecycle),
    failed: (error) => logger.warn({ err: error }, 'deliveries not settled; the sweep does it'),
    clock,
  });
  lifecycle.onClose('unsettled deliveries', first.close);
  const { start, drain } = createStartFanOut({ fanOut: first.fanOut, isFlood: order.isFlood, logger });
  lifecycle.onClose('fan-out', drain);
  return start;
}
