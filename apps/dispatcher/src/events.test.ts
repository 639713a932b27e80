import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Tried } from '@anika/destinations/destination';
import { createLogger, type LogLevel } from '@anika/runtime/logger';
import { createMetrics } from '@anika/runtime/metrics';
import { describe, expect, it } from 'vitest';
import type { DeliveryEvent } from './deliver/attempt-record.ts';
import { createDeliveryEvents } from './events.ts';

const ACCEPTED_MS = 1_800_000_000_000;

const delivery: DeliveryEvent['delivery'] = {
  id: 'dlv_1' as DeliveryId,
  messageId: 'msg_1' as MessageId,
  topicId: 'top_1' as TopicId,
  subscriptionId: 'sub_1' as SubscriptionId,
  ownerId: 'par_1' as PartnerId,
  partnerId: 'par_2' as PartnerId,
  type: 'car.chosen',
  state: 'pending',
  nextAttemptAtMs: ACCEPTED_MS,
  generation: 1,
  attemptCount: 0,
  acceptedAtMs: ACCEPTED_MS,
  createdAtMs: ACCEPTED_MS,
  attempts: [],
};

const made = { atMs: ACCEPTED_MS, bodyHash: 'aa', signature: 'v1,hush', spanId: '36b8f84ddf4e4d49' };
const refused: Tried = {
  kind: 'failed',
  load: 'unknown',
  evidence: {
    ...made,
    result: { kind: 'response', status: 503, retryAfter: undefined, bodyStart: 'hush', durationMs: 7 },
  },
};
const cut: Tried = {
  kind: 'failed',
  load: 'unknown',
  evidence: { ...made, result: { kind: 'error', errorClass: 'reset', message: 'hush', durationMs: 9 } },
};

async function told(event: Omit<DeliveryEvent, 'delivery' | 'requestId'>, level: LogLevel = 'info') {
  const lines: string[] = [];
  const metrics = createMetrics('test');
  const tell = createDeliveryEvents({
    logger: createLogger({ name: 'dispatcher', level }, { write: (line) => void lines.push(line) }),
    metrics,
    attemptsMax: 12,
    clock: { now: () => ACCEPTED_MS + 40 },
  });
  tell({ delivery, requestId: 'request-1', ...event });
  return { lines: lines.map((line) => JSON.parse(line)), metrics: await metrics.text() };
}

const IDS = {
  requestId: 'request-1',
  deliveryId: 'dlv_1',
  messageId: 'msg_1',
  subscriptionId: 'sub_1',
  topicId: 'top_1',
  partnerId: 'par_2',
  generation: 1,
  traceId: `${'0'.repeat(31)}1`,
};

describe('the line of an attempt', () => {
  it.each<[string, Omit<DeliveryEvent, 'delivery' | 'requestId'>, object]>([
    [
      'that is made again',
      { outcome: 'retry', sent: refused, attempt: 3, nextAttemptAtMs: ACCEPTED_MS + 5000 },
      {
        level: 'info',
        outcome: 'retry',
        attempt: 3,
        attemptsMax: 12,
        status: 503,
        spanId: made.spanId,
        durationMs: 7,
      },
    ],
    [
      'that was the last',
      { outcome: 'dead', reason: 'attempts-exhausted', sent: cut, attempt: 12 },
      { level: 'warn', outcome: 'dead', reason: 'attempts-exhausted', errorClass: 'reset', durationMs: 9 },
    ],
    [
      'that was not made',
      { outcome: 'held', reason: 'subscription-paused' },
      { level: 'info', outcome: 'held', reason: 'subscription-paused' },
    ],
  ])('%s names what it belongs to, what came of it and what was decided', async (_, event, expected) => {
    const { lines } = await told(event);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ ...IDS, ...expected, sinceAcceptedMs: 40, msg: 'delivery' });
    expect(JSON.stringify(lines)).not.toContain('hush');
  });

  it('is not written where the level is above it, and its figures count all the same', async () => {
    const { lines, metrics } = await told({ outcome: 'delivered', sent: refused, attempt: 1 }, 'warn');
    expect(lines).toEqual([]);
    expect(metrics).toMatch(/deliveries_total\{[^}]*outcome="delivered"[^}]*\} 1/);
  });
});
