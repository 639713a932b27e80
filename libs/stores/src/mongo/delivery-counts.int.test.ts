import type { NewDelivery } from '@anika/core/delivery/delivery';
import type { FoundState } from '@anika/core/delivery/transition';
import { deliveryId, type SubscriptionId } from '@anika/core/ids';
import { recordIn } from '@anika/testkit/delivery-records';
import type { Document } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { counted, lastDelivered, oldest } from './delivery-counts.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let store: DeliveryStore;

beforeAll(async () => {
  test = await openTestMongo();
  store = createDeliveryStore(test.mongo, { graceMs: 1000 });
});

afterAll(() => test.close());

/** So many deliveries of it, accepted from then on, a millisecond each. */
async function add(
  subscriptionId: SubscriptionId,
  state: FoundState | 'pending',
  { count = 1, fromMs = NOW_MS }: { count?: number; fromMs?: number } = {},
): Promise<void> {
  const shared = { topicId: id('top'), ownerId: id('par'), partnerId: id('par'), type: 'car.chosen' };
  const all = Array.from({ length: count }, (_, n): NewDelivery => {
    const messageId = id('msg');
    const one = deliveryId(messageId, Buffer.from(subscriptionId.slice(-16)));
    const times = { acceptedAtMs: fromMs + n, createdAtMs: fromMs + n };
    return { ...shared, ...times, id: one, messageId, subscriptionId, state: 'pending' };
  });
  await store.insert(all);
  if (state === 'pending') return;
  await store.record(all.map((one) => recordIn(one.id, state, { finishedAtMs: one.acceptedAtMs + 7 })));
}

describe('countsOf()', () => {
  it('counts what waits, is held and was given up, of this subscription alone', async () => {
    const [one, other] = [id('sub'), id('sub')];
    await add(one, 'pending', { count: 2, fromMs: NOW_MS + 500 });
    await add(one, 'retrying', { count: 3 });
    await add(one, 'held', { count: 4 });
    await add(one, 'dead', { count: 5 });
    await add(one, 'cancelled');
    await add(one, 'delivered', { count: 6, fromMs: NOW_MS + 100 });
    await add(other, 'pending', { fromMs: NOW_MS - 9000 });
    expect(await store.countsOf(one)).toEqual({
      open: { count: 5, isMore: false },
      held: { count: 4, isMore: false },
      dead: { count: 5, isMore: false },
      oldestPendingMs: NOW_MS + 500,
      lastDeliveredMs: NOW_MS + 105 + 7,
    });
  });

  it('knows nothing of one that has no delivery', async () => {
    const none = { count: 0, isMore: false };
    expect(await store.countsOf(id('sub'))).toEqual({ open: none, held: none, dead: none });
  });

  it('says of more than a thousand only that there are more', async () => {
    const one = id('sub');
    await add(one, 'dead', { count: 1000 });
    expect((await store.countsOf(one)).dead).toEqual({ count: 1000, isMore: false });
    await add(one, 'dead');
    expect((await store.countsOf(one)).dead).toEqual({ count: 1000, isMore: true });
  });

  it('finds what was delivered last behind a thousand that wait', async () => {
    const one = id('sub');
    await add(one, 'delivered', { fromMs: NOW_MS - 10 });
    await add(one, 'held', { count: 1200 });
    expect((await store.countsOf(one)).lastDeliveredMs).toBe(NOW_MS - 10 + 7);
  });

  it('reads from indexes, and no more than it counts', async () => {
    const one = id('sub');
    await add(one, 'delivered', { count: 1500, fromMs: NOW_MS - 5000 });
    await add(one, 'dead', { count: 1100 });
    await add(one, 'retrying', { count: 20 });
    const read = async (pipeline: Document[]) => {
      const plan: Document = await test.mongo.deliveries.aggregate(pipeline).explain('executionStats');
      const stats: Document = plan.executionStats ?? plan.stages[0].$cursor.executionStats;
      return { keys: stats.totalKeysExamined, documents: stats.totalDocsExamined };
    };
    const dead = await read(counted('dead', one));
    expect(dead.keys).toBeLessThanOrEqual(1003);
    expect((await read(oldest('retrying', one))).keys).toBeLessThanOrEqual(2);
    expect((await read(lastDelivered({ subscriptionId: one }))).documents).toBeLessThanOrEqual(1001);
  });
});
