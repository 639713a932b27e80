import { randomBytes } from 'node:crypto';
import { parsedGroups } from '@anika/broker/fan-out';
import { createFirstFanOut } from '@anika/broker/first-fan-out';
import { createPark } from '@anika/broker/park';
import { createQueueOrder } from '@anika/broker/queue-order';
import type { Message } from '@anika/core/message';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createScheduleStore } from '@anika/stores/mongo/schedule';
import type { Infrastructure } from './infrastructure.ts';
import { createReleaseScheduled } from './schedule/release-scheduled.ts';
import { startTicker } from './sweep/ticker.ts';

type FanOut = (messages: readonly Message[]) => Promise<void>;

/** What is scheduled comes so much after its time, and what its fan-out takes. */
const EVERY_MS = 200;

export function composeSchedule(
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
  fanOutLate: FanOut,
): void {
  const { mongo, clock, logger } = infrastructure;
  const release = createReleaseScheduled({
    ...createScheduleStore(mongo),
    fanOut: composeFanOut(infrastructure, lifecycle),
    fanOutLate,
    newName: () => randomBytes(9).toString('base64url'),
    logger,
    clock,
  });
  lifecycle.onClose('schedule of messages', startTicker(release, { everyMs: EVERY_MS, logger }));
}

/** As of messages that are published in this moment. */
function composeFanOut(infrastructure: Infrastructure, lifecycle: Lifecycle): FanOut {
  const { routes, deliveries, queues, lanes, messages, wordBlocks, clock, logger } = infrastructure;
  const first = createFirstFanOut({
    route: routes.get,
    insertDeliveries: deliveries.insert,
    order: createQueueOrder({ middleAgeMs: queues.middleAgeMs, clock }),
    park: createPark({ park: lanes.park, clock }),
    existing: deliveries.existing,
    addJobs: queues.addDeliveries,
    insertWords: wordBlocks.insert,
    markFannedOut: messages.markFannedOut,
    activeAmong: infrastructure.activeAmong,
    releaseHeld: deliveries.releaseHeld,
    storePulled: deliveries.insert,
    failed: (error) => logger.warn({ err: error }, 'deliveries not settled; the sweep does it'),
    clock,
  });
  lifecycle.onClose('unsettled deliveries', first.close);
  return async (due) => {
    for (const group of parsedGroups(due)) await first.fanOut(group);
  };
}
