import { randomBytes } from 'node:crypto';
import type { SubscriptionId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';
import type { Redis } from 'ioredis';
import { z } from 'zod';

const wakeUpSchema = z.tuple([
  z.string(),
  z.array(z.custom<SubscriptionId>((id) => typeof id === 'string' && /^sub_[0-9a-z]+$/.test(id))),
]);

/** Tells every process, one's own at once, that there is something to fetch for these subscriptions. */
export type Wake = (ids: readonly SubscriptionId[]) => void;

export type WakeUps = {
  readonly wake: Wake;
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
  const { subscriber, logger } = options;
  const channel = channelOf(options.prefix);
  const own = randomBytes(6).toString('hex');
  const passOn = createPassOn(options, own);
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
      passOn(ids);
    },
    onWake: (listener) => void listeners.push(listener),
  };
}

type PassingOn = { readonly publisher: Redis; readonly prefix: string; readonly logger: Logger };

/** For a process in which nobody waits. */
export function createWake(options: PassingOn): Wake {
  return createPassOn(options, randomBytes(6).toString('hex'));
}

const channelOf = (prefix: string) => `${prefix}:pull`;

function createPassOn({ publisher, prefix, logger }: PassingOn, own: string): Wake {
  const channel = channelOf(prefix);
  return (ids) => {
    publisher.publish(channel, JSON.stringify([own, ids])).catch((error: unknown) => {
      logger.debug({ err: error }, 'wake-up not passed on; who waits looks again every few seconds');
    });
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
