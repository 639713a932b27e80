import { setTimeout as wait } from 'node:timers/promises';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryRecord } from '@anika/core/delivery/transition';
import { createBatcher } from '@anika/runtime/batcher';
import { within } from '@anika/runtime/deadline';
import type { Logger } from '@anika/runtime/logger';
import { Unavailable } from '@anika/runtime/unavailable';

const RECORDS = { maxItems: 200, maxInFlight: 1 } as const;

type Needs = {
  /** Durably, all or none. */
  readonly record: (batch: readonly DeliveryRecord[]) => Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly clock: { now(): number };
};

/** Grouped durable writes; waits for a database that is away, but not for ever. */
export function createRecordAttempts({ record, logger, clock }: Needs) {
  let closesAtMs = Number.POSITIVE_INFINITY;
  const batcher = createBatcher<DeliveryRecord, void>(async (batch) => {
    const untilMs = clock.now() + TIMING.recordPatienceMs;
    for (;;) {
      try {
        await within(record(batch), { ms: TIMING.recordTryMs, what: 'MongoDB' });
        return batch.map(() => undefined);
      } catch (error) {
        if (!(error instanceof Unavailable) || clock.now() > Math.min(untilMs, closesAtMs)) throw error;
        logger.warn({ err: error, records: batch.length }, 'attempts not recorded yet');
        await wait(TIMING.recordRetryMs);
      }
    }
  }, RECORDS);
  return {
    /** Resolves once it is durable. */
    add: batcher.add,
    /** Resolves once nothing is under way any more; waits less long for a database that is away. */
    close(): Promise<void> {
      closesAtMs = clock.now() + TIMING.recordClosingMs;
      return batcher.drain();
    },
  };
}
