import { createReplayStore } from '@anika/stores/postgres/replays';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createMayStart } from './deliveries/may-start.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { replayRoutes } from './replays/replays.routes.ts';
import { createReplays } from './replays/replays.ts';

/** Replays, of the messages part. */
export function composeReplays(infrastructure: Infrastructure): BoundRoute[] {
  const { postgres, clock, deliveries, loadTarget, queues, counts, searchLimit, newId, logger } =
    infrastructure;
  return replayRoutes(
    createReplays({
      store: createReplayStore(postgres),
      findSubscription: createSubscriptionStore(postgres).find,
      loadTarget,
      mayStart: createMayStart({ loadTarget, clock }),
      bounded: searchLimit.run,
      listBetween: counts.listBetween,
      known: counts.deliveries.known,
      countReplayed: counts.deliveries.countReplayed,
      restartFailed: deliveries.restartFailed,
      requestSweep: () =>
        queues.requestSweep().catch((error: unknown) => {
          logger.warn({ err: error }, 'not queued yet; the next sweep does it');
        }),
      newId,
      clock,
    }),
  );
}
