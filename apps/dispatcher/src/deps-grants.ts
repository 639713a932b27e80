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

/** What follows from the calendar: the ends of grants, the notices before them, and what waits under what has ended. */
export function startGrants(
  { postgres, deliveries, clock, logger }: Infrastructure,
  { findTarget, send, newEventId }: Outbound,
  lifecycle: Lifecycle,
): void {
  const ends = createGrantEndStore(postgres);
  const subscriptions = createSubscriptionStore(postgres);
  const subscriptionsOf = ({ topicId, partnerId }: Grant) => subscriptions.idsOf(topicId, partnerId);
  const { cancelOpen } = deliveries;
  const endGrants = createEndGrants({ ...ends, subscriptionsOf, cancelOpen, logger, clock });
  const told = { subscriptionsOf, findTarget, send, newId: newEventId, logger, clock };
  const notify = createNotifyEndpoints(told);
  const giveNotices = createGiveNotices({ claimExpiring: ends.claimExpiring, notify, clock });
  const cancelWaiting = createCancelWaiting({
    ...createCancellationStore(postgres),
    cancelOpen,
    cancelled: (subscriptionId, reason) => logger.info({ subscriptionId, reason }, 'deliveries cancelled'),
    clock,
  });
  const every = { everyMs: EVERY_MS, logger };
  const cancellations = startTicker(() => cancelWaiting(), every);
  lifecycle.onClose('cancellations', cancellations);
  lifecycle.onClose('ends of grants', startTicker(endGrants, every));
  lifecycle.onClose('notices of ends', startTicker(giveNotices, every));
}
