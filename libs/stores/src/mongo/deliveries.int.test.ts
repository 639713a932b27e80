import type { Attempt, DeliveryOrigin, DeliveryState, NewDelivery } from '@anika/core/delivery/delivery';
import type { DeliveryReason } from '@anika/core/delivery/reasons';
import type { FoundState } from '@anika/core/delivery/transition';
import { type DeliveryId, deliveryId, type MessageId, type SubscriptionId } from '@anika/core/ids';
import { type RecordChange, recordIn, statusIn } from '@anika/testkit/delivery-records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import type { DeliveriesOf } from './deliveries-of-subscriptions.ts';
import type { DeliveryList } from './delivery-reads.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

const GRACE_MS = 1000;

let test: TestMongo;
let store: DeliveryStore;

beforeAll(async () => {
  test = await openTestMongo();
  store = createDeliveryStore(test.mongo, { graceMs: GRACE_MS });
});

afterAll(() => test.close());

type NewChange = Partial<DeliveryOrigin> & {
  state?: 'pending' | 'held';
  reason?: DeliveryReason | undefined;
};

function newDelivery({ state = 'pending', reason, ...change }: NewChange = {}): NewDelivery {
  const messageId = change.messageId ?? id('msg');
  return {
    id: idFor(messageId),
    messageId,
    topicId: id('top'),
    subscriptionId: id('sub'),
    ownerId: id('par'),
    partnerId: id('par'),
    type: 'car.chosen',
    acceptedAtMs: NOW_MS,
    createdAtMs: NOW_MS + 5,
    ...change,
    ...(state === 'held' ? statusIn(state, { reason }) : { state }),
  };
}

function idFor(messageId: MessageId): DeliveryId {
  return deliveryId(messageId, Buffer.from(id('sub').slice(-16)));
}

/** Deliveries of one new subscription. */
async function inserted(...changes: NewChange[]) {
  const shared = { subscriptionId: id('sub'), topicId: id('top'), partnerId: id('par') };
  const deliveries = changes.map((change) => newDelivery({ ...shared, ...change }));
  await store.insert(deliveries);
  return { ...shared, deliveries, ids: deliveries.map((one) => one.id) };
}

function attempt(n: number, status = 500): Attempt {
  return {
    n,
    atMs: NOW_MS + n,
    durationMs: 12,
    status,
    errorClass: undefined,
    errorMessage: undefined,
    responseStart: 'no',
    bodyHash: 'aa',
    signature: 'v1,x',
  };
}

async function only(change: NewChange = {}): Promise<DeliveryId> {
  const delivery = newDelivery(change);
  await store.insert([delivery]);
  return delivery.id;
}

async function finish(ids: readonly DeliveryId[], state: FoundState, more: RecordChange = {}): Promise<void> {
  await store.record(ids.map((one) => recordIn(one, state, more)));
}

async function overdue(nowMs: number): Promise<DeliveryId[]> {
  return (await store.findOverdue(nowMs, 1000)).map((one) => one.id);
}

async function statesOf(ids: readonly DeliveryId[]) {
  const found = await store.findMany(ids);
  return ids.map((one) => found.get(one)?.state);
}

describe('insert()', () => {
  it('creates a delivery that is due at once', async () => {
    const delivery = newDelivery();
    await store.insert([delivery]);
    expect(await store.find(delivery.id)).toEqual({
      ...delivery,
      generation: 1,
      attemptCount: 0,
      nextAttemptAtMs: delivery.createdAtMs,
      finishedAtMs: undefined,
      attempts: [],
    });
  });
  it('leaves deliveries that exist as they are and creates the others', async () => {
    const [first, second] = [newDelivery(), newDelivery()];
    await store.insert([first]);
    await finish([first.id], 'delivered');
    await store.insert([first, second]);
    expect(await statesOf([first.id, second.id])).toEqual(['delivered', 'pending']);
  });

  it('makes a held delivery nobody looks for', async () => {
    const heldId = await only({ state: 'held', reason: 'subscription-paused' });
    expect(await store.find(heldId)).toMatchObject({ state: 'held', reason: 'subscription-paused' });
    expect(await overdue(Number.MAX_SAFE_INTEGER / 1e6)).not.toContain(heldId);
  });

  it('does nothing with an empty batch', async () => {
    await expect(store.insert([])).resolves.toBeUndefined();
  });
});

