import type { DeliveryId, MessageId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import type { Message } from '@anika/core/message';
import { describe, expect, it } from 'vitest';
import { createJobSeal, type DeliverJob, SEALED_TEXT_MAX } from './job-seal.ts';

const keys = (...entries: [string, number][]) =>
  new Map(entries.map(([id, byte]) => [id, Buffer.alloc(32, byte)]));
const seal = createJobSeal(keys(['k1', 7]));

const MESSAGE: Message = {
  id: 'msg_00000000000000000000000001' as MessageId,
  topicId: 'top_1' as TopicId,
  ownerId: 'par_1' as PartnerId,
  type: 'car.selected',
  key: undefined,
  dataText: '{"price":1749000.50,"who":"Анна \\ud83d"}',
  acceptedAtMs: 1_800_000_000_000,
  audience: ['par_2' as PartnerId],
  order: 3,
  requestId: 'request-1',
};

const JOB: DeliverJob = {
  deliveryId: 'dlv_1' as DeliveryId,
  messageId: MESSAGE.id,
  subscriptionId: 'sub_1' as SubscriptionId,
  g: 1,
  dueMs: 5,
  fresh: true,
  message: MESSAGE,
};

describe('createJobSeal()', () => {
  it('gives back what it has sealed, the message character for character', () => {
    expect(seal.open(seal.seal(JOB))).toEqual(JOB);
    const { message: _, ...bare } = JOB;
    expect(seal.open(seal.seal(bare))).toEqual({ ...bare, message: undefined });
  });

  it('shows Redis the ids, and nothing of the message', () => {
    const stored = JSON.stringify(seal.seal(JOB));
    expect(stored).toContain(JOB.deliveryId);
    for (const word of ['car.selected', 'price', '1749000', 'Анна', 'par_2', 'top_1', 'request-1']) {
      expect(stored).not.toContain(word);
      expect(stored).not.toContain(Buffer.from(word).toString('base64url').slice(0, -2));
    }
  });

  it('leaves a large message where it is stored', () => {
    const large = { ...JOB, message: { ...MESSAGE, dataText: `"${'x'.repeat(SEALED_TEXT_MAX)}"` } };
    const stored = seal.seal(large);
    expect(JSON.stringify(stored).length).toBeLessThan(400);
    expect(seal.open(stored)).toEqual({ ...large, message: undefined });
  });

  it('opens what an older key has sealed, and seals with the newest', () => {
    const older = seal.seal(JOB);
    const rotated = createJobSeal(keys(['k2', 8], ['k1', 7]));
    expect(rotated.open(older)).toEqual(JOB);
    expect(seal.open(rotated.seal(JOB))).toBeUndefined();
  });

  it.each([
    ['deliveryId', 'dlv_2'],
    ['messageId', 'msg_00000000000000000000000002'],
    ['subscriptionId', 'sub_2'],
    ['g', 2],
    ['fresh', undefined],
    ['v', 2],
    ['seal', undefined],
    ['seal', ''],
    ['seal', 'k1.AAAA.AAAA.AAAA'],
  ])('does not open a job whose %s was made %j', (name, value) => {
    expect(seal.open({ ...seal.seal(JOB), [name]: value })).toBeUndefined();
  });

  it('does not open the seal of another job, nor a job of a former version, nor anything else', () => {
    const other = seal.seal({ ...JOB, subscriptionId: 'sub_2' as SubscriptionId });
    expect(seal.open({ ...seal.seal(JOB), seal: other.seal })).toBeUndefined();
    const { message: _, ...former } = JOB;
    for (const data of [former, undefined, null, 'text', [1], { deliveries: [] }]) {
      expect(seal.open(data)).toBeUndefined();
    }
  });

  it('does not open what another installation has sealed', () => {
    expect(createJobSeal(keys(['k1', 9])).open(seal.seal(JOB))).toBeUndefined();
  });
});
