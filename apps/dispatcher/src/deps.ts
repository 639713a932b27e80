import { randomBytes } from 'node:crypto';
import { createCancelWaiting } from '@anika/broker/cancel-waiting';
import { createFanOut } from '@anika/broker/fan-out';
import type { Context } from '@anika/broker/open-stores';
import { orderedAtMs } from '@anika/core/accepted-order';
import type { Grant } from '@anika/core/access';
import { TIMING } from '@anika/core/delivery/timing';
import { redisWasEmptied } from '@anika/queue/epoch';
import { MAINTENANCE } from '@anika/queue/queues';
import { startDeliverWorker, startMaintenanceWorker } from '@anika/queue/workers';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createMetrics } from '@anika/runtime/metrics';
import { createCancellationStore } from '@anika/stores/postgres/cancellations';
import { createGrantEndStore } from '@anika/stores/postgres/grant-ends';
import { createSubscriptionStore } from '@anika/stores/postgres/subscriptions';
import type { DispatcherConfig } from './config.ts';
import { startBeat } from './deps-beat.ts';
import { composeDeliver } from './deps-deliver.ts';
import { composeErasures } from './deps-erasures.ts';
import { composeNotices } from './deps-notices.ts';
import { composeEndLapsed } from './deps-pulls.ts';
import { composeRecalls } from './deps-recalls.ts';
import { startReplays } from './deps-replays.ts';
import { composeSchedule } from './deps-schedule.ts';
import { startStats } from './deps-stats.ts';
import { createEndGrants } from './grants/end-grants.ts';
import { createGiveNotices } from './grants/give-notices.ts';
import { createNotifyEndpoints } from './grants/notify-endpoints.ts';
import { startHealthServer } from './health/health-server.ts';
import { type Infrastructure, openInfrastructure } from './infrastructure.ts';
import { type Outbound, openOutbound } from './outbound.ts';
import { createExpire } from './sweep/expire.ts';
import { createExpireUnverified } from './sweep/expire-unverified.ts';
import { createSweep } from './sweep/sweep.ts';
import { startTicker } from './sweep/ticker.ts';
import { createTidyDeadLetters } from './sweep/tidy-dead-letters.ts';

const EXPIRE_EVERY_MS = 600_000;
const GRANTS_EVERY_MS = 500;

/** Everything of one dispatcher process, put together by hand and started. */
export async function startDispatcher(config: DispatcherConfig, context: Context): Promise<void> {
  const { logger, lifecycle } = context;
  const metrics = createMetrics('dispatcher');
  const infrastructure = openInfrastructure(config, context, metrics);
  const { mongo, worker, prefix, clock } = infrastructure;
  await infrastructure.requireStores();
  await mongo.prepare();
  const health = {
    stores: infrastructure.readiness,
    metrics,
    metricsToken: config.ANIKA_METRICS_TOKEN,
    clock,
  };
  const address = { host: config.ANIKA_HOST, port: config.ANIKA_DISPATCHER_PORT };
  lifecycle.onClose('health server', await startHealthServer(health, address));

  const outbound = openOutbound(config, infrastructure, lifecycle);
  const fanOut = composeFanOut(infrastructure);
  const notices = composeNotices(config, infrastructure, { lifecycle, fanOut });
  const { noteDead } = notices;
  const recalls = composeRecalls(infrastructure, lifecycle);
  const deliver = composeDeliver(config, infrastructure, { outbound, lifecycle, noteDead, recalls });
  const maintain = composeMaintenance(infrastructure, fanOut);
  const workerOptions = { connection: worker, prefix, logger };
  const maintenance = startMaintenanceWorker(maintain, workerOptions);
  lifecycle.onClose('maintenance worker', () => maintenance.close(5000));
  const deliveries = startDeliverWorker(deliver, {
    ...workerOptions,
    concurrency: config.ANIKA_CONCURRENCY,
  });
  lifecycle.onClose('deliver worker', () => deliveries.close(config.ANIKA_SHUTDOWN_SECONDS * 1000));
  startTickers(config, infrastructure, { outbound, lifecycle });
  notices.start();
  startReplays(infrastructure, lifecycle);
  startStats(config, infrastructure, lifecycle);
  startBeat(config, infrastructure, lifecycle);
  composeErasures(infrastructure, lifecycle);
  composeSchedule(infrastructure, lifecycle, fanOut);
  logger.info({ port: config.ANIKA_DISPATCHER_PORT, startedAt: clock.now() }, 'delivering');
}

