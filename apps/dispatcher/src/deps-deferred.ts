import { randomBytes } from 'node:crypto';
import { DEFERRED } from '@anika/broker/queue-order';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createDeferredStore } from '@anika/stores/mongo/deferred';
import { createReleaseDeferred } from './deferred/release-deferred.ts';
import { composeFanOut } from './deps-maintenance.ts';
import type { Infrastructure } from './infrastructure.ts';

const EVERY_MS = 250;

/** Of what was accepted while there was no time for it. */
export function startDeferred(infrastructure: Infrastructure, lifecycle: Lifecycle): void {
  const { mongo, queues, routes, clock, logger } = infrastructure;
  const release = createReleaseDeferred({
    ...createDeferredStore(mongo),
    countWaiting: () => queues.countWaiting(DEFERRED),
    countReaders: async (topicId) => (await routes.get(topicId))?.matchers.length ?? 0,
    fanOut: composeFanOut(infrastructure, { priority: DEFERRED }),
    newName: () => randomBytes(9).toString('base64url'),
    logger,
    clock,
  });
  lifecycle.onClose('deferred messages', startTicker(release, { everyMs: EVERY_MS, logger }));
}
