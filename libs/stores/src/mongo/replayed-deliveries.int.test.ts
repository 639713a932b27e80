import type { Attempt, NewDelivery } from '@anika/core/delivery/delivery';
import { DELIVERY_STATES } from '@anika/core/delivery/delivery';
import { deliveryId } from '@anika/core/ids';
import { recordIn } from '@anika/testkit/delivery-records';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let mongo: TestMongo;
let store: DeliveryStore;

beforeAll(async () => {
  mongo = await openTestMongo();
  store = createDeliveryStore(mongo.mongo, { graceMs: 1000 });
});

afterAll(() => mongo.close());

const ATTEMPT: Attempt = {
  n: 1,
  atMs: NOW_MS + 1,
  durationMs: 1,
  status: 204,
  errorClass: undefined,
  errorMessage: undefined,
  responseStart: undefined,
  bodyHash: 'aa',
  signature: 'v1,x',
};

function deliveries(count: number): NewDelivery[] {
  const whose = { subscriptionId: id('sub'), topicId: id('top'), ownerId: id('par'), partnerId: id('par') };
  return Array.from({ length: count }, (_, n) => {
    const messageId = id('msg');
    const one = deliveryId(messageId, Buffer.from(whose.subscriptionId.slice(-16)));
    const times = { acceptedAtMs: NOW_MS + n, createdAtMs: NOW_MS };
    return { ...whose, ...times, id: one, messageId, type: 'car.chosen', state: 'pending' as const };
  });
}

const idsOf = (some: readonly { id: NewDelivery['id'] }[]) => some.map((one) => one.id).sort();
const newReplay = (only: 'missing' | 'all') => ({ id: id('rpl'), subscriptionId: id('sub'), only });
async function generations(some: readonly NewDelivery[]): Promise<unknown[]> {
  const found = await store.findMany(idsOf(some));
  return some.map((one) => found.get(one.id)?.generation);
}

/** As a dispatcher would find them. */
async function become(some: readonly NewDelivery[], state: 'delivered' | 'dead' | 'cancelled') {
  const found = await store.findMany(idsOf(some));
  await store.record(
    [...found.values()].map(({ id: one, generation }) =>
      recordIn(one, state, { generation, ...(state !== 'cancelled' && { attempt: ATTEMPT }) }),
    ),
  );
}

test('a turn that a crash repeats starts nothing twice, and queues what is still to be sent', async () => {
  const replay = newReplay('all');
  const [old, fresh] = [deliveries(3), deliveries(2)];
  await store.insert(old);
  await become(old, 'delivered');
  const make = fresh.map((one) => ({ ...one, replayId: replay.id }));
  const first = await store.startReplayed(replay, { make, again: idsOf(old), ours: [] }, NOW_MS + 5);
  expect(idsOf(first)).toEqual(idsOf([...old, ...fresh]));
  expect(await generations(old)).toEqual([2, 2, 2]);
  // One arrives before the turn is repeated.
  await become(old.slice(0, 1), 'delivered');
  const known = await store.known(idsOf([...old, ...fresh]));
  expect([...known.values()].every(({ replayId }) => replayId === replay.id)).toBe(true);
  const again = await store.startReplayed(
    replay,
    { make, again: idsOf(old), ours: idsOf(fresh) },
    NOW_MS + 9,
  );
  expect(idsOf(again)).toEqual(idsOf([...old.slice(1), ...fresh]));
  expect(await generations([...old, ...fresh])).toEqual([2, 2, 2, 1, 1]);
  expect((await store.countReplayed([replay.id], DELIVERY_STATES)).get(replay.id)).toEqual({
    delivered: 1,
    pending: 4,
  });
});

test('what is missing does not start what has arrived or is under way', async () => {
  const some = deliveries(4);
  await store.insert(some);
  const [arrived, dead, cancelled] = some;
  if (arrived === undefined || dead === undefined || cancelled === undefined) throw new Error('none');
  await become([arrived], 'delivered');
  await become([dead], 'dead');
  await become([cancelled], 'cancelled');
  const start = { make: [], again: idsOf(some), ours: [] };
  const open = await store.startReplayed(newReplay('missing'), start, NOW_MS + 5);
  expect(idsOf(open)).toEqual(idsOf([dead, cancelled]));
});

test('what the fan-out has made meanwhile stays its own', async () => {
  const replay = newReplay('missing');
  const some = deliveries(1);
  await store.insert(some);
  const make = some.map((one) => ({ ...one, replayId: replay.id }));
  expect(await store.startReplayed(replay, { make, again: [], ours: [] }, NOW_MS)).toEqual([]);
  expect((await store.known(idsOf(some))).get(some[0]?.id as never)).toMatchObject({ replayId: undefined });
});

test('the deliveries of one replay that failed start again, and nobody else’s', async () => {
  const [mine, others] = [newReplay('missing'), newReplay('missing')];
  const [some, foreign] = [deliveries(5), deliveries(1)];
  for (const [replay, of] of [
    [mine, some],
    [others, foreign],
  ] as const) {
    const make = of.map((one) => ({ ...one, replayId: replay.id }));
    await store.startReplayed(replay, { make, again: [], ours: [] }, NOW_MS);
  }
  const [dead, arrived, , later, due] = some;
  await become([...some.slice(0, 1), ...foreign], 'dead');
  if (dead === undefined || arrived === undefined || later === undefined || due === undefined)
    throw new Error();
  await become([arrived], 'delivered');
  const retrying = (nextAttemptAtMs: number) => ({ attempt: ATTEMPT, nextAttemptAtMs });
  await store.record([
    recordIn(later.id, 'retrying', retrying(NOW_MS + 60_000)),
    // Its request may be under way.
    recordIn(due.id, 'retrying', retrying(NOW_MS + 6)),
  ]);
  expect(await store.restartFailed(mine, NOW_MS + 7)).toBe(2);
  expect(await generations(some)).toEqual([2, 1, 1, 2, 1]);
  const overdue = await store.findOverdue(NOW_MS + 7, 10);
  expect(idsOf(overdue)).toEqual(idsOf([dead, later]));
  const counts = await store.countReplayed([mine.id, others.id], ['dead', 'pending']);
  expect([counts.get(mine.id), counts.get(others.id)]).toEqual([{ pending: 3 }, { dead: 1 }]);
});