describe('record()', () => {
  it('keeps the attempt and when the next one is due', async () => {
    const one = await only();
    await store.record([
      { id: one, generation: 1, state: 'retrying', attempt: attempt(1), nextAttemptAtMs: NOW_MS + 9000 },
    ]);
    const waiting = await store.find(one);
    expect(waiting).toMatchObject({ state: 'retrying', attemptCount: 1, nextAttemptAtMs: NOW_MS + 9000 });
    expect(waiting?.attempts).toEqual([attempt(1)]);
    await store.record([
      { id: one, generation: 1, state: 'delivered', attempt: attempt(2, 200), finishedAtMs: NOW_MS + 9100 },
    ]);
    const done = await store.find(one);
    expect(done).toMatchObject({ state: 'delivered', attemptCount: 2, finishedAtMs: NOW_MS + 9100 });
    expect(done?.nextAttemptAtMs).toBeUndefined();
    expect(done?.attempts.map((each) => each.status)).toEqual([500, 200]);
  });

  it.each<[FoundState, RecordChange]>([
    ['delivered', { attempt: attempt(1, 204), finishedAtMs: NOW_MS + 70 }],
    ['retrying', { attempt: attempt(1), nextAttemptAtMs: NOW_MS + 9000 }],
    ['dead', { attempt: attempt(1, 410), reason: 'gone', finishedAtMs: NOW_MS + 70 }],
    ['held', { reason: 'subscription-paused' }],
    ['cancelled', { reason: 'grant-revoked', finishedAtMs: NOW_MS + 70 }],
  ])(
    'stores a %s delivery with its first record as it would be had it been stored before',
    async (state, more) => {
      const [unstored, before] = [newDelivery(), newDelivery()];
      await store.insert([before]);
      await store.record([
        recordIn(unstored.id, state, { ...more, unstored }),
        recordIn(before.id, state, more),
      ]);
      const documents = await Promise.all(
        [unstored, before].map(async ({ id: _id }) => {
          const document = await test.mongo.deliveries.findOne({ _id });
          const { messageId, topicId, subscriptionId, ownerId, partnerId, ...rest } = document ?? {};
          return { ...rest, _id: 'same' };
        }),
      );
      expect(documents[0]).toEqual(documents[1]);
      const found = await store.find(unstored.id);
      expect(found).toMatchObject({ ...unstored, state });
      expect(found?.reason).toBe(more.reason);
    },
  );

  it.each<[string, (RecordChange & { state: FoundState }) | undefined, DeliveryState]>([
    ['counts over what its fan-out stored', undefined, 'delivered'],
    ['counts over a cancellation: it was sent all the same', { state: 'cancelled' }, 'delivered'],
    ['changes nothing where the same attempt is recorded', { state: 'dead', attempt: attempt(1) }, 'dead'],
  ])('of a delivery that was stored meanwhile %s', async (_title, earlier, expected) => {
    const unstored = newDelivery();
    await store.insert([unstored]);
    if (earlier !== undefined) await finish([unstored.id], earlier.state, earlier);
    const record = { state: 'delivered', attempt: attempt(1, 204), finishedAtMs: NOW_MS + 70 } as const;
    // Beside one that is not stored: neither keeps the other from being recorded.
    const other = newDelivery();
    await store.record(
      [unstored, other].map((one) => ({ id: one.id, generation: 1, ...record, unstored: one })),
    );
    expect(await statesOf([unstored.id, other.id])).toEqual([expected, 'delivered']);
    expect((await store.find(unstored.id))?.attempts).toHaveLength(1);
  });

  it.each<[string, (of: { id: DeliveryId; subscriptionId: SubscriptionId }) => Promise<unknown>]>([
    ['by retry', ({ id }) => store.retry(id, ['dead'], NOW_MS)],
    ['by redrive', ({ subscriptionId }) => store.redrive(subscriptionId, {})],
  ])(
    'keeps the attempt, and nothing else, when the delivery was started again %s meanwhile',
    async (_, start) => {
      const { ids, subscriptionId } = await inserted({});
      const [one] = ids as [DeliveryId];
      await finish([one], 'dead', { reason: 'attempts-exhausted' });
      await start({ id: one, subscriptionId });
      await finish([one], 'delivered', {
        generation: 2,
        attempt: { ...attempt(1, 200), atMs: NOW_MS + 900 },
      });
      const before = await store.find(one);
      const late = { generation: 1, attempt: attempt(1, 503) };
      await finish([one], 'dead', late);
      await finish([one], 'dead', late);
      expect(await store.find(one)).toEqual({
        ...before,
        attempts: [attempt(1, 503), ...(before?.attempts ?? [])],
      });
    },
  );

  it.each<[string, FoundState, RecordChange & { state: FoundState }]>([
    ['that was cancelled under way', 'cancelled', { state: 'retrying', nextAttemptAtMs: NOW_MS + 9000 }],
    ['that another dispatcher has delivered', 'delivered', { state: 'dead', finishedAtMs: NOW_MS + 90 }],
    ['that another dispatcher gave up', 'dead', { state: 'retrying', nextAttemptAtMs: NOW_MS + 9000 }],
  ])('keeps what left of a delivery %s, and its state', async (_, state, more) => {
    const [stored, unstored] = [newDelivery(), newDelivery()];
    await store.insert([stored, unstored]);
    await finish([stored.id, unstored.id], state);
    const record = { ...more, attempt: attempt(1, 503) };
    await store.record([
      recordIn(stored.id, more.state, record),
      recordIn(unstored.id, more.state, { ...record, unstored }),
    ]);
    for (const { id } of [stored, unstored]) {
      const after = await store.find(id);
      expect(after?.state).toBe(state);
      expect(after?.attempts).toEqual([attempt(1, 503)]);
    }
  });

  it.each<[string, FoundState, FoundState]>([
    ['a failure that comes late changes nothing', 'delivered', 'retrying'],
    ['a second record of the same attempt changes nothing', 'retrying', 'retrying'],
    ['a cancellation that comes late changes nothing', 'dead', 'cancelled'],
  ])('%s', async (_title, state, late) => {
    const one = await only();
    await finish([one], state, { attempt: attempt(1) });
    const before = await store.find(one);
    const isAttempt = late === 'retrying';
    await finish([one], late, isAttempt ? { attempt: attempt(1), nextAttemptAtMs: 1 } : {});
    expect(await store.find(one)).toEqual(before);
  });

  it('says so when a message was taken before its cancellation took hold', async () => {
    const { ids, subscriptionId } = await inserted({});
    await store.cancelOpen([subscriptionId], 'grant-revoked', NOW_MS);
    await finish(ids, 'delivered', { attempt: attempt(1, 204) });
    expect(await statesOf(ids)).toEqual(['delivered']);
  });

  it('writes many deliveries in one go, one that is gone aside', async () => {
    const { ids } = await inserted({}, {});
    await finish([...ids, id('dlv')], 'dead', { reason: 'gone' });
    expect(await statesOf(ids)).toEqual(['dead', 'dead']);
  });

  it('keeps the last fifty attempts', async () => {
    const one = await only();
    for (let n = 1; n <= 52; n += 1) {
      await finish([one], 'retrying', { attempt: attempt(n) });
    }
    const found = await store.find(one);
    expect(found?.attempts.map((each) => each.n)).toEqual(Array.from({ length: 50 }, (_, i) => i + 3));
    expect(found?.attemptCount).toBe(52);
  });
});

