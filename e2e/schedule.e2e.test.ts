import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { until } from '@anika/testkit/until';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { listen } from '../apps/api/src/testing/listen.ts';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

type Scene = Awaited<ReturnType<typeof createScene>>;

let databases: TestDatabases;
let api: Program;
let dispatchers: Program[] = [];
let scene: Scene;
const receivers: Receiver[] = [];

const startDispatcher = () => startProgram('dispatcher', { databases });

beforeAll(async () => {
  databases = await createTestDatabases();
  api = await startProgram('api', { databases });
  dispatchers = await Promise.all([startDispatcher(), startDispatcher()]);
  scene = await createScene(api.url);
});

afterAll(async () => {
  await Promise.all([
    ...[api, ...dispatchers].map((one) => one.stop()),
    ...receivers.map((one) => one.close()),
  ]);
  await databases.drop();
});

async function subscribed(more: object = {}) {
  const receiver = await startReceiver();
  receivers.push(receiver);
  return { receiver, subscription: await scene.subscribe(receiver, more) };
}

async function publishAt(atMs: number, data: unknown = { word: 'later' }): Promise<string> {
  const { body } = await scene.client.call('POST', `/v1/topics/${scene.topicId}/messages`, {
    token: scene.owner.token,
    body: { type: 'car.chosen', data, deliverAt: new Date(atMs).toISOString() },
  });
  expect(body.deliverAt).toBe(new Date(atMs).toISOString());
  return body.id;
}

const idsAt = ({ received }: Receiver) => received.map(({ headers }) => headers['webhook-id']);

it('comes at its time, not before, once, and is then one like any other', async () => {
  const { receiver } = await subscribed();
  const told = await listen(api.url, `?kinds=message&topicId=${scene.topicId}`, { token: scene.owner.token });
  const atMs = Date.now() + 3000;
  const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => publishAt(atMs, { word: `later${n}` })));
  expect(told.events).toEqual([]);
  await receiver.waitFor(20);
  for (const { atMs: cameMs, body } of receiver.received) {
    expect(cameMs).toBeGreaterThanOrEqual(atMs);
    // Within a second, says `faults`, which judges the machine; here: long before anything else would look.
    expect(cameMs - atMs).toBeLessThan(4000);
    expect((body as { timestamp: string }).timestamp).toBe(new Date(atMs).toISOString());
  }
  expect(idsAt(receiver).sort()).toEqual(ids.toSorted());
  // The stream tells of each when it is sent, not when it was published, and once whoever has sent it.
  await eventually(() => told.events.length >= 20);
  const messagesTold = told.events.map(({ event, data }) => ({ event, ...(data as { id: string }) }));
  expect(messagesTold.map(({ event }) => event)).toEqual(Array(20).fill('message'));
  expect(messagesTold.map(({ id }) => id).sort()).toEqual(ids.toSorted());
  await told.close();
  await scene.allDelivered(20);
  const read = await scene.client.call('GET', `/v1/messages/${ids[0]}`, { token: scene.reader.token });
  expect(read).toMatchObject({ status: 200, body: { acceptedAt: new Date(atMs).toISOString() } });
  const found = await scene.client.call('GET', '/v1/messages?q=later7', { token: scene.reader.token });
  expect(found.body.items.map(({ id }: { id: string }) => id)).toContain(ids[7]);
});

async function publishThousand(deliverAt?: string): Promise<void> {
  for (let from = 0; from < 1000; from += 100) {
    const messages = Array.from({ length: 100 }, (_, n) => ({
      type: 'car.chosen',
      data: { n: from + n },
      ...(deliverAt !== undefined && { deliverAt }),
    }));
    const { status } = await scene.client.call('POST', `/v1/topics/${scene.topicId}/messages/batch`, {
      token: scene.owner.token,
      body: { messages },
    });
    expect(status).toBe(202);
  }
}

it('a thousand of one time come within a second of it, each from one dispatcher', async () => {
  const { receiver } = await subscribed();
  const startedMs = Date.now();
  await publishThousand();
  await receiver.waitFor(1000, 60_000);
  const atOnceMs = Date.now() - startedMs;
  const atMs = Date.now() + 1.5 * atOnceMs + 2000;
  await publishThousand(new Date(atMs).toISOString());
  await receiver.waitFor(2000, 90_000);
  expect(new Set(idsAt(receiver)).size).toBe(2000);
  expect(receiver.received).toHaveLength(2000);
  const late = receiver.received.slice(1000).map((one) => one.atMs - atMs);
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  // On a machine that is too slow for a thousand a second: no slower than it is with what is sent at once.
  expect(Math.max(...late)).toBeLessThan(Math.max(1000, 2 * atOnceMs));
}, 180_000);

it('is for who may have it when its time comes, not for who might when it was published', async () => {
  const { client, owner, reader, topicId } = scene;
  const { receiver: leaving, subscription } = await subscribed();
  const atMs = Date.now() + 3000;
  const id = await publishAt(atMs);
  const { receiver: coming } = await subscribed();
  await client.call('DELETE', `/v1/subscriptions/${subscription.id}`, { token: reader.token });
  const unwanted = await publishAt(atMs + 1, { word: 'masked' });
  // What is due later is sent after what is due before: with this one, the others are through.
  const last = await publishAt(atMs + 500);
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, {
    token: owner.token,
    body: { filter: { 'data.word': 'later' } },
  });
  await coming.waitFor(2);
  expect(idsAt(coming)).toEqual([id, last]);
  expect(idsAt(leaving)).toEqual([]);
  const { body } = await client.call('GET', `/v1/messages/${unwanted}/deliveries`, { token: owner.token });
  expect(body.items).toEqual([]);
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token, body: {} });
});

it('a cancelled one does not come', async () => {
  const { receiver } = await subscribed();
  const atMs = Date.now() + 2000;
  const [cancelled, kept] = [await publishAt(atMs), await publishAt(atMs + 500)];
  const body = { reason: 'not needed' };
  await scene.client.call('DELETE', `/v1/messages/${cancelled}`, { token: scene.owner.token, body });
  await receiver.waitFor(1);
  expect(idsAt(receiver)).toEqual([kept]);
});

it('outlives an emptied Redis and dispatchers that are killed, before its time and at it', async () => {
  const { receiver } = await subscribed();
  const atMs = Date.now() + 4000;
  const ids = await Promise.all(Array.from({ length: 10 }, () => publishAt(atMs)));
  const redis = new Redis(databases.redisUrl);
  for await (const keys of redis.scanStream({ match: `*${databases.queuePrefix}*`, count: 500 })) {
    if ((keys as string[]).length > 0) await redis.unlink(...(keys as string[]));
  }
  redis.disconnect();
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.kill()));
  // They are away when it is due.
  await until(atMs);
  dispatchers = await Promise.all([startDispatcher(), startDispatcher()]);
  await eventually(() => ids.every((id) => idsAt(receiver).includes(id)) || undefined, { timeoutMs: 40_000 });
});
