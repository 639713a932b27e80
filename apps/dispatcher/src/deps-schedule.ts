import type { Message } from '@anika/core/message';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { createScheduleStore } from '@anika/stores/mongo/schedule';
import type { Infrastructure } from './infrastructure.ts';
import { createReleaseScheduled } from './schedule/release-scheduled.ts';
import { startTicker } from './sweep/ticker.ts';

type FanOut = (messages: readonly Message[]) => Promise<void>;

/** What is scheduled comes so much after its time, and what its fan-out takes. */
const EVERY_MS = 200;

export function composeSchedule(infrastructure: Infrastructure, lifecycle: Lifecycle, fanOut: FanOut): void {
  const { mongo, messages, clock, logger } = infrastructure;
  const release = createReleaseScheduled({
    ...createScheduleStore(mongo),
    findMessages: messages.findMany,
    fanOut,
    logger,
    clock,
  });
  lifecycle.onClose('schedule of messages', startTicker(release, { everyMs: EVERY_MS, logger }));
}