describe('existing()', () => {
  it('names those that are stored', async () => {
    const [one, other] = [await only(), await only()];
    expect(await store.existing([one, id('dlv'), other])).toEqual(new Set([one, other]));
  });
});

describe('findOverdue()', () => {
  it('finds a delivery when its grace has passed and not before', async () => {
    const one = await only();
    const dueMs = NOW_MS + 5 + GRACE_MS;
    expect(await overdue(dueMs - 1)).not.toContain(one);
    expect(await overdue(dueMs)).toContain(one);
    await store.postponeSweep([one], dueMs);
    expect(await overdue(dueMs)).not.toContain(one);
    expect(await overdue(dueMs + GRACE_MS)).toContain(one);
  });

  it('looks again when a delivery has waited twice as long, and at least every minute', async () => {
    const one = await only();
    const dueMs = NOW_MS + 5;
    await store.postponeSweep([one], dueMs + 40_000);
    expect(await overdue(dueMs + 79_999)).not.toContain(one);
    expect(await overdue(dueMs + 80_000)).toContain(one);
    await store.postponeSweep([one], dueMs + 7_200_000);
    expect(await overdue(dueMs + 7_200_000 + 60_000)).toContain(one);
  });

  it('goes by the next attempt of a delivery that is retried', async () => {
    const one = await only();
    await store.record([{ id: one, generation: 1, state: 'retrying', nextAttemptAtMs: NOW_MS + 60_000 }]);
    expect(await overdue(NOW_MS + 60_000)).not.toContain(one);
    expect(await overdue(NOW_MS + 60_000 + GRACE_MS)).toContain(one);
  });

  it.each(['delivered', 'dead', 'cancelled', 'held'] as const)('finds nothing that is %s', async (state) => {
    const one = await only();
    await finish([one], state);
    await store.postponeSweep([one], NOW_MS);
    expect(await overdue(NOW_MS * 2)).not.toContain(one);
  });

  it('finds open deliveries without the grace once the queue lost its data', async () => {
    const one = await only();
    const later = await only();
    await store.record([{ id: later, generation: 1, state: 'retrying', nextAttemptAtMs: NOW_MS + 60_000 }]);
    await store.sweepAllOpen();
    expect(await overdue(NOW_MS + 5)).toContain(one);
    expect(await overdue(NOW_MS + 5)).not.toContain(later);
    expect(await overdue(NOW_MS + 60_000)).toContain(later);
  });

  it('finds, some seconds after the loss, only what was made since', async () => {
    const [before, since] = [await only(), await only({ createdAtMs: NOW_MS + 20 })];
    await store.sweepAllOpen(NOW_MS + 10);
    expect(await overdue(NOW_MS + 20)).toContain(since);
    expect(await overdue(NOW_MS + 20)).not.toContain(before);
  });
});

