import { TIMING } from '@anika/core/delivery/timing';
import type { Message } from '@anika/core/message';
import type { Logger } from '@anika/runtime/logger';
import type { ScheduleStore } from '@anika/stores/mongo/schedule';

export type ReleaseScheduledNeeds = Pick<ScheduleStore, 'findDue' | 'release'> & {
  /** As grants and subscriptions are now; their jobs come first, as those of what is published in this moment. */
  readonly fanOut: (messages: readonly Message[]) => Promise<unknown>;
  /** The same for what is overdue: its deliveries are stored first. */
  readonly fanOutLate: (messages: readonly Message[]) => Promise<unknown>;
  /** A name for one page, of nobody else's. */
  readonly newName: () => string;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const AT_ONCE = 200;
/** The first job of an older message asks whether its delivery is stored, and comes again if it is not. */
const LATE_MS = TIMING.freshMs / 2;

/**
 * Sends what was scheduled, when its time comes. The outbox mark is on before the fan-out begins: should this process
 * die, the sweep does it. Of two that find the same at once each has its own part of it.
 */
export function createReleaseScheduled(needs: ReleaseScheduledNeeds): () => Promise<void> {
  return async () => {
    for (;;) {
      const nowMs = needs.clock.now();
      const ids = await needs.findDue(nowMs, AT_ONCE);
      if (ids.length === 0) return;
      const due = await needs.release(ids, needs.newName(), nowMs);
      try {
        const isLate = due.some(({ acceptedAtMs }) => nowMs - acceptedAtMs > LATE_MS);
        if (due.length > 0) await (isLate ? needs.fanOutLate(due) : needs.fanOut(due));
      } catch (error) {
        needs.logger.warn({ err: error, messages: due.length }, 'scheduled messages are left to the sweep');
      }
      if (ids.length < AT_ONCE) return;
    }
  };
}
