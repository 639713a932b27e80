import { TIMING } from '@anika/core/delivery/timing';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import type { DispatcherConfig } from './config.ts';
import { composeEndLapsed } from './deps-pulls.ts';
import type { Infrastructure } from './infrastructure.ts';

const EXPIRE_EVERY_MS = 600_000;

/** What is done again and again beside the queue. */
export function startTickers(
  config: DispatcherConfig,
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
): void {
  const { queues, lanes, addUnparked, clock, logger } = infrastructure;
  const sweepMs = config.ANIKA_SWEEP_SECONDS * 1000;
  // Again and again: a Redis without its data has forgotten the schedule too.
  const schedule = () => queues.scheduleMaintenance({ sweepMs, expireMs: EXPIRE_EVERY_MS });
  const wake = async () => {
    const jobs = await lanes.wake({ nowMs: clock.now(), ttlMs: TIMING.laneSlackMs });
    await addUnparked(jobs);
  };
  lifecycle.onClose('schedule', startTicker(schedule, { everyMs: sweepMs, logger }));
  lifecycle.onClose('lanes', startTicker(wake, { everyMs: TIMING.laneWakeMs, logger }));
  const endLapsed = startTicker(composeEndLapsed(config, infrastructure), { everyMs: sweepMs, logger });
  lifecycle.onClose('lapsed leases', endLapsed);
}
