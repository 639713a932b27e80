import { randomBytes } from 'node:crypto';
import { parsedGroups } from '@anika/broker/fan-out';
import { openFirstFanOut } from '@anika/broker/open-first-fan-out';
import type { Message } from '@anika/core/message';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import { startTicker } from '@anika/runtime/ticker';
import { createScheduleStore } from '@anika/stores/mongo/schedule';
import type { Infrastructure } from './infrastructure.ts';
import { createReleaseScheduled } from './schedule/release-scheduled.ts';

type FanOut = (messages: readonly Message[]) => Promise<unknown>;

/** What is scheduled comes so much after its time, and what its fan-out takes. */
const EVERY_MS = 200;
/** Deliveries a second of one company: a thousand messages of one moment are to be sent in this moment. */
const DEFER_ABOVE = 5000;

export function composeSchedule(
  infrastructure: Infrastructure,
  lifecycle: Lifecycle,
  fanOutLate: FanOut,
): void {
  const { mongo, clock, logger } = infrastructure;
  const release = createReleaseScheduled({
    ...createScheduleStore(mongo),
    fanOut: composeFreshFanOut(infrastructure, lifecycle),
    fanOutLate,
    newName: () => randomBytes(9).toString('base64url'),
    logger,
    clock,
  });
  lifecycle.onClose('schedule of messages', startTicker(release, { everyMs: EVERY_MS, logger }));
}

/** As of messages that are published in this moment. */
function composeFreshFanOut(infrastructure: Infrastructure, lifecycle: Lifecycle): FanOut {
  const { fanOut } = openFirstFanOut(
    infrastructure,
    { storePulled: infrastructure.deliveries.insert, deferAbove: DEFER_ABOVE },
    lifecycle,
  );
  return async (due) => {
    for (const group of parsedGroups(due)) await fanOut(group);
  };
}
