import type { Delivery, Lease, NewDelivery } from '@anika/core/delivery/delivery';
import { attemptOf } from '@anika/core/delivery/lease';
import { deliveryId, type SubscriptionId } from '@anika/core/ids';
import { Unavailable } from '@anika/runtime/unavailable';
import { MongoNetworkError } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { connectMongo, type Mongo } from './client.ts';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { createPullStore, type PullStore } from './pulls.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let deliveries: DeliveryStore;
let store: PullStore;
/** Another process. */
let otherMongo: Mongo;
let other: PullStore;

beforeAll(async () => {
  test = await openTestMongo();
  deliveries = createDeliveryStore(test.mongo, { graceMs: 1000 });
  store = createPullStore(test.mongo);
  otherMongo = connectMongo({ url: test.mongodbUrl });
  other = createPullStore(otherMongo);
});

afterAll(async () => {
  await otherMongo.close();
  await test.close();
});

async function stored(count: number, more: (n: number) => Partial<NewDelivery> = () => ({})) {
  const shared = { subscriptionId: id('sub'), topicId: id('top'), ownerId: id('par'), partnerId: id('par') };
  const made = Array.from({ length: count }, (_, n): NewDelivery => {
    const messageId = id('msg');
    const own = deliveryId(messageId, Buffer.from(shared.subscriptionId.slice(-16)));
    const origin = { ...shared, id: own, messageId, type: 'a', acceptedAtMs: NOW_MS, createdAtMs: NOW_MS };
    return { ...origin, pull: true, order: n, state: 'pending', ...more(n) } as NewDelivery;
  });
  // In no order.
  await deliveries.insert([...made].sort((a, b) => (a.id < b.id ? -1 : 1)));
  return { subscriptionId: shared.subscriptionId, ids: made.map((one) => one.id) };
}

function leaseOf({ generation, attemptCount }: Delivery, token: string): Lease {
  const n = attemptCount + 1;
  return { token, generation, n, atMs: NOW_MS, untilMs: NOW_MS + 5000, bodyHash: 'aa', signature: 'v1,x' };
}

async function take(from: PullStore, subscriptionId: SubscriptionId, token: string, limit: number) {
  const found = await from.findFirst(subscriptionId, NOW_MS, limit);
  const claims = found.map((one) => ({ found: one, lease: leaseOf(one, token), lapsed: undefined }));
  return from.claim(claims);
}