type FanOut = ReturnType<typeof createFanOut>;

/** Of what nobody has fanned out yet. */
function composeFanOut(infrastructure: Infrastructure): FanOut {
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
  });
}

function composeMaintenance(infrastructure: Infrastructure, fanOut: FanOut): (name: string) => Promise<void> {
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

function composeExpire(infrastructure: Infrastructure): () => Promise<void> {
  const { clock, deliveries, messages, wordBlocks, queues, routing, activeAmong, logger } = infrastructure;
  const expire = createExpire({
    topics: routing.retentions,
    messagesOlderThan: messages.idsOlderThan,
    deleteDeliveriesOf: deliveries.removeOfMessages,
    deleteMessages: messages.remove,
    deleteWordsBefore: wordBlocks.removeBefore,
    subscriptionsWithHeld: deliveries.subscriptionsWithHeld,
    activeAmong,
    releaseHeld: deliveries.releaseHeld,
    logger,
    clock,
  });
  const tidyDeadLetters = createTidyDeadLetters({
    list: queues.listDeadLetters,
    findDeliveries: deliveries.findMany,
    remove: queues.removeDeadLetters,
  });
  const expireUnverified = createExpireUnverified({
    neverVerified: routing.neverVerified,
    cancelHeld: (ids, beforeMs) =>
      deliveries.cancelHeld(ids, beforeMs, { reason: 'not-verified-in-time', nowMs: clock.now() }),
    heldBeyond: deliveries.heldBeyond,
    logger,
    clock,
  });
  return async () => {
    await expire();
    await expireUnverified();
    const removed = await tidyDeadLetters();
    if (removed > 0) logger.info({ removed }, 'dead letters that are not dead any more');
  };
}

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

type Opened = { readonly outbound: Outbound; readonly lifecycle: Lifecycle };

function startTickers(
  config: DispatcherConfig,
  infrastructure: Infrastructure,
  { outbound, lifecycle }: Opened,
): void {
  const { queues, lanes, clock, logger } = infrastructure;
  const sweepMs = config.ANIKA_SWEEP_SECONDS * 1000;
  // Again and again: a Redis without its data has forgotten the schedule too.
  const schedule = () => queues.scheduleMaintenance({ sweepMs, expireMs: EXPIRE_EVERY_MS });
  const wake = async () => {
    const jobs = await lanes.wake({ nowMs: clock.now(), ttlMs: TIMING.laneSlackMs });
    await queues.addUnparked(jobs, randomBytes(6).toString('hex'));
  };
  lifecycle.onClose('schedule', startTicker(schedule, { everyMs: sweepMs, logger }));
  lifecycle.onClose('lanes', startTicker(wake, { everyMs: TIMING.laneWakeMs, logger }));
  const endLapsed = startTicker(composeEndLapsed(config, infrastructure), { everyMs: sweepMs, logger });
  lifecycle.onClose('lapsed leases', endLapsed);
  const { cancelWaiting, endGrants, giveNotices } = composeGrantTasks(infrastructure, outbound);
  const every = { everyMs: GRANTS_EVERY_MS, logger };
  lifecycle.onClose(
    'cancellations',
    startTicker(() => cancelWaiting(), every),
  );
  lifecycle.onClose('ends of grants', startTicker(endGrants, every));
  lifecycle.onClose('notices of ends', startTicker(giveNotices, every));
}
