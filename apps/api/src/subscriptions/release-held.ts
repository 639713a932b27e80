import type { SubscriptionId } from '@anika/core/ids';
import type { Subscription } from '@anika/core/subscription';
import type { Logger } from '@anika/runtime/logger';

type Needs = {
  /** Answers how many there were. */
  readonly deliveries: { releaseHeld(id: SubscriptionId): Promise<number> };
  readonly lanes: { goOneByOne(id: SubscriptionId, count: number): Promise<unknown> };
  readonly queues: { requestSweep(): Promise<unknown> };
  readonly logger: Pick<Logger, 'warn'>;
};

/** Up to so many held deliveries arrive strictly one after the other; of more, only the start is in order. */
const ONE_BY_ONE_MAX = 1000;

/** What was held goes out, the oldest first. Should Redis be away, the next sweep sees to it. */
export function createReleaseHeld({ deliveries, lanes, queues, logger }: Needs) {
  return async ({ id, delivery }: Pick<Subscription, 'id' | 'delivery'>): Promise<void> => {
    const released = await deliveries.releaseHeld(id);
    if (released === 0 || delivery === 'pull') return;
    try {
      await lanes.goOneByOne(id, Math.min(released, ONE_BY_ONE_MAX));
      await queues.requestSweep();
    } catch (error) {
      logger.warn({ err: error, subscriptionId: id, released }, 'the next sweep releases them');
    }
  };
}
