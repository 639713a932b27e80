import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import type { Logger } from '@anika/runtime/logger';
import type { ScheduleStore } from '@anika/stores/mongo/schedule';

export type ReleaseScheduledNeeds = Pick<ScheduleStore, 'findDue' | 'release'> & {
  readonly findMessages: (ids: readonly MessageId[]) => Promise<ReadonlyMap<MessageId, Message | 'recalled'>>;
  /** As grants and subscriptions are now. */
  readonly fanOut: (messages: readonly Message[]) => Promise<void>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const AT_ONCE = 200;

/**
 * Sends what was scheduled, when its time comes. The outbox mark is on before the fan-out begins: should this process
 * die, the sweep does it. Two that do it at once make the same deliveries.
 */
export function createReleaseScheduled(needs: ReleaseScheduledNeeds): () => Promise<void> {
  return async () => {
    for (;;) {
      const nowMs = needs.clock.now();
      const ids = await needs.findDue(nowMs, AT_ONCE);
      if (ids.length === 0) return;
      await needs.release(ids, nowMs);
      const found = await needs.findMessages(ids);
      // In the order of their times; what was taken back in this moment is left out.
      const due = ids.flatMap((id) => found.get(id) ?? []).filter((message) => message !== 'recalled');
      try {
        await needs.fanOut(due);
      } catch (error) {
        needs.logger.warn({ err: error, messages: due.length }, 'scheduled messages are left to the sweep');
      }
      if (ids.length < AT_ONCE) return;
    }
  };
}
