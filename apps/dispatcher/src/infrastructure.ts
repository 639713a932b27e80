import { randomBytes } from 'node:crypto';
import { type Context, openStores } from '@anika/broker/open-stores';
import { wakePullers } from '@anika/broker/wake-pullers';
import { TIMING } from '@anika/core/delivery/timing';
import { createFindLost } from '@anika/queue/find-lost';
import { createLanes } from '@anika/queue/lanes';
import { connectRedis } from '@anika/queue/redis';
import { createWake } from '@anika/queue/wake-ups';
import { createBusyPart } from '@anika/runtime/busy-part';
import { within } from '@anika/runtime/deadline';
import type { Metrics } from '@anika/runtime/metrics';
import { createPullStore } from '@anika/stores/mongo/pulls';
import type { DispatcherConfig } from './config.ts';
import { createShares } from './deliver/shares.ts';

export type Infrastructure = ReturnType<typeof openInfrastructure>;

/** The connections and stores of this process, opened once and closed in reverse. */
export function openInfrastructure(config: DispatcherConfig, context: Context, metrics: Metrics) {
  const { lifecycle } = context;
  const stores = openStores(config, context);
  const { clock, prefix, logger, mongo, producer, queues } = stores;
  const worker = connectRedis({ url: config.REDIS_URL, role: 'worker' });
  lifecycle.onClose('Redis for workers', async () => worker.disconnect());
  const shares = createShares(config.ANIKA_CONCURRENCY, { clock, busyPart: createBusyPart() });
  // On the worker's own connection: a place is given back in one write with the end of its job.
  const lanes = createLanes({ redis: worker, prefix, shares });
  lifecycle.onClose('lanes', () => within(lanes.drain(), { ms: TIMING.lanesClosingMs, what: 'Redis' }));
  const wake = createWake({ publisher: producer, prefix, logger });
  return {
    ...stores,
    metrics,
    worker,
    shares,
    lanes,
    wake,
    /** Jobs for those whose turn has come. */
    addUnparked: (jobs: Parameters<typeof queues.addUnparked>[0]) =>
      queues.addUnparked(jobs, randomBytes(6).toString('hex')),
    deliveries: wakePullers(stores.deliveries, wake),
    findLost: createFindLost({ redis: producer, prefix }),
    pulls: createPullStore(mongo),
  };
}