describe('releaseHeld()', () => {
  it('opens what is held in the order of acceptance and touches nothing else', async () => {
    const held = { state: 'held', reason: 'subscription-paused' } as const;
    const { subscriptionId, ids } = await inserted(
      { ...held, acceptedAtMs: NOW_MS - 2_000_000 },
      { ...held, acceptedAtMs: NOW_MS - 3_000_000 },
      {},
    );
    const foreign = await only(held);
    expect(await store.subscriptionsWithHeld()).toContain(subscriptionId);
    expect(await store.releaseHeld(subscriptionId)).toBe(2);
    expect(await statesOf([...ids, foreign])).toEqual(['pending', 'pending', 'pending', 'held']);
    expect(await overdue(NOW_MS - 1_000_000)).toEqual([ids[1], ids[0]]);
    expect((await store.find(ids[0] as DeliveryId))?.reason).toBeUndefined();
    expect(await store.subscriptionsWithHeld()).not.toContain(subscriptionId);
  });
});

describe('redrive()', () => {
  it('starts the dead ones anew, with a new generation and schedule', async () => {
    const { subscriptionId, ids } = await inserted({}, {}, {});
    const [dead, delivered, open] = ids as [DeliveryId, DeliveryId, DeliveryId];
    await finish([dead], 'dead', { reason: 'attempts-exhausted', attempt: attempt(1) });
    await finish([delivered], 'delivered');
    expect(await store.redrive(subscriptionId, {})).toBe(1);
    const started = await store.find(dead);
    expect(started).toMatchObject({
      state: 'pending',
      generation: 2,
      attemptCount: 0,
      attempts: [{ n: 1 }],
    });
    expect([started?.reason, started?.finishedAtMs]).toEqual([undefined, undefined]);
    expect(await statesOf([delivered, open])).toEqual(['delivered', 'pending']);
    expect(await store.redrive(subscriptionId, {})).toBe(0);
  });

  it('keeps to the time the message was accepted, from and not to', async () => {
    const { subscriptionId, ids } = await inserted(
      { acceptedAtMs: NOW_MS },
      { acceptedAtMs: NOW_MS + 10 },
      { acceptedAtMs: NOW_MS + 20 },
    );
    await finish(ids, 'dead');
    expect(await store.redrive(subscriptionId, { fromMs: NOW_MS + 10, toMs: NOW_MS + 20 })).toBe(1);
    expect(await statesOf(ids)).toEqual(['dead', 'pending', 'dead']);
  });
});

