import { createBatcher } from '@anika/runtime/batcher';
import type { Logger } from '@anika/runtime/logger';
import type { AcceptedMessage } from './new-message.ts';

type Needs = {
  readonly fanOut: (batch: readonly AcceptedMessage[]) => Promise<void>;
  /** Whether its company publishes more than there is time for. */
  readonly isFlood: (ownerId: AcceptedMessage['ownerId']) => boolean;
  readonly logger: Pick<Logger, 'warn'>;
};

const BATCH = { maxItems: 200, maxInFlight: 2, maxWaiting: 20_000 };

/** Fans out what was accepted, in groups, which no publisher waits for. */
export function createStartFanOut({ fanOut, isFlood, logger }: Needs) {
  const openBatcher = () =>
    createBatcher<AcceptedMessage, void>(async (batch) => {
      await fanOut(batch);
      return batch.map(() => undefined);
    }, BATCH);
  // What a flood has to wait for is its own.
  const [floods, others] = [openBatcher(), openBatcher()];
  return {
    start(message: AcceptedMessage): void {
      const batcher = isFlood(message.ownerId) ? floods : others;
      batcher.add(message).catch((error: unknown) => {
        logger.warn({ err: error, messageId: message.id }, 'fan-out not finished; the sweep goes on with it');
      });
    },
    async drain(): Promise<void> {
      await Promise.all([floods.drain(), others.drain()]);
    },
  };
}
