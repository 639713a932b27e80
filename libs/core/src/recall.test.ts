import { expect, it } from 'vitest';
import type { MessageId, PartnerId, TopicId } from './ids.ts';
import { mayHaveReceived, nextLookMs, RECALL_LATE_MS, recallNoticeText } from './recall.ts';

const attempt = (status: number | undefined, errorClass?: string) => ({ status, errorClass });

it.each<[boolean, Parameters<typeof mayHaveReceived>[0]]>([
  [true, { state: 'delivered', attempts: [] }],
  [true, { state: 'cancelled', attempts: [attempt(500), attempt(204)] }],
  // Sent again after it was delivered, and cancelled while that waited.
  [true, { state: 'cancelled', attempts: [attempt(200), attempt(503)] }],
  [true, { state: 'dead', attempts: [attempt(undefined, 'timeout')] }],
  [true, { state: 'retrying', attempts: [attempt(undefined, 'reset')] }],
  [true, { state: 'retrying', attempts: [attempt(undefined, 'refused')], isPulled: true }],
  [false, { state: 'cancelled', attempts: [], isPulled: true }],
  [false, { state: 'cancelled', attempts: [] }],
  [false, { state: 'held', attempts: [] }],
  [false, { state: 'dead', attempts: [attempt(410)] }],
  [false, { state: 'retrying', attempts: [attempt(500), attempt(302)] }],
  [false, { state: 'dead', attempts: [attempt(undefined, 'refused'), attempt(undefined, 'dns')] }],
])('may have been received: %s, of %j', (expected, delivery) => {
  expect(mayHaveReceived(delivery)).toBe(expected);
});

it('looks within a second, ever later, and last when nothing can come any more', () => {
  const looks: number[] = [];
  for (let at = nextLookMs(0, 0); at !== undefined; at = nextLookMs(0, at)) looks.push(at);
  expect(looks[0]).toBeLessThan(1000);
  expect(looks).toEqual(looks.toSorted((a, b) => a - b));
  expect(looks.at(-1)).toBeGreaterThan(RECALL_LATE_MS);
});

it('the notice says which message, when and why, and nothing else', () => {
  const text = recallNoticeText({
    id: 'msg_1' as MessageId,
    topicId: 'top_1' as TopicId,
    ownerId: 'par_1' as PartnerId,
    type: 'car.chosen',
    audience: undefined,
    acceptedAtMs: 1,
    recalledAtMs: 1000,
    reason: 'sent by mistake',
    hash: 'aa',
  });
  expect(JSON.parse(text)).toEqual({
    messageId: 'msg_1',
    topicId: 'top_1',
    recalledAt: '1970-01-01T00:00:01.000Z',
    reason: 'sent by mistake',
  });
});
