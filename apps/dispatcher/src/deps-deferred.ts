import { randomBytes } from 'node:crypto';
import { DEFERRED } from '@anika/broker/queue-order';
import { BUSY_PART, createBusyPart } from '@anika/runtime/busy-part';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createQueueDeferred } from './deferred/queue-deferred.ts';
import { createReleaseDeferred } from './deferred/release-deferred.ts';
import { composeLateFanOut } from './deps-maintenance.ts';
import type { Infrastructure } from './infrastructure.ts';

const EVERY_MS = 100;
/** The part of its time that a dispatcher has for it while messages of several companies are delivered. */
const PART_BESIDE_OTHERS = 0.5;
/** With more of its jobs waiting dispatchers are behind, whatever keeps them. */
const WAITING_MAX = 200;

/** Of what was accepted while there was no time for it. */
export function startDeferred(infrastructure: Infrastructure, lifecycle: Lifecycle): void {
  const { deferred, queues, lanes, shares, clock, logger } = infrastructure;
  const busyPart = createBusyPart();
  const release = createReleaseDeferred({
    ...deferred,
    isBusy: async () =>
      busyPart() > (shares.isOfSeveral() ? PART_BESIDE_OTHERS : BUSY_PART) ||
      (await queues.countWaiting(DEFERRED)) > WAITING_MAX,
    fanOut: composeLateFanOut(infrastructure, {
      addJobs: createQueueDeferred({ park: lanes.park, addJobs: queues.addDeliveries }),
      insertWords: undefined, // they were stored when they were deferred
    }),
    newName: () => randomBytes(9).toString('base64url'),
    logger,
    clock,
  });
  lifecycle.onClose('deferred messages', startTicker(release, { everyMs: EVERY_MS, logger }));
}
