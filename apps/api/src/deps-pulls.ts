import { randomBytes } from 'node:crypto';
import { createReleaseIfActive } from '@anika/broker/release-if-active';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createPullStore } from '@anika/stores/mongo/pulls';
import type { ApiConfig } from './config.ts';
import { composeEndLeases } from './deps-leases.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';
import { openPullOutbound } from './outbound.ts';
import { createAckDeliveries } from './pulls/ack-deliveries.ts';
import { createFindDue } from './pulls/find-due.ts';
import { createFoundNone } from './pulls/found-none.ts';
import { createLimitPolls } from './pulls/limit-polls.ts';
import { startLooking } from './pulls/look-again.ts';
import { createOwnPull } from './pulls/own-pull.ts';
import { createPullDeliveries } from './pulls/pull-deliveries.ts';
import { pullRoutes } from './pulls/pulls.routes.ts';
import { createTakeDue } from './pulls/take-due.ts';
import { createWaitingPollers } from './pulls/waiting-pollers.ts';

/** Pulling and acknowledging. `letGo` ends all waits, with an empty answer. */
export function composePulls(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): { routes: BoundRoute[]; letGo: () => void } {
  const { mongo, messages, deliveries, activeAmong, changes, wakeUps, clock, logger } = infrastructure;
  const store = createPullStore(mongo);
  const { compose, findTarget } = openPullOutbound(infrastructure);
  const endLeases = composeEndLeases(config, infrastructure);
  const own = createOwnPull({ find: async (id) => (await findTarget(id))?.target.subscription });
  changes.onChange(own.forget);
  const waiting = createWaitingPollers(clock);
  wakeUps.onWake(waiting.wake);
  const foundNone = createFoundNone(clock);
  wakeUps.onWake(foundNone.forget);
  lifecycle.onClose('pullers', startLooking({ waiting, foundNone, withDue: store.withDue, logger, clock }));
  const noneAgain = createFoundNone(clock);
  wakeUps.onWake(noneAgain.forget);
  const takeDue = createTakeDue({
    findDue: createFindDue({ store, foundNone: noneAgain }),
    claim: store.claim,
    findTarget,
    messages,
    compose,
    record: deliveries.record,
    releaseIfActive: createReleaseIfActive({ activeAmong, releaseHeld: deliveries.releaseHeld }),
    endLeases,
    schedule: config.ANIKA_RETRY_SCHEDULE,
    newLease: () => randomBytes(16).toString('base64url'),
    clock,
  });
  const limit = createLimitPolls(config.ANIKA_MAX_POLLS);
  const pull = createPullDeliveries({ own: own.require, takeDue, waiting, foundNone, limit, clock });
  const ack = createAckDeliveries({ own: own.require, store, endLeases, clock });
  return { routes: pullRoutes({ pull, ack, isStopping: waiting.isClosed }), letGo: waiting.close };
}
