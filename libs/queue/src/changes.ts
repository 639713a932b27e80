import type { Change } from '@anika/core/change';
import type { Logger } from '@anika/runtime/logger';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const changeSchema = z.object({
  kind: z.enum(['topic', 'subscription', 'partner', 'user', 'session', 'key']),
  id: z.string(),
});

export type Changes = {
  /** Tells every process, this one at once, that its copy of something is out of date. */
  announce(change: Change): void;
  onChange(listener: (change: Change) => void): void;
  close(): Promise<void>;
};

/**
 * Cache invalidation over Redis pub/sub. A message that is lost while Redis is away is not needed: every
 * cache forgets by itself within a second.
 */
export function createChanges(options: {
  publisher: Redis;
  subscriber: Redis;
  prefix: string;
  logger: Logger;
}): Changes {
  const channel = `${options.prefix}:changes`;
  const listeners: ((change: Change) => void)[] = [];
  const tell = (change: Change) => {
    for (const listener of listeners) listener(change);
  };
  options.subscriber.on('message', (from: string, text: string) => {
    if (from !== channel) return;
    const change = readChange(text);
    if (change !== undefined) tell(change);
    else options.logger.warn('an announcement that cannot be read; caches live one second');
  });
  options.subscriber.subscribe(channel).catch((error: unknown) => {
    options.logger.warn({ err: error }, 'cannot listen for changes yet; caches live one second');
  });
  return {
    announce(change) {
      tell(change);
      options.publisher.publish(channel, JSON.stringify(change)).catch((error: unknown) => {
        options.logger.debug({ err: error }, 'change not announced; caches live one second');
      });
    },
    onChange: (listener) => void listeners.push(listener),
    close: async () => {
      await options.subscriber.quit().catch(() => undefined);
    },
  };
}

/** Undefined: not one of ours. What came over the network ends no process. */
function readChange(text: string): Change | undefined {
  try {
    return changeSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
