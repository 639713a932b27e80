import { randomBytes } from 'node:crypto';
import { createEndLeases } from '@anika/broker/end-leases';
import { createTargets } from '@anika/broker/targets';
import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { SubscriptionId } from '@anika/core/ids';
import type { Target } from '@anika/core/route';
import { USER_AGENT } from '@anika/core/version';
import { createPullDestination } from '@anika/destinations/pull/pull';
import { newSpanId, openWebhookKeys } from '@anika/destinations/webhook/open-endpoints';
import { createBatcher } from '@anika/runtime/batcher';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createPullStore } from '@anika/stores/mongo/pulls';
import { createDeadMarkStore } from '@anika/stores/postgres/dead-marks';
import { createWebhookKeyStore } from '@anika/stores/postgres/webhook-keys';
import type { ApiConfig } from './config.ts';
import type { BoundRoute } from './http/route.ts';
import type { Infrastructure } from './infrastructure.ts';

import { createAckDeliveries } from './pulls/ack-deliveries.ts';
import { createLimitPolls } from './pulls/limit-polls.ts';
import { startLooking } from './pulls/look-again.ts';
import { createOwnPull } from './pulls/own-pull.ts';
import { createPullDeliveries } from './pulls/pull-deliveries.ts';
import { createPullEvents } from './pulls/pull-events.ts';
import { pullRoutes } from './pulls/pulls.routes.ts';
import { createTakeDue } from './pulls/take-due.ts';
import { createWaitingPollers } from './pulls/waiting-pollers.ts';
import { LOOK_MS, wakeAt } from './pulls/wake-at.ts';

const LOADS = { maxItems: 200, maxInFlight: 2 } as const;

/** Of what one company floods, no more waits than this: the rest is stored a moment later, with what is missing. */
const STORED = { maxItems: 500, maxInFlight: 2, maxWaiting: 10_000 } as const;

/** Stores what readers fetch as soon as it is there, many at a time. */
export function composeStorePulled({ deliveries }: Infrastructure, lifecycle: Lifecycle) {
  const batcher = createBatcher<NewDelivery, void>(async (batch) => {
    await deliveries.insert(batch);
    return batch.map(() => undefined);
  }, STORED);
  lifecycle.onClose('deliveries to be pulled', batcher.drain);
  return (pulled: readonly NewDelivery[]) => Promise.all(pulled.map((one) => batcher.add(one)));
}

/** What a pull is made of and judged by, as dispatchers have it. */
function openPullOutbound({ clock, routing, changes, secretBox, postgres }: Infrastructure) {
  const destination = createPullDestination({
    keys: openWebhookKeys({ store: createWebhookKeyStore(postgres), secretBox, clock }),
    openSecret: secretBox.open,
    newSpanId,
    userAgent: USER_AGENT,
    clock,
  });
  const load = createBatcher<SubscriptionId, Target | undefined>(async (ids) => {
    const found = await routing.loadTargets(ids, clock.now());
    return ids.map((id) => found.get(id));
  }, LOADS).add;
  const targets = createTargets({ load, prepare: destination.prepare });
  changes.onChange(targets.forget);
  return { destination, findTarget: targets.get };
}

function composeEndLeases(config: ApiConfig, { store, infrastructure }: Opened) {
  const { postgres, queues, wakeUps, metrics, logger, clock } = infrastructure;
  const schedule = config.ANIKA_RETRY_SCHEDULE;
  return createEndLeases({
    endLeases: store.endLeases,
    noteDead: createDeadMarkStore(postgres).note,
    addDeadLetters: queues.addDeadLetters,
    notShown: (error) => logger.warn({ err: error }, 'dead letters not shown to operators'),
    report: createPullEvents({ logger, metrics, attemptsMax: schedule.length }),
    // What comes later than the next look is found by it, in whatever process somebody waits.
    comesAgain(id, atMs) {
      if (atMs - clock.now() <= LOOK_MS) wakeAt({ id, atMs }, wakeUps.wake, clock);
    },
    schedule,
    clock,
    random: Math.random,
  });
}

type Opened = {
  readonly store: ReturnType<typeof createPullStore>;
  readonly infrastructure: Infrastructure;
};

/** Pulling and acknowledging. `letGo` ends all waits, with an empty answer. */
export function composePulls(
  config: ApiConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): { routes: BoundRoute[]; letGo: () => void } {
  const { mongo, messages, deliveries, changes, wakeUps, clock, logger } = infrastructure;
  const store = createPullStore(mongo);
  const { destination, findTarget } = openPullOutbound(infrastructure);
  const endLeases = composeEndLeases(config, { store, infrastructure });
  const own = createOwnPull({ find: async (id) => (await findTarget(id))?.target.subscription });
  changes.onChange(own.forget);

  const waiting = createWaitingPollers(clock);
  wakeUps.onWake(waiting.wake);
  lifecycle.onClose('pullers', startLooking({ waiting, withDue: store.withDue, logger, clock }));
  let isStopping = false;
  const takeDue = createTakeDue({
    store,
    findTarget,
    findMessages: messages.findMany,
    compose: destination.compose,
    record: deliveries.record,
    async releaseIfActive(id) {
      if ((await infrastructure.activeAmong([id])).length > 0) await deliveries.releaseHeld(id);
    },
    endLeases,
    schedule: config.ANIKA_RETRY_SCHEDULE,
    newLease: () => randomBytes(16).toString('base64url'),
    clock,
  });
  return {
    routes: pullRoutes({
      pull: createPullDeliveries({
        own: own.require,
        takeDue,
        waiting,
        limit: createLimitPolls(config.ANIKA_MAX_POLLS),
        clock,
      }),
      ack: createAckDeliveries({ own: own.require, store, endLeases, clock }),
      isStopping: () => isStopping,
    }),
    letGo() {
      isStopping = true;
      waiting.close();
    },
  };
}
