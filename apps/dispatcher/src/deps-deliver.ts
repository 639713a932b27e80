import { randomBytes } from 'node:crypto';
import type { Delivery } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';
import type { JobRun } from '@anika/queue/workers';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { DispatcherConfig } from './config.ts';
import { createDeliverMessage } from './deliver/deliver-message.ts';
import type { Command } from './deliver/deliver-needs.ts';
import { createEndpointHealth } from './deliver/endpoint-health.ts';
import { createRecordAttempts } from './deliver/record-attempts.ts';
import { createSendWebhook } from './deliver/send-webhook.ts';
import { createUseLane } from './deliver/use-lane.ts';
import type { Notices } from './deps-notices.ts';
import type { Recalls } from './deps-recalls.ts';
import { createDeliveryEvents } from './events.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createDeliverJob } from './jobs/deliver.job.ts';
import { grouped, type Outbound } from './outbound.ts';

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
  const records = createRecordAttempts({ record: deliveries.record, logger, clock });
  lifecycle.onClose('records', records.close);
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
    lane: createUseLane({
      lanes: infrastructure.lanes,
      addUnparked: (jobs) => queues.addUnparked(jobs, randomBytes(6).toString('hex')),
      shares,
      logger,
      clock,
    }),
    leaveToReader: infrastructure.pulls.leaveToReader,
    queueAgain,
    send: createSendWebhook(outbound),
    record: records.add,
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
