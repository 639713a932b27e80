import type { Attempt, NewDelivery } from '@anika/core/delivery/delivery';
import { type DeliveryId, deliveryId, type MessageId } from '@anika/core/ids';
import { comparePositions, type Position } from '@anika/core/stream/position';
import type { StoredChange } from '@anika/core/stream/stream-event';
import { recordIn } from '@anika/testkit/delivery-records';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeFeed, createChangeFeed } from './change-feed.ts';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { createMessageStore } from './messages.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let feed: ChangeFeed;
let deliveries: DeliveryStore;

beforeAll(async () => {
  test = await openTestMongo();
  feed = createChangeFeed(test.mongo);
  deliveries = createDeliveryStore(test.mongo, { graceMs: 1000 });
});
afterAll(() => test.close());

function newMessage() {
  return {
    id: id('msg'),
    topicId: id('top'),
    ownerId: id('par'),
    type: 'car.chosen',
    key: 'a-secret-key',
    dataText: '"a-secret"',
    data: 'a-secret',
    acceptedAtMs: NOW_MS,
    audience: [id('par')],
    fingerprint: undefined,
  };
}

function newDelivery(messageId: MessageId = id('msg')): NewDelivery {
  return {
    id: deliveryId(messageId, Buffer.from(id('sub').slice(-16))),
    messageId,
    topicId: id('top'),
    subscriptionId: id('sub'),
    ownerId: id('par'),
    partnerId: id('par'),
    type: 'car.chosen',
    acceptedAtMs: NOW_MS,
    createdAtMs: NOW_MS,
    state: 'pending',
  };
}

const attempt = (n: number): Attempt => ({
  n,
  atMs: NOW_MS + n,
  durationMs: 1.5,
  status: 500,
  errorClass: undefined,
  errorMessage: 'a-secret',
  responseStart: 'a-secret',
  bodyHash: 'a-secret',
  signature: `a-secret-${n}`,
});

/** The next changes after a position. */
async function next(from: Position, count: number): Promise<StoredChange[]> {
  const found: StoredChange[] = [];
  for await (const { changes } of feed.read(from, new AbortController().signal)) {
    found.push(...changes);
    if (found.length >= count) break;
  }
  return found;
}

const kindsOf = (changes: readonly StoredChange[]) =>
  changes.map((change) => (change.kind === 'message' ? 'message' : (change.state?.state ?? 'attempt')));

async function aLife(): Promise<{ message: ReturnType<typeof newMessage>; delivery: NewDelivery }> {
  const message = newMessage();
  await createMessageStore(test.mongo).insert([message]);
  const delivery = newDelivery(message.id);
  await deliveries.insert([delivery]);
  await deliveries.record([
    recordIn(delivery.id, 'retrying', { attempt: attempt(1), nextAttemptAtMs: NOW_MS + 5 }),
  ]);
  // Still retrying: the state is what it was.
  await deliveries.record([
    recordIn(delivery.id, 'retrying', { attempt: attempt(2), nextAttemptAtMs: NOW_MS + 9 }),
  ]);
  await deliveries.postponeSweep([delivery.id], NOW_MS);
  await deliveries.record([
    recordIn(delivery.id, 'dead', { attempt: attempt(3), finishedAtMs: NOW_MS + 20 }),
  ]);
  await deliveries.redrive(delivery.subscriptionId, {});
  return { message, delivery };
}

const LIFE = ['message', 'pending', 'retrying', 'attempt', 'dead', 'pending'];

describe('the change feed', () => {
  it('tells what is stored, once and in order, and nothing of what it contains', async () => {
    const from = await feed.now();
    const { message, delivery } = await aLife();
    const changes = await next(from, LIFE.length);
    expect(kindsOf(changes)).toEqual(LIFE);
    const { id: messageId, topicId, ownerId, audience } = message;
    expect(changes[0]).toMatchObject({ message: { id: messageId, topicId, ownerId, audience } });
    const [, created, first, second] = changes;
    expect(created).toMatchObject({ isNew: true, attempts: [], delivery: { id: delivery.id } });
    expect(first).toMatchObject({ isNew: false, attempts: [{ n: 1, status: 500, durationMs: 1.5 }] });
    expect(second).toMatchObject({ attempts: [{ n: 2 }], state: undefined });
    expect(changes[4]).toMatchObject({ state: { state: 'dead', reason: 'attempts-exhausted' } });
    expect(JSON.stringify(changes)).not.toContain('a-secret');
  });

  it('goes on after any of its positions with exactly what comes after it, in another process too', async () => {
    const from = await feed.now();
    await aLife();
    const all = await next(from, LIFE.length);
    feed = createChangeFeed(test.mongo);
    for (const [index, { position }] of all.slice(0, -1).entries()) {
      expect(await next(position, LIFE.length - index - 1)).toEqual(all.slice(index + 1));
    }
  });

  it('tells of a message that is scheduled when its time has come, and not before', async () => {
    const from = await feed.now();
    const [later, now] = [{ ...newMessage(), publishedAtMs: NOW_MS - 1000 }, newMessage()];
    const messages = createMessageStore(test.mongo);
    await messages.insert([later]);
    await messages.insert([now]);
    await test.mongo.messages.updateOne({ _id: later.id }, { $unset: { dueAt: 1, unsent: 1 } });
    const changes = await next(from, 2);
    const told = changes.map((change) => (change.kind === 'message' ? change.message.id : undefined));
    expect(told).toEqual([now.id, later.id]);
    const { id: messageId, topicId, audience } = later;
    expect(changes[1]).toMatchObject({ message: { id: messageId, topicId, audience } });
  });

  it('tells changes of one transaction apart', async () => {
    const from = await feed.now();
    const ids: DeliveryId[] = [];
    const documents = await Promise.all(
      [1, 2, 3].map(async () => {
        const delivery = newDelivery();
        await deliveries.insert([delivery]);
        ids.push(delivery.id);
        return delivery.id;
      }),
    );
    await test.mongo.db.client.withSession((session) =>
      session.withTransaction(async () => {
        for (const _id of documents) {
          const state = { $set: { state: 'held' as const, reason: 'subscription-paused' as const } };
          await test.mongo.deliveries.updateOne({ _id }, state, { session });
        }
      }),
    );
    const all = await next(from, 6);
    const held = all.slice(3);
    expect(new Set(held.map(({ position }) => `${position.seconds}.${position.increment}`)).size).toBe(1);
    expect(held.map(({ position }) => position.nth)).toEqual([0, 1, 2]);
    const [first] = held;
    if (first !== undefined) expect(await next(first.position, 2)).toEqual(held.slice(1));
  });

  it('tells that nothing happened, and up to when', async () => {
    const from = await feed.now();
    const stop = new AbortController();
    let batches = 0;
    let last = from;
    for await (const { changes, position } of feed.read(from, stop.signal)) {
      expect(changes).toEqual([]);
      expect(comparePositions(position, last)).toBeGreaterThanOrEqual(0);
      last = position;
      batches += 1;
      if (batches === 3) stop.abort();
    }
    expect(batches).toBe(3);
  });
});
