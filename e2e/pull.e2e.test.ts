import { connectRedis } from '@anika/queue/redis';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

type Item = {
  readonly deliveryId: string;
  readonly lease: string;
  readonly headers: Record<string, string>;
  readonly body: string;
};

let databases: TestDatabases;
let api: Program;
const running: Program[] = [];

async function start(app: 'api' | 'dispatcher'): Promise<Program> {
  const settings = { ANIKA_SWEEP_SECONDS: '1', ANIKA_RETRY_SCHEDULE: '0s' };
  const program = await startProgram(app, { databases, settings });
  running.push(program);
  return program;
}

beforeAll(async () => {
  databases = await createTestDatabases();
  api = await start('api');
  await start('dispatcher');
});

afterAll(async () => {
  await Promise.all(running.map((program) => program.stop()));
  await databases.drop();
});

async function pullScene(url: string) {
  const scene = await createScene(url);
  return { scene, ...(await pullFrom(scene)) };
}

/** A subscription of the reader that pulls. */
async function pullFrom({ client, reader, topicId }: Awaited<ReturnType<typeof createScene>>) {
  const body = { topicId, delivery: { type: 'pull' } };
  const made = await client.call('POST', '/v1/subscriptions', { token: reader.token, body });
  const path = `/v1/subscriptions/${made.body.id}`;
  return { path, pull: pullOf({ reader }, path) };
}

