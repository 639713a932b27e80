import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { EndpointLoad } from '@anika/core/delivery/endpoint-load';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import type { DeliveryId } from '@anika/core/ids';
import type { JobRun } from '@anika/queue/workers';
import { createBatcher } from '@anika/runtime/batcher';
import { within } from '@anika/runtime/deadline';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { Unavailable } from '@anika/runtime/unavailable';
import type { DispatcherConfig } from './config.ts';
import { type Command, createDeliverMessage } from './deliver/deliver-message.ts';
import { createEndpointHealth } from './deliver/endpoint-health.ts';
import type { ReadyTarget } from './deliver/ready-target.ts';
import { createSendWebhook } from './deliver/send-webhook.ts';
import type { Notices } from './deps-notices.ts';
import type { Recalls } from './deps-recalls.ts';
import { createDeliveryEvents } from './events.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createDeliverJob } from './jobs/deliver.job.ts';
import { grouped, type Outbound } from './outbound.ts';

const RECORDS = { maxItems: 200, maxInFlight: 1 } as const;

/** The delivery of one job, with all it needs. */
export function composeDeliver(
  config: DispatcherConfig,
  infrastructure: Infrastructure,
  context: {
    readonly outbound: Outbound;
    readonly lifecycle: Lifecycle;
    readonly noteDead: Notices['noteDead'];
    readonly recalls: Recalls;
  },
) {
  const { clock, logger, metrics, deliveries, routing, queues, changes, jobSeal, shares } = infrastructure;
  const { outbound, lifecycle, noteDead, recalls } = context;
  const record = recorder(infrastructure, lifecycle);
  const jobOf = ({ id, messageId, subscriptionId, generation }: Delivery) => ({
    deliveryId: id,
    messageId,
    subscriptionId,
    g: generation,
  });

  const jobsRefused = metrics.counter('jobs_refused_total', 'Jobs put down that ANIKA has not made', [
    'what',
  ]);
  const queueAgain = (command: Command, atMs: number) => {
    const { deliveryId, messageId, subscriptionId, generation, dueMs } = command;
    const job = { deliveryId, messageId, subscriptionId, g: generation };
    return queues.addDelayed(dueMs === undefined ? job : { ...job, dueMs }, atMs - clock.now());
  };
  const deliver = createDeliverMessage({
    findDelivery: grouped<DeliveryId, Delivery>(deliveries.findMany),
    findMessage: recalls.cache.get,
    recalls: recalls.known,
    findTarget: outbound.findTarget,
    lane: composeLane(infrastructure),
    leaveToReader: infrastructure.pulls.leaveToReader,
    queueAgain,
    send: createSendWebhook(outbound),
    record,
    endpoints: createEndpointHealth({
      markFailing: routing.markFailing,
      markHealthy: routing.markHealthy,
      disable: routing.disable,
      announce: changes.announce,
      logger,
      clock,
    }),
    deadLetters: {
      async add(delivery, { reason, atMs }) {
        await Promise.all([
          queues.addDeadLetters([{ ...jobOf(delivery), reason }]),
          noteDead(delivery, atMs),
        ]);
      },
      removePrevious: ({ id, generation }) =>
        queues.removeDeadLetters([{ deliveryId: id, g: generation - 1 }]),
    },
    async releaseIfActive(id) {
      const active = await infrastructure.activeAmong([id]);
      if (active.length > 0 && (await deliveries.releaseHeld(id)) > 0) await queues.requestSweep();
    },
    report: createDeliveryEvents({
      logger,
      metrics,
      attemptsMax: config.ANIKA_RETRY_SCHEDULE.length,
      clock,
    }),
    failed: ({ deliveryId }, error) =>
      logger.error({ deliveryId, err: error }, 'delivery failed, it comes back'),
    refused: ({ deliveryId }) => {
      jobsRefused.inc({ what: 'ids' });
      logger.error({ deliveryId }, 'ids that do not belong together were in the queue');
    },
    schedule: config.ANIKA_RETRY_SCHEDULE,
    clock,
    random: Math.random,
  });
  const job = createDeliverJob({
    deliver,
    open: jobSeal.open,
    refused: () => jobsRefused.inc({ what: 'seal' }),
    clock,
  });
  return (data: unknown, run: JobRun) => shares.during(() => job(data, run));
}

/** Grouped durable writes; waits for a database that is away, but not for ever. */
function recorder({ deliveries, logger, clock }: Infrastructure, lifecycle: Lifecycle) {
  let closesAtMs = Number.POSITIVE_INFINITY;
  const batcher = createBatcher<DeliveryRecord, void>(async (batch) => {
    const untilMs = clock.now() + TIMING.recordPatienceMs;
    for (;;) {
      try {
        await within(deliveries.record(batch), { ms: TIMING.recordTryMs, what: 'MongoDB' });
        return batch.map(() => undefined);
      } catch (error) {
        if (!(error instanceof Unavailable) || clock.now() > Math.min(untilMs, closesAtMs)) throw error;
        logger.warn({ err: error, records: batch.length }, 'attempts not recorded yet');
        await wait(TIMING.recordRetryMs);
      }
    }
  }, RECORDS);
  lifecycle.onClose('records', () => {
    closesAtMs = clock.now() + TIMING.recordClosingMs;
    return batcher.drain();
  });
  return batcher.add;
}

function composeLane({ lanes, queues, shares, clock, logger }: Infrastructure) {
  const ttlMs = ({ target }: ReadyTarget) => target.subscription.timeoutMs + TIMING.laneSlackMs;
  const placeOf = ({ deliveryId, subscriptionId, generation }: Command, { target }: ReadyTarget) => ({
    deliveryId,
    subscriptionId,
    generation,
    partnerId: target.subscription.partnerId,
  });
  function notLeft({ deliveryId }: Command, error: unknown): void {
    logger.warn({ err: error, deliveryId }, 'lane not left; the place lapses by itself');
  }
  return {
    enter(command: Command, ready: ReadyTarget) {
      const { maxConcurrency, rateLimitPerSecond, partnerId } = ready.target.subscription;
      shares.seen(partnerId);
      const nowMs = clock.now();
      return lanes.enter(
        placeOf(command, ready),
        { concurrency: maxConcurrency, ratePerSecond: rateLimitPerSecond },
        { nowMs, ttlMs: ttlMs(ready), order: command.dueMs ?? nowMs },
      );
    },
    async leave(
      command: Command,
      ready: ReadyTarget,
      { goesOn, load }: { goesOn: boolean; load: EndpointLoad },
    ): Promise<Command | undefined> {
      try {
        const time = { nowMs: clock.now(), ttlMs: ttlMs(ready) };
        const concurrency = ready.target.subscription.maxConcurrency;
        const jobs = await lanes.leave(placeOf(command, ready), { goesOn, load, concurrency }, time);
        const [next] = goesOn ? jobs : [];
        const others = next === undefined ? jobs : jobs.slice(1);
        if (others.length > 0) await queues.addUnparked(others, randomBytes(6).toString('hex'));
        return next && { ...next, generation: next.g, dueMs: undefined, isFresh: false };
      } catch (error) {
        notLeft(command, error);
        return undefined;
      }
    },
    async close(command: Command): Promise<void> {
      try {
        await lanes.close(command);
      } catch (error) {
        notLeft(command, error);
      }
    },
  };
}
