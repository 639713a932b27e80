import { createFanOut, type FanOutNeeds } from '@anika/broker/fan-out';
import { orderedAtMs } from '@anika/core/accepted-order';
import { redisWasEmptied } from '@anika/queue/epoch';
import { MAINTENANCE } from '@anika/queue/queues';
import { composeExpire } from './deps-expire.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createSweep } from './sweep/sweep.ts';

export type FanOut = ReturnType<typeof createFanOut>;

/** Of what nobody has fanned out yet. */
export function composeLateFanOut(infrastructure: Infrastructure, more: Partial<FanOutNeeds> = {}): FanOut {
  const { clock, deliveries, messages, wordBlocks, queues, activeAmong, routes } = infrastructure;
  return createFanOut({
    route: routes.get,
    insertDeliveries: deliveries.insert,
    addJobs: queues.addDeliveries,
    insertWords: wordBlocks.insert,
    markFannedOut: messages.markFannedOut,
    activeAmong,
    releaseHeld: deliveries.releaseHeld,
    clock,
    ...more,
  });
}

/** What is found without its job, and what has had its time. */
export function composeMaintenance(
  infrastructure: Infrastructure,
  fanOut: FanOut,
): (name: string) => Promise<void> {
  const { clock, deliveries, messages, queues, producer, prefix, metrics, logger, findLost } = infrastructure;
  const repaired = metrics.counter('repaired_total', 'What the sweep found without its job', ['what']);
  const sweep = createSweep({
    queueWasEmptied: () => redisWasEmptied(producer, prefix, clock.now()),
    sweepAllOpen: deliveries.sweepAllOpen,
    findNotFannedOut: messages.findNotFannedOut,
    fanOut,
    findOverdue: deliveries.findOverdue,
    findLost,
    queue: (lost) =>
      queues.addDeliveries(
        lost.map(({ id, messageId, subscriptionId, generation, nextAttemptAtMs, acceptedAtMs, order }) => ({
          deliveryId: id,
          messageId,
          subscriptionId,
          g: generation,
          dueMs: orderedAtMs(nextAttemptAtMs ?? acceptedAtMs, order),
        })),
      ),
    postponeSweep: deliveries.postponeSweep,
    repaired: (what, count) => repaired.inc({ what }, count),
    logger,
    clock,
  });
  const expire = composeExpire(infrastructure);
  return (name) => (name === MAINTENANCE.expire ? expire() : sweep());
}
