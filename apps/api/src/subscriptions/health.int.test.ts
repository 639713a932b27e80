import { TIMING } from '@anika/core/delivery/timing';
import type { FoundState } from '@anika/core/delivery/transition';
import type { DeliveryId } from '@anika/core/ids';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { connectPostgres } from '@anika/stores/postgres/client';
import { recordIn } from '@anika/testkit/delivery-records';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;
let mongo: ReturnType<typeof connectMongo>;
let postgres: ReturnType<typeof connectPostgres>;

beforeAll(async () => {
  api = await startTestApi();
  [parties, receiver] = await Promise.all([openParties(api), startReceiver()]);
  mongo = connectMongo({ url: api.databases.mongodbUrl });
  postgres = connectPostgres({ url: api.databases.databaseUrl });
});

afterAll(async () => {
  await Promise.all([mongo.close(), postgres.close(), receiver.close()]);
  await api.close();
});

async function read(path: string) {
  const { status, body } = await api.call('GET', path, { token: parties.reader.token });
  expect(status).toBe(200);
  return body;
}

/** A subscription with deliveries in these states. */
async function subscribed(
  states: readonly (FoundState | 'pending')[],
): Promise<{ id: string; topicId: string }> {
  const topicId = await parties.grantedTopic();
  const { id } = await parties.subscribe(topicId, receiver.url);
  for (const n of states.keys()) await parties.publish(topicId, { n });
  const items: { id: DeliveryId }[] = await eventually(async () => {
    const { items: all } = await read(`/v1/deliveries?subscriptionId=${id}`);
    return all.length === states.length && all;
  });
  const store = createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs });
  const records = [...items].reverse().flatMap((item, n) => {
    const state = states[n];
    return state === undefined || state === 'pending'
      ? []
      : [recordIn(item.id, state, { finishedAtMs: Date.UTC(2026, 0, 1, 0, 0, n) })];
  });
  await store.record(records);
  return { id, topicId };
}

const none = { count: 0, more: false };

it('a subscription tells how it does, and the list tells the same', async () => {
  const { id, topicId } = await subscribed(['delivered', 'dead', 'dead', 'retrying', 'pending', 'held']);
  const shown = await read(`/v1/subscriptions/${id}`);
  expect(shown.health).toEqual({
    state: 'healthy',
    failingSince: null,
    willBeDisabledAt: null,
    lastDeliveredAt: '2026-01-01T00:00:00.000Z',
    oldestPendingAt: expect.any(String),
    open: { count: 2, more: false },
    held: { count: 1, more: false },
    dead: { count: 2, more: false },
  });
  expect((await read(`/v1/subscriptions?topicId=${topicId}`)).items).toEqual([shown]);
});

it('one that fails says since when, and when it will be disabled', async () => {
  const { id } = await subscribed(['retrying']);
  const failingSince = new Date('2026-01-02T03:04:05.000Z');
  await postgres.db.subscription.update({ where: { id }, data: { failingSince } });
  expect((await read(`/v1/subscriptions/${id}`)).health).toMatchObject({
    state: 'failing',
    failingSince: '2026-01-02T03:04:05.000Z',
    willBeDisabledAt: '2026-01-07T03:04:05.000Z',
    lastDeliveredAt: null,
    open: { count: 1, more: false },
  });
});

it('one that is new, and one that is paused, say so', async () => {
  const { id } = await subscribed([]);
  expect((await read(`/v1/subscriptions/${id}`)).health).toMatchObject({
    state: 'idle',
    open: none,
    dead: none,
  });
  await api.call('POST', `/v1/subscriptions/${id}/pause`, { token: parties.reader.token });
  expect((await read(`/v1/subscriptions/${id}`)).health).toMatchObject({ state: 'paused' });
});

it("is not the topic owner's to see", async () => {
  const { id } = await subscribed([]);
  const { status } = await api.call('GET', `/v1/subscriptions/${id}`, { token: parties.owner.token });
  expect(status).toBe(404);
});
