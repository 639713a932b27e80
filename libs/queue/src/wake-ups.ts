import { randomBytes } from 'node:crypto';
import type { SubscriptionId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const wakeUpSchema = z.tuple([
  z.string(),
  z.array(z.custom<SubscriptionId>((id) => typeof id === 'string' && /^sub_[0-9a-z]+$/.test(id))),
]);

export type WakeUps = {
  /** Tells every process, this one at once, that there is something to fetch for these subscriptions. */
  wake(ids: readonly SubscriptionId[]): void;
  onWake(listener: (ids: readonly SubscriptionId[]) => void): void;
};

/**
 * Wake-ups of those who wait to pull, over Redis pub/sub. One that is lost while Redis is away is not needed: whoever
 * waits looks again by itself every few seconds.
 */
export function createWakeUps(options: {
  publisher: Redis;
  subscriber: Redis;
  prefix: string;
  logger: Logger;
}): WakeUps {
  const { publisher, subscriber, logger } = options;
  const channel = `${options.prefix}:pull`;
  const own = randomBytes(6).toString('hex');
  const listeners: ((ids: readonly SubscriptionId[]) => void)[] = [];
  const tell = (ids: readonly SubscriptionId[]) => {
    for (const listener of listeners) listener(ids);
  };
  subscriber.on('message', (from: string, text: string) => {
    if (from !== channel) return;
    const wakeUp = read(text);
    // Those of this process have been told already.
    if (wakeUp !== undefined && wakeUp[0] !== own) tell(wakeUp[1]);
  });
  subscriber.subscribe(channel).catch((error: unknown) => {
    logger.warn({ err: error }, 'cannot listen for wake-ups yet; who waits looks again every few seconds');
  });
  return {
    wake(ids) {
      tell(ids);
      publisher.publish(channel, JSON.stringify([own, ids])).catch((error: unknown) => {
        logger.debug({ err: error }, 'wake-up not passed on; who waits looks again every few seconds');
      });
    },
    onWake: (listener) => void listeners.push(listener),
  };
}

/** Undefined: not one of ours. What came over the network ends no process. */
function read(text: string): z.output<typeof wakeUpSchema> | undefined {
  try {
    return wakeUpSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