describe('createPullStore()', () => {
  it('finds what is due in the order of acceptance, also within a millisecond', async () => {
    const { subscriptionId, ids } = await stored(20);
    const found = await store.findFirst(subscriptionId, NOW_MS, 12);
    expect(found.map((one) => one.id)).toEqual(ids.slice(0, 12));
  });

  it('gives a delivery to one of many who take at once from two processes', async () => {
    const { subscriptionId, ids } = await stored(60);
    const tokens = Array.from({ length: 12 }, (_, n) => `token${n}`);
    const taken = await Promise.all(
      tokens.map((token, n) => take(n % 2 === 0 ? store : other, subscriptionId, token, 30)),
    );
    const all = taken.flatMap((some) => [...some]);
    expect(new Set(all).size).toBe(all.length);
    expect(all).toEqual(expect.arrayContaining(ids.slice(0, 30)));
    for (const [n, mine] of taken.entries()) {
      const leased = await store.findLeased(subscriptionId, [...mine]);
      for (const { lease } of leased.values()) expect(lease?.token).toBe(tokens[n]);
    }
  });

  it('claims together what was found in different ways, and each has what is its own', async () => {
    const { subscriptionId, ids } = await stored(6);
    await take(store, subscriptionId, 'before', 3);
    const laterMs = NOW_MS + 6000;
    const due = [
      ...(await store.findFirst(subscriptionId, laterMs, 10)),
      ...(await store.findAgain(subscriptionId, laterMs, 10)),
    ];
    const claims = due.map((found, n) => ({
      found,
      // As if it were an expression of the database's.
      lease: {
        ...leaseOf(found, '$token'),
        n: n + 1,
        untilMs: laterMs + n,
        signature: `$n${n}`,
        spanId: '$$ROOT',
      },
      lapsed: found.lease && attemptOf({ ...found.lease, signature: `$o${n}` }, 'lapsed', NOW_MS + n),
    }));
    expect(await store.claim(claims)).toEqual(new Set(ids));
    for (const { found, lease, lapsed } of claims) {
      expect(await deliveries.find(found.id)).toMatchObject({
        ...{ lease, state: 'retrying', nextAttemptAtMs: lease.untilMs, attemptCount: lease.n - 1 },
        attempts:
          lapsed === undefined ? [] : [{ signature: lapsed.signature, durationMs: lapsed.durationMs }],
      });
      expect((await test.mongo.deliveries.findOne({ _id: found.id }))?.failedAt?.getTime()).toBe(
        lapsed && lapsed.atMs + lapsed.durationMs,
      );
    }
    expect(claims.filter(({ lapsed }) => lapsed !== undefined)).toHaveLength(3);
    // Of two who have found them the second is too late.
    expect(
      await other.claim(claims.map((one) => ({ ...one, lease: { ...one.lease, token: 'late' } }))),
    ).toEqual(new Set());
  });

  it('claims the rest once more when the server went away in between, and nothing twice', async () => {
    const { subscriptionId, ids } = await stored(6);
    await take(store, subscriptionId, 'before', 3);
    const laterMs = NOW_MS + 6000;
    const again = await store.findAgain(subscriptionId, laterMs, 10);
    const claims = [...again, ...(await store.findFirst(subscriptionId, laterMs, 10))].map((found) => ({
      found,
      lease: { ...leaseOf(found, 'token'), n: found.lease === undefined ? 1 : 2, untilMs: laterMs + 5000 },
      lapsed: found.lease && attemptOf(found.lease, 'lapsed', laterMs),
    }));
    const away = new MongoNetworkError('connection closed');
    const collection = test.mongo.deliveries;
    const write = collection.bulkWrite.bind(collection);
    const bulkWrite = vi.spyOn(collection, 'bulkWrite');
    try {
      bulkWrite.mockRejectedValueOnce(away).mockRejectedValueOnce(away);
      await expect(store.claim(claims)).rejects.toThrow(Unavailable);
      bulkWrite.mockImplementationOnce(async (writes, options) => {
        await write(writes.slice(0, 1), options);
        throw away;
      });
      expect(await store.claim(claims)).toEqual(new Set(ids));
    } finally {
      bulkWrite.mockRestore();
    }
    for (const { found, lease, lapsed } of claims) {
      const now = await deliveries.find(found.id);
      expect(now).toMatchObject({ lease, attemptCount: lease.n - 1 });
      expect(now?.attempts).toHaveLength(lapsed === undefined ? 0 : 1);
    }
    expect(claims.filter(({ lapsed }) => lapsed !== undefined)).toHaveLength(3);
  });

  it('one of many ends a lease, whatever they say', async () => {
    const { subscriptionId, ids } = await stored(10);
    await take(store, subscriptionId, 'token', 10);
    const end = (from: PullStore, n: number) => {
      const status = { state: 'retrying', nextAttemptAtMs: NOW_MS + 100 + n } as const;
      const lease = { token: 'token', generation: 1 };
      return from.endLeases(
        ids.map((one) => ({ id: one, lease, kind: 'retry' as const, status })),
        NOW_MS,
      );
    };
    const ended = await Promise.all(Array.from({ length: 8 }, (_, n) => end(n % 2 === 0 ? store : other, n)));
    expect(ended.flatMap((some) => [...some]).sort()).toEqual([...ids].sort());
    for (const one of (await deliveries.findMany(ids)).values()) expect(one.attemptCount).toBe(1);
    const [first] = ids;
    if (first !== undefined) expect((await deliveries.find(first))?.attempts).toHaveLength(1);
  });

  it('says for which of many subscriptions there is something', async () => {
    const [waiting, leased, again, none] = [await stored(1), await stored(1), await stored(1), id('sub')];
    for (const one of [leased, again]) await take(store, one.subscriptionId, 'token', 1);
    await store.endLeases(
      again.ids.map((one) => ({
        id: one,
        lease: { token: 'token', generation: 1 },
        kind: 'retry' as const,
        status: { state: 'retrying' as const, nextAttemptAtMs: NOW_MS + 50 },
      })),
      NOW_MS,
    );
    const ids = [waiting.subscriptionId, leased.subscriptionId, again.subscriptionId, none];
    const due = async (inMs: number, forMs = 0) =>
      (await store.withDue(ids, { nowMs: NOW_MS + inMs, untilMs: NOW_MS + inMs + forMs }))
        .map((one) => [ids.indexOf(one.id), one.atMs - NOW_MS])
        .sort();
    expect(await due(0)).toEqual([[0, 0]]);
    expect(await due(0, 50)).toEqual([
      [0, 0],
      [2, 50],
    ]);
    expect(await due(60)).toEqual([
      [0, 60],
      [2, 60],
    ]);
    expect(await due(5000)).toEqual([
      [0, 5000],
      [1, 5000],
      [2, 5000],
    ]);
    expect((await store.findLapsed(NOW_MS + 5000, 100)).map((one) => one.id)).toContain(leased.ids[0]);
  });

  it('reads what is due by its indexes alone, whatever else a subscription has', async () => {
    const { subscriptionId } = await stored(5);
    const among = { subscriptionId, pull: true, state: 'pending' } as const;
    const plan = await test.mongo.deliveries.find(among).hint('pull_first').explain('executionStats');
    expect(plan.executionStats).toMatchObject({ nReturned: 5, totalKeysExamined: 5, totalDocsExamined: 5 });
  });

  it('takes over what was stored as if it were to be sent', async () => {
    const { subscriptionId, ids } = await stored(1, () => ({ pull: undefined }));
    expect(await store.findFirst(subscriptionId, NOW_MS, 10)).toEqual([]);
    for (const one of ids) await store.leaveToReader(one);
    expect((await store.findFirst(subscriptionId, NOW_MS, 10)).map((one) => one.id)).toEqual(ids);
    expect((await deliveries.findOverdue(NOW_MS + 100_000, 1000)).map((one) => one.id)).not.toContain(ids[0]);
  });
});
