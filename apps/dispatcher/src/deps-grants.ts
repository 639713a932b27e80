import { createCancelWaiting } from '@anika/broker/cancel-waiting';
import type { Grant } from '@anika/core/access';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createCancellationStore } from '@anika/stores/postgres/cancellations';
import { createGrantEndStore } from '@anika/stores/postgres/grant-ends';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import { createEndGrants } from './grants/end-grants.ts';
import { createGiveNotices } from './grants/give-notices.ts';
import { createNotifyEndpoints } from './grants/notify-endpoints.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Outbound } from './outbound.ts';

const EVERY_MS = 500;

/** What follows from the calendar: the ends of grants, and the notices before them. */
function composeGrantTasks(infrastructure: Infrastructure, { findTarget, send, newEventId }: Outbound) {
  const { postgres, deliveries, clock, logger } = infrastructure;
  const ends = createGrantEndStore(postgres);
  const subscriptions = createSubscriptionStore(postgres);
  const subscriptionsOf = ({ topicId, partnerId }: Grant) => subscriptions.idsOf(topicId, partnerId);
  const endGrants = createEndGrants({
    findEnded: ends.findEnded,
    end: ends.end,
    async cancelDeliveries(grant, nowMs) {
      await deliveries.cancelOpen(await subscriptionsOf(grant), 'grant-expired', nowMs);
    },
    logger,
    clock,
  });
  const notify = createNotifyEndpoints({
    subscriptionsOf,
    findTarget,
    send,
    newId: newEventId,
    logger,
    clock,
  });
  const cancelWaiting = createCancelWaiting({
    ...createCancellationStore(postgres),
    cancelOpen: deliveries.cancelOpen,
    cancelled: (subscriptionId, reason) => logger.info({ subscriptionId, reason }, 'deliveries cancelled'),
    clock,
  });
  return {
    cancelWaiting,
    endGrants,
    giveNotices: createGiveNotices({ claimExpiring: ends.claimExpiring, notify, clock }),
  };
}

export function startGrants(infrastructure: Infrastructure, outbound: Outbound, lifecycle: Lifecycle): void {
  const { cancelWaiting, endGrants, giveNotices } = composeGrantTasks(infrastructure, outbound);
  const every = { everyMs: EVERY_MS, logger: infrastructure.logger };
  lifecycle.onClose(
    'cancellations',
    startTicker(() => cancelWaiting(), every),
  );
  lifecycle.onClose('ends of grants', startTicker(endGrants, every));
  lifecycle.onClose('notices of ends', startTicker(giveNotices, every));
}
