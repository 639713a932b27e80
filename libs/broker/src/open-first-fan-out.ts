import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createFirstFanOut, type FirstFanOutNeeds } from './first-fan-out.ts';
import type { Stores } from './open-stores.ts';
import { createQueueOrder } from './queue-order.ts';

type More = Pick<FirstFanOutNeeds, 'storePulled'> & { readonly deferAbove: number };

/** The fan-out of what a program has just accepted or released; what is open is settled before it ends. */
export function openFirstFanOut(stores: Stores, { storePulled, deferAbove }: More, lifecycle: Lifecycle) {
  const { routes, deliveries, queues, messages, deferred, wordBlocks, activeAmong, clock, logger } = stores;
  const order = createQueueOrder({
    middleAgeMs: queues.middleAgeMs,
    deferring: deferred.deferring,
    deferAbove,
    clock,
  });
  const first = createFirstFanOut({
    route: routes.get,
    insertDeliveries: deliveries.insert,
    order,
    defer: deferred.defer,
    existing: deliveries.existing,
    addJobs: queues.addDeliveries,
    insertWords: wordBlocks.insert,
    markFannedOut: messages.markFannedOut,
    activeAmong,
    releaseHeld: deliveries.releaseHeld,
    storePulled,
    failed: (error) => logger.warn({ err: error }, 'deliveries not settled; the sweep does it'),
    clock,
  });
  lifecycle.onClose('unsettled deliveries', first.close);
  return { fanOut: first.fanOut, isFlood: order.isFlood };
}