describe('retry()', () => {
  it('starts a delivery again in the states named, once for each call', async () => {
    const one = await only();
    await finish([one], 'dead', { reason: 'gone' });
    const started = await store.retry(one, ['dead'], NOW_MS + 100);
    expect(started).toMatchObject({ state: 'pending', generation: 2, nextAttemptAtMs: NOW_MS + 100 });
    expect(await store.retry(one, ['dead'], NOW_MS + 100)).toBeUndefined();
    expect(await store.retry(id('dlv'), ['dead'], NOW_MS)).toBeUndefined();
  });

  it('starts once when asked twenty times at once', async () => {
    const one = await only();
    await finish([one], 'dead');
    const started = await Promise.all(Array.from({ length: 20 }, () => store.retry(one, ['dead'], NOW_MS)));
    expect(started.filter((each) => each !== undefined)).toHaveLength(1);
  });
});

describe('cancelOpen()', () => {
  it('cancels what is open or held and leaves what is done', async () => {
    const { subscriptionId, ids } = await inserted({}, {}, { state: 'held' }, {}, {});
    const [, retrying, , delivered, dead] = ids as DeliveryId[];
    await finish([retrying as DeliveryId], 'retrying', { nextAttemptAtMs: NOW_MS, finishedAtMs: undefined });
    await finish([delivered as DeliveryId], 'delivered');
    await finish([dead as DeliveryId], 'dead');
    expect(await store.cancelOpen([subscriptionId], 'grant-revoked', NOW_MS + 70)).toBe(3);
    expect(await statesOf(ids)).toEqual(['cancelled', 'cancelled', 'cancelled', 'delivered', 'dead']);
    const cancelled = await store.find(ids[0] as DeliveryId);
    expect(cancelled).toMatchObject({ reason: 'grant-revoked', finishedAtMs: NOW_MS + 70 });
    expect(cancelled?.nextAttemptAtMs).toBeUndefined();
    expect(await overdue(NOW_MS * 2)).not.toContain(ids[0]);
    expect(await store.cancelOpen([], 'grant-revoked', NOW_MS)).toBe(0);
  });
});

describe('list()', () => {
  async function listed(list: Omit<DeliveryList, 'limit'>): Promise<DeliveryId[]> {
    return (await store.list({ limit: 100, ...list })).map((one) => one.id);
  }

  it('keeps to a message and a company', async () => {
    const messageId = id('msg');
    const { partnerId, ids } = await inserted({ messageId, id: idFor(messageId) }, {});
    const elsewhere = await only({ messageId, id: idFor(messageId) });
    expect((await listed({ messageId })).sort()).toEqual([ids[0], elsewhere].sort());
    expect(await listed({ messageId, partnerId })).toEqual([ids[0]]);
    expect(await listed({ messageId: id('msg') })).toEqual([]);
  });
});

