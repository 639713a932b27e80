import { createReleaseIfActive } from '@anika/broker/release-if-active';
import type { JobRun } from '@anika/queue/workers';
import { groupedLoad } from '@anika/runtime/grouped';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { DispatcherConfig } from './config.ts';
import { createDeadLetters } from './deliver/dead-letters.ts';
import { createDeliverMessage } from './deliver/deliver-message.ts';
import { createEndpointHealth } from './deliver/endpoint-health.ts';
import { createQueueAgain } from './deliver/queue-again.ts';
import { createRecordAttempts } from './deliver/record-attempts.ts';
import { createRefusedJobs } from './deliver/refused-jobs.ts';
import { createSendWebhook } from './deliver/send-webhook.ts';
import { createUseLane } from './deliver/use-lane.ts';
import type { Notices } from './deps-notices.ts';
import type { Recalls } from './deps-recalls.ts';
import { createDeliveryEvents } from './events.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createDeliverJob } from './jobs/deliver.job.ts';
import type { Outbound } from './outbound.ts';

type Needs = Pick<Notices, 'noteDead'> & {
  readonly outbound: Outbound;
  readonly lifecycle: Lifecycle;
  readonly recalls: Recalls;
};

/** The delivery of one job, with all it needs. */
export function composeDeliver(
  { ANIKA_RETRY_SCHEDULE: schedule }: DispatcherConfig,
  infrastructure: Infrastructure,
  { outbound, lifecycle, noteDead, recalls }: Needs,
) {
  const { clock, logger, deliveries, activeAmong, routing, queues, changes, shares } = infrastructure;
  const { record, releaseHeld } = deliveries;
  const records = createRecordAttempts({ record, logger, clock });
  lifecycle.onClose('records', records.close);
  const refused = createRefusedJobs(infrastructure);
  const deliver = createDeliverMessage({
    findDelivery: groupedLoad(deliveries.findMany),
    findMessage: recalls.cache.get,
    recalls: recalls.known,
    findTarget: outbound.findTarget,
    lane: createUseLane(infrastructure),
    leaveToReader: infrastructure.pulls.leaveToReader,
    queueAgain: createQueueAgain({ queues, clock }),
    send: createSendWebhook(outbound),
    record: records.add,
    endpoints: createEndpointHealth({ ...routing, announce: changes.announce, logger, clock }),
    deadLetters: createDeadLetters({ queues, noteDead }),
    releaseIfActive: createReleaseIfActive({ activeAmong, releaseHeld, released: queues.requestSweep }),
    report: createDeliveryEvents({ ...infrastructure, attemptsMax: schedule.length }),
    failed: ({ deliveryId }, err) => logger.error({ deliveryId, err }, 'delivery failed, it comes back'),
    refused: refused.ids,
    schedule,
    clock,
    random: Math.random,
  });
  const job = createDeliverJob({ deliver, open: infrastructure.jobSeal.open, refused: refused.seal, clock });
  return (data: unknown, run: JobRun) => shares.during(() => job(data, run));
}
