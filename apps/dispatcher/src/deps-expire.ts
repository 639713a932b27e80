import type { Infrastructure } from './infrastructure.ts';
import { createExpire } from './sweep/expire.ts';
import { createExpireUnverified } from './sweep/expire-unverified.ts';
import { createTidyDeadLetters } from './sweep/tidy-dead-letters.ts';

/** What has had its time: messages, what waits for an endpoint that never answered, dead letters that are none. */
export function composeExpire(infrastructure: Infrastructure): () => Promise<void> {
  const { clock, deliveries, messages, wordBlocks, queues, routing, activeAmong, logger } = infrastructure;
  const expire = createExpire({
    topics: routing.retentions,
    messagesOlderThan: messages.idsOlderThan,
    deleteDeliveriesOf: deliveries.removeOfMessages,
    deleteMessages: messages.remove,
    deleteWordsBefore: wordBlocks.removeBefore,
    subscriptionsWithHeld: deliveries.subscriptionsWithHeld,
    activeAmong,
    releaseHeld: deliveries.releaseHeld,
    logger,
    clock,
  });
  const tidyDeadLetters = createTidyDeadLetters({
    list: queues.listDeadLetters,
    findDeliveries: deliveries.findMany,
    remove: queues.removeDeadLetters,
  });
  const expireUnverified = createExpireUnverified({
    neverVerified: routing.neverVerified,
    cancelHeld: (ids, beforeMs) =>
      deliveries.cancelHeld(ids, beforeMs, { reason: 'not-verified-in-time', nowMs: clock.now() }),
    heldBeyond: deliveries.heldBeyond,
    logger,
    clock,
  });
  return async () => {
    await expire();
    await expireUnverified();
    const removed = await tidyDeadLetters();
    if (removed > 0) logger.info({ removed }, 'dead letters that are not dead any more');
  };
}
