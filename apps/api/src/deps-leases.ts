import { createEndLeases } from '@anika/broker/end-leases';
import { createPullStore } from '@anika/stores/mongo/pulls';
import { createDeadMarkStore } from '@anika/stores/postgres/dead-marks';
import type { ApiConfig } from './config.ts';
import type { Infrastructure } from './infrastructure.ts';
import { createPullEvents } from './pulls/pull-events.ts';
import { createWakeForNext } from './pulls/wake-at.ts';

/** Leases that end here: acknowledged, given back, or found to have lapsed. */
export function composeEndLeases(config: ApiConfig, infrastructure: Infrastructure) {
  const { mongo, postgres, queues, wakeUps, metrics, logger, clock } = infrastructure;
  const schedule = config.ANIKA_RETRY_SCHEDULE;
  return createEndLeases({
    endLeases: createPullStore(mongo).endLeases,
    noteDead: createDeadMarkStore(postgres).note,
    addDeadLetters: queues.addDeadLetters,
    notShown: (error) => logger.warn({ err: error }, 'dead letters not shown to operators'),
    report: createPullEvents({ logger, metrics, attemptsMax: schedule.length }),
    comesAgain: createWakeForNext(wakeUps.wake, clock),
    schedule,
    clock,
    random: Math.random,
  });
}
