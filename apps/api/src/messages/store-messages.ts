import { TIMING } from '@anika/core/delivery/timing';
import { createBatcher } from '@anika/runtime/batcher';
import { within } from '@anika/runtime/deadline';
import type { MessageStore } from '@anika/stores/mongo/messages';
import type { AcceptedMessage } from './new-message.ts';

const BATCH = { maxItems: 200, maxInFlight: 1, maxWaiting: 5000 };
/** Of JSON text. A larger message takes the store's time and the wire's as a hundred small ones do. */
const LARGE_CHARS = 16 * 1024;
const LARGE_BATCH = { ...BATCH, maxItems: 8, maxInFlight: 2 };

/**
 * Grouped durable writes: no small message waits for a large one. Who has waited long enough leaves the queue, and
 * hears that it is open what was done.
 */
export function createStoreMessages(insert: MessageStore['insert']) {
  const [small, large] = [createBatcher(insert, BATCH), createBatcher(insert, LARGE_BATCH)];
  return {
    async drain() {
      await Promise.all([small.drain(), large.drain()]);
    },
    async store(message: AcceptedMessage, gone: AbortSignal) {
      const leave = new AbortController();
      const batcher = message.dataText.length >= LARGE_CHARS ? large : small;
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
