import type { MessageId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Logger } from '@anika/runtime/logger';

export type ExpireNeeds = {
  readonly topics: () => Promise<readonly { id: TopicId; retentionDays: number; isDeleted: boolean }[]>;
  readonly messagesOlderThan: (
    topicId: TopicId,
    beforeMs: number,
    limit: number,
  ) => Promise<readonly MessageId[]>;
  readonly deleteDeliveriesOf: (ids: readonly MessageId[]) => Promise<number>;
  readonly deleteMessages: (ids: readonly MessageId[]) => Promise<void>;
  readonly deleteWordsBefore: (topicId: TopicId, beforeMs: number) => Promise<void>;
  readonly subscriptionsWithHeld: () => Promise<readonly SubscriptionId[]>;
  readonly activeAmong: (ids: readonly SubscriptionId[]) => Promise<readonly SubscriptionId[]>;
  readonly releaseHeld: (id: SubscriptionId) => Promise<number>;
  readonly logger: Logger;
  readonly clock: { now(): number };
};

const DAY_MS = 24 * 3_600_000;
/** Deleted in one go: bounds how long one command takes. */
const MESSAGES_A_STEP = 200;

/** Deletes what a topic no longer keeps, and lets go what a crash during a resume left held. */
export function createExpire(needs: ExpireNeeds): () => Promise<void> {
  return async () => {
    const nowMs = needs.clock.now();
    for (const { id, retentionDays, isDeleted } of await needs.topics()) {
      const beforeMs = nowMs - retentionDays * DAY_MS;
      await expireTopic(id, beforeMs, needs);
      // Of one that is deleted the contents went at once: no word of a late fan-out stays.
      await needs.deleteWordsBefore(id, isDeleted ? nowMs : beforeMs);
    }
    const held = await needs.subscriptionsWithHeld();
    if (held.length === 0) return;
    for (const id of await needs.activeAmong(held)) {
      const released = await needs.releaseHeld(id);
      if (released > 0) needs.logger.warn({ subscriptionId: id, released }, 'released what was still held');
    }
  };
}

/** Deliveries first: they are found by their message, which a crash in between leaves for the next time. */
async function expireTopic(topicId: TopicId, beforeMs: number, needs: ExpireNeeds): Promise<void> {
  let messages = 0;
  let deliveries = 0;
  for (;;) {
    const ids = await needs.messagesOlderThan(topicId, beforeMs, MESSAGES_A_STEP);
    if (ids.length === 0) break;
    deliveries += await needs.deleteDeliveriesOf(ids);
    await needs.deleteMessages(ids);
    messages += ids.length;
    if (ids.length < MESSAGES_A_STEP) break;
  }
  if (messages > 0) needs.logger.info({ topicId, messages, deliveries }, 'deleted after retention');
}