describe('listOf()', () => {
  it('visits all once, page by page, newest first, also where many came in one millisecond', async () => {
    const changes = Array.from({ length: 41 }, (_, i) => ({ acceptedAtMs: NOW_MS + Math.floor(i / 15) }));
    const { subscriptionId, deliveries } = await inserted(...changes);
    const visited: string[] = [];
    let after: DeliveriesOf['after'];
    for (;;) {
      const list: DeliveriesOf = { subscriptionIds: [subscriptionId], attempts: 'last', after, limit: 6 };
      const page = await store.listOf(list);
      visited.push(...page.map((one) => one.id));
      after = page.at(-1);
      if (after === undefined) break;
    }
    const expected = [...deliveries].sort(
      (a, b) => b.acceptedAtMs - a.acceptedAtMs || (a.id < b.id ? 1 : -1),
    );
    expect(visited).toEqual(expected.map((one) => one.id));
  });
});

describe('removeOfMessages()', () => {
  it('deletes every delivery of these messages and no other', async () => {
    const messageId = id('msg');
    const { deliveries, ids } = await inserted({ messageId }, { messageId }, {});
    expect(deliveries.map((one) => one.messageId).slice(0, 2)).toEqual([messageId, messageId]);
    expect(await store.removeOfMessages([messageId, id('msg')])).toBe(2);
    expect(await statesOf(ids)).toEqual([undefined, undefined, 'pending']);
    expect(await store.removeOfMessages([])).toBe(0);
  });
});

describe('the indexes', () => {
  it('hold what is open, held, not delivered and to be pulled apart from everything that is stored', async () => {
    const indexes = await test.mongo.deliveries.indexes();
    const partial = indexes.filter((index) => index.partialFilterExpression !== undefined);
    const names = [
      'failed',
      'finished',
      'held',
      'leased',
      'open',
      'pull_again',
      'pull_first',
      'replayed',
      'undelivered',
    ];
    expect(partial.map((index) => index.name).sort()).toEqual(names);
  });
});

describe('what is held for endpoints that never proved themselves', () => {
  const REASON = { reason: 'not-verified-in-time', nowMs: NOW_MS + 9 } as const;
  const heldAt = (...times: number[]) =>
    inserted(...times.map((at) => ({ acceptedAtMs: NOW_MS + at, state: 'held' as const, ...UNVERIFIED })));
  const UNVERIFIED = { reason: 'subscription-unverified' } as const;

  it('cancelHeld() cancels what was accepted before a time, of these subscriptions, with the reason', async () => {
    const { subscriptionId, ids } = await heldAt(1, 2, 3);
    const other = await heldAt(1);
    expect(await store.cancelHeld([subscriptionId], NOW_MS + 3, REASON)).toBe(2);
    const found = await store.findMany([...ids, ...other.ids]);
    expect(ids.map((one) => found.get(one)?.state)).toEqual(['cancelled', 'cancelled', 'held']);
    expect(found.get(ids[0] as DeliveryId)).toMatchObject({
      reason: 'not-verified-in-time',
      finishedAtMs: NOW_MS + 9,
    });
    expect(found.get(other.ids[0] as DeliveryId)?.state).toBe('held');
  });

  it('heldBeyond() is the time of the newest that is too much, over several subscriptions', async () => {
    const [one, two] = [await heldAt(5, 1, 3), await heldAt(2, 4)];
    const both = [one.subscriptionId, two.subscriptionId];
    expect(await store.heldBeyond(both, 5)).toBeUndefined();
    expect(await store.heldBeyond(both, 2)).toBe(NOW_MS + 3);
    await store.releaseHeld(one.subscriptionId);
    expect(await store.heldBeyond(both, 1)).toBe(NOW_MS + 2);
  });
});
