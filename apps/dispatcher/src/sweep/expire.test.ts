import type { MessageId, TopicId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { expect, it } from 'vitest';
import { createExpire } from './expire.ts';

const DAY_MS = 24 * 3_600_000;

it('expire() deletes, in steps, deliveries before their messages, and nothing that is still kept', async () => {
  const nowMs = 10 * DAY_MS;
  let kept = Array.from({ length: 450 }, (_, n) => ({
    id: `msg_${n}` as MessageId,
    topicId: (n % 2 === 0 ? 'top_short' : 'top_long') as TopicId,
    acceptedAtMs: n < 440 ? 1 : nowMs,
  }));
  const withDeliveries = new Set(kept.map(({ id }) => id));
  const steps: number[] = [];
  const withoutWords: [TopicId, number][] = [];
  const expire = createExpire({
    topics: async () => [
      { id: 'top_short' as TopicId, retentionDays: 1, isDeleted: false },
      { id: 'top_long' as TopicId, retentionDays: 30, isDeleted: false },
      { id: 'top_gone' as TopicId, retentionDays: 30, isDeleted: true },
    ],
    messagesOlderThan: async (topicId, beforeMs, limit) =>
      kept
        .filter((message) => message.topicId === topicId && message.acceptedAtMs < beforeMs)
        .slice(0, limit)
        .map(({ id }) => id),
    async deleteDeliveriesOf(ids) {
      steps.push(ids.length);
      for (const id of ids) withDeliveries.delete(id);
      return ids.length;
    },
    async deleteMessages(ids) {
      expect(ids.some((id) => withDeliveries.has(id))).toBe(false);
      kept = kept.filter(({ id }) => !ids.includes(id));
    },
    async deleteWordsBefore(topicId, beforeMs) {
      // After the messages: as long as one is there it can be found.
      expect(kept.some((message) => message.topicId === topicId && message.acceptedAtMs < beforeMs)).toBe(
        false,
      );
      withoutWords.push([topicId, beforeMs]);
    },
    subscriptionsWithHeld: async () => [],
    activeAmong: async () => [],
    releaseHeld: async () => 0,
    logger: createLogger({ name: 'test', level: 'silent' }),
    clock: { now: () => nowMs },
  });
  await expire();
  expect(steps).toEqual([200, 20]);
  expect(kept).toHaveLength(230);
  expect(withDeliveries.size).toBe(230);
  expect(withoutWords).toEqual([
    ['top_short', 9 * DAY_MS],
    ['top_long', -20 * DAY_MS],
    ['top_gone', 10 * DAY_MS],
  ]);
});
