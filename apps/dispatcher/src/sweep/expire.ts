import type { SubscriptionId, TopicId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';

export type ExpireNeeds = {
  readonly topics: () => Promise<readonly { id: TopicId; retentionDays: number }[]>;
  readonly deleteMessages: (topicId: TopicId, beforeMs: number) => Promise<number>;
  readonly deleteDeliveries: (topicId: TopicId, beforeMs: number) => Promise<number>;
  readonly subscriptionsWithHeld: () => Promise<readonly SubscriptionId[]>;
  readonly activeAmong: (ids: readonly SubscriptionId[]) => Promise<readonly SubscriptionId[]>;
  readonly releaseHeld: (id: SubscriptionId) => Promise<number>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const DAY_MS = 24 * 3_600_000;

/** Deletes what a topic no longer keeps, and lets go what a crash during a resume left held. */
export function createExpire(needs: ExpireNeeds): () => Promise<void> {
  return async () => {
    for (const { id, retentionDays } of await needs.topics()) {
      const beforeMs = needs.clock.now() - retentionDays * DAY_MS;
      const deliveries = await needs.deleteDeliveries(id, beforeMs);
      const messages = await needs.deleteMessages(id, beforeMs);
      if (messages > 0) needs.logger.info({ topicId: id, messages, deliveries }, 'deleted after retention');
    }
    const held = await needs.subscriptionsWithHeld();
    if (held.length === 0) return;
    for (const id of await needs.activeAmong(held)) {
      const released = await needs.releaseHeld(id);
      if (released > 0) needs.logger.warn({ subscriptionId: id, released }, 'released what was still held');
    }
  };
}
