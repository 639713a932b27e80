import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { LRUCache } from 'lru-cache';

const MAX_CHARACTERS = 32 * 1024 * 1024;

/** Messages never change: the ones being delivered are kept, within a bound of memory. */
export function createMessageCache(
  load: (id: MessageId) => Promise<Message | undefined>,
): (id: MessageId) => Promise<Message | undefined> {
  const cache = new LRUCache<MessageId, Message>({
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_CHARACTERS / 8,
    sizeCalculation: (message) => message.dataText.length + 500,
    // Evicted while it is being loaded, a message still reaches those who wait for it.
    ignoreFetchAbort: true,
    fetchMethod: (id) => load(id),
  });
  return (id) => cache.fetch(id);
}
