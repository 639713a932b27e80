import { createEndLapsed, createEndLeases } from '@anika/broker/end-leases';
import { TIMING } from '@anika/core/delivery/timing';
import { createDeadMarkStore } from '@anika/stores/postgres/dead-marks';
import type { DispatcherConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';

/** Notes leases that lapse while nobody pulls. */
export function composeEndLapsed(config: DispatcherConfig, infrastructure: Infrastructure) {
  const { postgres, pulls, queues, wake, logger, clock } = infrastructure;
  const endLeases = createEndLeases({
    endLeases: pulls.endLeases,
    noteDead: createDeadMarkStore(postgres).note,
    addDeadLetters: queues.addDeadLetters,
    notShown: (error) => logger.warn({ err: error }, 'dead letters not shown to operators'),
    report({ delivery: { id, messageId, subscriptionId }, lease, status }) {
      const facts = { deliveryId: id, messageId, subscriptionId, attempt: lease.n };
      logger.info({ ...facts, outcome: status.state, reason: status.reason }, 'lease lapsed');
    },
    // What has lapsed comes at once.
    comesAgain: (id) => wake([id]),
    schedule: config.ANIKA_RETRY_SCHEDULE,
    clock,
    random: Math.random,
  });
  return createEndLapsed({
    findLapsed: pulls.findLapsed,
    endLeases,
    graceMs: TIMING.lapsedGraceMs,
    clock,
  });
}