function pullOf({ reader }: Pick<Awaited<ReturnType<typeof createScene>>, 'reader'>, path: string) {
  return async (at: string, more: object): Promise<Item[]> => {
    const response = await fetch(`${at}${path}/pull`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${reader.token}` },
      body: JSON.stringify(more),
    });
    return ((await response.json()) as { items: Item[] }).items;
  };
}

/** Of four the third: one may be late, not two. */
function medianOf(numbers: readonly number[]): number {
  const middle = [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
  if (middle === undefined) throw new Error('there is none');
  return middle;
}

describe('a subscription that pulls', () => {
  it('gets what a webhook beside it gets: the same body, the same headers but of the connection', async () => {
    const { scene, pull } = await pullScene(api.url);
    const receiver = await startReceiver();
    await scene.subscribe(receiver);
    await scene.publish({ car: 'Лада Веста', price: 1_749_000 });
    const [request] = await receiver.waitFor(1);
    const [item] = await pull(api.url, { waitSeconds: 20 });
    if (request === undefined || item === undefined) throw new Error('one of them got nothing');
    expect(item.body).toBe(request.rawBody);
    const own = new Set([
      'webhook-signature',
      'webhook-timestamp',
      'anika-subscription-id',
      'anika-delivery-id',
      // A span of its own in the same trace.
      'traceparent',
    ]);
    const ofConnection = ['host', 'connection', 'content-length', 'accept-encoding'];
    const sent = Object.keys(request.headers).filter((name) => !ofConnection.includes(name));
    expect(Object.keys(item.headers).sort()).toEqual(sent.sort());
    for (const name of sent.filter((each) => !own.has(each))) {
      expect(item.headers[name]).toBe(request.headers[name]);
    }
    const traceOf = (value: unknown) => String(value).split('-')[1];
    expect(traceOf(item.headers.traceparent)).toBe(traceOf(request.headers.traceparent));
    await receiver.close();
  });

  it('whose puller dies with all attempts used up has a dead letter, although nobody pulls any more', async () => {
    const { scene, path: subscription, pull } = await pullScene(api.url);
    await scene.publish({ n: 1 });
    const [item] = await pull(api.url, { waitSeconds: 20, leaseSeconds: 5 });
    const path = `/v1/deliveries/${item?.deliveryId}`;
    const { token } = scene.reader;
    const dead = await eventually(
      async () => {
        const { body } = await scene.client.call('GET', path, { token });
        return body.state === 'dead' ? body : undefined;
      },
      { timeoutMs: 20_000, everyMs: 200 },
    );
    expect(dead).toMatchObject({
      reason: 'attempts-exhausted',
      attempts: [{ n: 1, errorClass: 'lease-lapsed' }],
    });
    const redis = connectRedis({ url: databases.redisUrl, role: 'worker' });
    const letter = `${databases.queuePrefix}:dead-letter:${item?.deliveryId}_g1`;
    await eventually(async () => (await redis.exists(letter)) === 1);
    redis.disconnect();
    const told = await eventually(async () => {
      const { body } = await scene.client.call('GET', '/v1/notices?type=anika.delivery.dead', { token });
      return body.items[0];
    });
    const example = { count: 1, exampleDeliveryId: item?.deliveryId };
    expect(told).toMatchObject({ data: { subscriptionId: subscription.split('/').at(-1), ...example } });
  });

  it('tells its company of dead letters once an hour, however many pullers refuse or let lapse', async () => {
    const { scene, path, pull } = await pullScene(api.url);
    const { client, owner, reader, topicId } = scene;
    const notices = { topicId: 'notices', delivery: { type: 'pull' } };
    const made = await client.call('POST', '/v1/subscriptions', { token: reader.token, body: notices });
    const messages = Array.from({ length: 20 }, (_, n) => ({ type: 'car.chosen', data: { n } }));
    const batch = { token: owner.token, body: { messages } };
    await client.call('POST', `/v1/topics/${topicId}/messages/batch`, batch);
    let given = 0;
    await Promise.all(
      Array.from({ length: 3 }, async () => {
        while (given < messages.length) {
          const items = await pull(api.url, { max: 3, waitSeconds: 1, leaseSeconds: 5 });
          given += items.length;
          // Every third of them is neither taken nor refused.
          const acks = items
            .slice(0, 2)
            .map(({ deliveryId, lease }) => ({ deliveryId, lease, outcome: 'refuse' }));
          if (acks.length === 0) continue;
          await client.call('POST', `${path}/ack`, { token: reader.token, body: { items: acks } });
        }
      }),
    );
    const dead = await eventually(
      async () => {
        const query = `subscriptionId=${path.split('/').at(-1)}&state=dead&limit=100`;
        const { body } = await client.call('GET', `/v1/deliveries?${query}`, { token: reader.token });
        return body.items.length === 20 ? body.items : undefined;
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    const reasons = new Set(dead.map(({ reason }: { reason: string }) => reason));
    expect(reasons).toEqual(new Set(['refused', 'attempts-exhausted']));
    const told = await pullOf(scene, `/v1/subscriptions/${made.body.id}`)(api.url, { waitSeconds: 20 });
    const types = told.map(({ body }) => JSON.parse(body).type);
    expect(types.filter((type) => type === 'anika.delivery.dead')).toHaveLength(1);
  });

  it('wakes whoever waits as soon as a replay has made a delivery, or a message’s time has come', async () => {
    const scene = await createScene(api.url);
    const { client, owner, reader, topicId } = scene;
    for (let n = 0; n < 4; n += 1) await scene.publish({ n });
    const { path, pull } = await pullFrom(scene);
    const wait = async () => {
      const [item] = await pull(api.url, { waitSeconds: 20, max: 1 });
      return { atMs: Date.now(), id: item?.deliveryId };
    };
    let waiting = wait();
    const body = { from: new Date(Date.now() - 3_600_000).toISOString(), only: 'missing', perSecond: 1 };
    await client.call('POST', `${path}/replays`, { token: reader.token, body });
    const late: { replayed: number[]; scheduled: number[] } = { replayed: [], scheduled: [] };
    for (let n = 0; n < 4; n += 1) {
      const { atMs, id } = await waiting;
      if (n < 3) waiting = wait();
      const { body: delivery } = await client.call('GET', `/v1/deliveries/${id}`, { token: reader.token });
      late.replayed.push(atMs - Date.parse(delivery.createdAt));
    }
    for (let n = 0; n < 3; n += 1) {
      // Was the one before found by a look, this one would be by a look more than a second after its time.
      const deliverAt = new Date(Date.now() + 2300).toISOString();
      const message = { type: 'car.chosen', data: { n }, deliverAt };
      const call = { token: owner.token, body: message };
      await client.call('POST', `/v1/topics/${topicId}/messages`, call);
      late.scheduled.push((await wait()).atMs - Date.parse(deliverAt));
    }
    // Nobody would look by itself for two seconds. The machine may hold up one of each kind.
    expect(medianOf(late.replayed), String(late.replayed)).toBeLessThan(900);
    expect(medianOf(late.scheduled), String(late.scheduled)).toBeLessThan(900);
  });

  it('is shared by pullers at two processes of the api, and nothing is given to both', async () => {
    const other = await start('api');
    const { scene, path, pull } = await pullScene(api.url);
    const { client, owner, topicId, reader } = scene;
    const count = 100;
    const messages = Array.from({ length: count }, (_, n) => ({ type: 'car.chosen', data: { n } }));
    await client.call('POST', `/v1/topics/${topicId}/messages/batch`, {
      token: owner.token,
      body: { messages },
    });
    const given: string[] = [];
    await Promise.all(
      [api, other, api, other].map(async ({ url }) => {
        while (given.length < count) {
          const items = await pull(url, { max: 9, waitSeconds: 1, leaseSeconds: 60 });
          given.push(...items.map(({ deliveryId }) => deliveryId));
          const acks = items.map(({ deliveryId, lease }) => ({ deliveryId, lease, outcome: 'done' }));
          await client.call('POST', `${path}/ack`, { token: reader.token, body: { items: acks } });
        }
      }),
    );
    expect([given.length, new Set(given).size]).toEqual([count, count]);
    expect(await pull(other.url, { waitSeconds: 1 })).toEqual([]);
    await scene.allDelivered(count);
  });

  it('answers whoever waits when it is asked to stop, at once and with nothing', async () => {
    const stopping = await start('api');
    const { pull } = await pullScene(api.url);
    const startedAt = performance.now();
    const waiting = pull(stopping.url, { waitSeconds: 20 });
    await eventually(async () => (await fetch(`${stopping.url}/healthz`)).status === 200);
    const code = await stopping.stop();
    expect(await waiting).toEqual([]);
    expect(code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  });
});
