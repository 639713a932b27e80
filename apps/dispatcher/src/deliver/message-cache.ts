import type { MessageId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { LRUCache } from 'lru-cache';

const MAX_CHARACTERS = 32 * 1024 * 1024;
/** A message that was taken back long after it was sent is in no memory any more. */
const KEPT_MS = 600_000;

type Cached = Message | 'recalled';

export type MessageCache = {
  get(id: MessageId): Promise<Cached | undefined>;
  forget(id: MessageId): void;
};

/** Messages never change, but may be taken back: the ones being delivered are kept, within a bound of memory. */
export function createMessageCache(load: (id: MessageId) => Promise<Cached | undefined>): MessageCache {
  const cache = new LRUCache<MessageId, Cached>({
    maxSize: MAX_CHARACTERS,
    maxEntrySize: MAX_CHARACTERS / 8,
    ttl: KEPT_MS,
    sizeCalculation: (message) => (message === 'recalled' ? 0 : message.dataText.length) + 500,
    // Evicted while it is being loaded, a message still reaches those who wait for it.
    ignoreFetchAbort: true,
    fetchMethod: (id) => load(id),
  });
  return { get: (id) => cache.fetch(id), forget: (id) => void cache.delete(id) };
}
