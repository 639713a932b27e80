import type { CarryOutRecall } from '@anika/broker/carry-out-recall';
import { nextLookMs } from '@anika/core/recall';
import type { Logger } from '@anika/runtime/logger';
import type { RecallStore } from '@anika/stores/mongo/recalls';

export type LookAfterRecallsNeeds = Pick<RecallStore, 'findDue' | 'lookAgain'> & {
  readonly carryOut: CarryOutRecall;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const AT_ONCE = 100;
/** When one that failed is tried again. */
const AFTER_ERROR_MS = 5000;

/**
 * Sees to messages that were taken back: what the process that did it left, and what came late. Doing it twice, or in
 * two processes, does no harm.
 */
export function createLookAfterRecalls(needs: LookAfterRecallsNeeds): () => Promise<void> {
  const { clock, logger } = needs;
  return async () => {
    for (const recalled of await needs.findDue(clock.now(), AT_ONCE)) {
      const nowMs = clock.now();
      try {
        await needs.carryOut(recalled);
        await needs.lookAgain(recalled.id, nextLookMs(recalled.recalledAtMs, nowMs));
      } catch (error) {
        logger.warn({ err: error, messageId: recalled.id }, 'recall not carried out; it is tried again');
        await needs.lookAgain(recalled.id, nowMs + AFTER_ERROR_MS);
      }
    }
  };
}
