import { TIMING } from '@anika/core/delivery/timing';
import { createBatcher } from '@anika/runtime/batcher';
import { within } from '@anika/runtime/deadline';
import type { MessageStore } from '@anika/stores/mongo/messages';
import type { AcceptedMessage } from './new-message.ts';

const BATCH = { maxItems: 200, maxInFlight: 1, maxWaiting: 5000 };

/** Grouped durable writes. Who has waited long enough leaves the queue, and hears that it is open what was done. */
export function createStoreMessages(insert: MessageStore['insert']) {
  const batcher = createBatcher(insert, BATCH);
  return {
    drain: batcher.drain,
    async store(message: AcceptedMessage, gone: AbortSignal) {
      const leave = new AbortController();
      const giveUp = () => leave.abort(gone.reason);
      gone.addEventListener('abort', giveUp, { once: true });
      try {
        return await within(batcher.add(message, leave.signal), { ms: TIMING.storeMs, what: 'MongoDB' });
      } catch (error) {
        leave.abort(error);
        throw error;
      } finally {
        gone.removeEventListener('abort', giveUp);
      }
    },
  };
}
