import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually as within } from '@anika/testkit/eventually';
import { type Receiver, type ResponsePlan, startReceiver } from '@anika/testkit/receiver';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type TestPartner } from '../apps/api/src/testing/test-client.ts';
import { type Program, startProgram } from './support/program.ts';

let databases: TestDatabases;
let mongo: MongoClient;
const programs: Program[] = [];
let client: ReturnType<typeof createClient>;
let owner: TestPartner;
let reader: TestPartner;
let receiver: Receiver;

const settings = { ANIKA_RETRY_SCHEDULE: '0s,100ms', ANIKA_SWEEP_SECONDS: '1' };
const NOT_YET: ResponsePlan = { status: 500 };
const TAKEN: ResponsePlan = { status: 204 };
/** To each path its own answer. */
const answers = new Map<string, (n: number) => ResponsePlan>();

beforeAll(async () => {
  databases = await createTestDatabases();
  mongo = await MongoClient.connect(databases.mongodbUrl);
  programs.push(
    ...(await Promise.all([
      startProgram('api', {
        databases,
        settings: { ANIKA_RATE_MANAGE: '100000', ANIKA_RATE_READ: '100000' },
      }),
      startProgram('dispatcher', { databases, settings }),
      startProgram('dispatcher', { databases, settings }),
    ])),
  );
  client = createClient(programs[0]?.url ?? '');
  owner = await client.createPartner('АвтоЭкспресс');
  reader = await client.createPartner('ЭкспоБанк');
  receiver = await startReceiver({
    respond: ({ path, body }) => {
      const { n } = (body as { data: { n: number } }).data;
      return answers.get(path)?.(n) ?? TAKEN;
    },
  });
});

afterAll(async () => {
  await receiver.close();
  await Promise.all(programs.map((program) => program.stop()));
  await mongo.close();
  await databases.drop();
});

async function call(method: string, path: string, body?: unknown, by = reader) {
  const answer = await client.call(method, path, { token: by.token, body });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** What is fanned out later than this would reach a subscription made within a second after it, without a replay. */
async function fannedOut(topicId: string) {
  const waiting = { topicId, pendingSince: { $exists: true } };
  await eventually(async () => (await mongo.db().collection('messages').countDocuments(waiting)) === 0);
}

let scenes = 0;

/** A topic of its own that the reader may read, with messages numbered from 0 on. */
async function scene() {
  scenes += 1;
  const path = `/scene-${scenes}`;
  const { id: topicId } = await call('POST', '/v1/topics', { name: `Тема ${scenes}` }, owner);
  const grants = `/v1/topics/${topicId}/grants/${reader.id}`;
  await call('PUT', grants, {}, owner);
  const arrivals = () => receiver.received.filter((request) => request.path === path);
  const numbers = () => arrivals().map(({ body }) => (body as { data: { n: number } }).data.n);
  return {
    topicId,
    grants,
    arrivals,
    numbers,
    answerWith: (answer: (n: number) => ResponsePlan) => void answers.set(path, answer),
    subscribe: async (more: object = {}) =>
      (await call('POST', '/v1/subscriptions', { topicId, url: receiver.url + path, ...more })).id as string,
    async publish(count: number, from = 0, type = 'car.chosen'): Promise<string[]> {
      const ids: string[] = [];
      for (let at = from; at < from + count; at += 100) {
        const size = Math.min(100, from + count - at);
        const messages = Array.from({ length: size }, (_, n) => ({ type, data: { n: at + n } }));
        const { items } = await call('POST', `/v1/topics/${topicId}/messages/batch`, { messages }, owner);
        ids.push(...items.map((item: { id: string }) => item.id));
      }
      await fannedOut(topicId);
      return ids;
    },
  };
}

/** On a machine that does much else as well. */
const PATIENCE = { timeoutMs: 60_000 };
const eventually = <T>(check: () => T | Promise<T>) => within(check, PATIENCE);

const today = () => ({ from: new Date(Date.now() - 3_600_000).toISOString() });
const start = async (id: string, more: object) =>
  (await call('POST', `/v1/subscriptions/${id}/replays`, { ...today(), perSecond: 1000, ...more }))
    .id as string;
const look = (id: string) => call('GET', `/v1/replays/${id}`);

/** Waits until it is so; resolves with the replay. */
async function until(id: string, state: string) {
  let last: unknown;
  return eventually(async () => {
    const replay = await look(id);
    last = replay;
    return replay.state === state ? replay : undefined;
  }).catch((cause: unknown) => {
    throw new Error(`not ${state}: ${JSON.stringify(last)}`, { cause });
  });
}

const upTo = (count: number, from = 0) => Array.from({ length: count }, (_, n) => from + n);
const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);

describe('a replay of what is missing', () => {
  it('sends what was published before the subscription was made, under its own ids', async () => {
    const { subscribe, publish, numbers, arrivals, topicId } = await scene();
    const ids = await publish(30);
    const id = await subscribe();
    const replay = await until(await start(id, { only: 'missing' }), 'done');
    const counts = { matched: 30, started: 30, delivered: 30, dead: 0, underWay: 0, isRead: true };
    expect(replay).toMatchObject(counts);
    expect(ascending(numbers())).toEqual(upTo(30));
    expect(
      arrivals()
        .map(({ headers }) => headers['webhook-id'])
        .sort(),
    ).toEqual(ids.sort());
    const { items } = await call('GET', `/v1/audit?topicId=${topicId}&action=replay.done`, undefined, owner);
    expect(items).toMatchObject([{ subjectId: replay.id, after: { matched: 30, delivered: 30 } }]);
  });

  it('sends what was filtered, cancelled or given up then, and nothing twice', async () => {
    const { subscribe, publish, numbers, answerWith, grants } = await scene();
    const id = await subscribe({ filter: { 'data.n': { lt: 10 } } });
    answerWith((n) => (n === 9 ? NOT_YET : TAKEN));
    // 0–8 arrive, 9 is given up, 10–19 are not wanted.
    await publish(20);
    await eventually(async () => {
      const { items } = await call('GET', `/v1/deliveries?subscriptionId=${id}&state=dead`);
      return items.length === 1 && numbers().length === 11;
    });
    // 20–24 are held, and lost with the grant.
    await call('POST', `/v1/subscriptions/${id}/pause`);
    await call('PATCH', `/v1/subscriptions/${id}`, { filter: null });
    await publish(5, 20);
    await eventually(async () => {
      const { items } = await call('GET', `/v1/deliveries?subscriptionId=${id}&state=held`);
      return items.length === 5;
    });
    await call('DELETE', grants, undefined, owner);
    await eventually(async () => {
      const { items } = await call('GET', `/v1/deliveries?subscriptionId=${id}&state=cancelled`);
      return items.length === 5;
    });
    await call('PUT', grants, {}, owner);
    await call('POST', `/v1/subscriptions/${id}/resume`);
    answerWith(() => TAKEN);
    const dry = await call('POST', `/v1/subscriptions/${id}/replays`, {
      ...today(),
      only: 'missing',
      dryRun: true,
    });
    expect(dry).toMatchObject({ matched: 16, never: 10, dead: 1, cancelled: 5, delivered: 0 });
    const before = numbers().length;
    expect(await until(await start(id, { only: 'missing' }), 'done')).toMatchObject({ delivered: 16 });
    expect(ascending(numbers().slice(before))).toEqual(upTo(16, 9));
    // Once more there is nothing left to do.
    const again = await until(await start(id, { only: 'missing' }), 'done');
    expect(again).toMatchObject({ matched: 0, started: 0 });
    expect(numbers()).toHaveLength(before + 16);
  });

  it('keeps to its types and its filter', async () => {
    const { subscribe, publish, numbers } = await scene();
    await publish(10);
    await publish(10, 10, 'car.sold');
    const id = await subscribe();
    const wish = { only: 'missing', types: ['car.sold'], filter: { 'data.n': { gte: 15 } } };
    await until(await start(id, wish), 'done');
    expect(ascending(numbers())).toEqual(upTo(5, 15));
  });
});

describe('a replay of all', () => {
  it('sends what has arrived once more, under the same webhook-id', async () => {
    const { subscribe, publish, arrivals } = await scene();
    const id = await subscribe();
    const ids = await publish(20);
    await eventually(async () => {
      const { items } = await call('GET', `/v1/deliveries?subscriptionId=${id}&state=delivered`);
      return items.length === 20;
    });
    expect(await until(await start(id, { only: 'all' }), 'done')).toMatchObject({ delivered: 20 });
    const got = arrivals().map(({ headers }) => headers['webhook-id']);
    expect(got.sort()).toEqual([...ids, ...ids].sort());
  });
});

describe('the pace', () => {
  it('is that of the replay, and a pause, a resume and a stop count at once', async () => {
    const { subscribe, publish, arrivals } = await scene();
    await publish(200);
    const id = await subscribe();
    const startedAtMs = Date.now();
    const replay = await start(id, { only: 'missing', perSecond: 20 });
    await eventually(() => arrivals().length >= 10);
    expect(Date.now() - startedAtMs).toBeGreaterThan(200);
    await call('POST', `/v1/replays/${replay}/pause`);
    // At twenty a second, a machine that is busy with something else lets one more be started each 50 ms.
    const lateMs = Math.max(0, Date.now() - startedAtMs - 1000);
    // What was being started ends; then nothing moves.
    const paused = await eventually(async () => {
      const { underWay, started } = await look(replay);
      return underWay === 0 ? started : undefined;
    });
    expect(paused).toBeLessThan(40 + lateMs / 50);
    await call('POST', `/v1/replays/${replay}/resume`);
    await eventually(() => arrivals().length >= paused + 10);
    const stopped = await call('POST', `/v1/replays/${replay}/stop`);
    expect(stopped).toMatchObject({ state: 'stopped', reason: 'asked' });
    await eventually(async () => (await look(replay)).underWay === 0);
    const { started, matched, delivered } = await look(replay);
    expect(started).toBeLessThan(100 + lateMs / 25);
    expect([matched, delivered]).toEqual([started, started]);
    // The rest is still missing.
    const rest = await until(await start(id, { only: 'missing' }), 'done');
    expect(rest).toMatchObject({ delivered: 200 - delivered });
    expect(arrivals()).toHaveLength(200);
  });

  it('leaves new messages first: they do not wait for a long replay', async () => {
    const [busy, calm] = [await scene(), await scene()];
    await busy.publish(1000);
    await calm.subscribe();
    const replay = await start(await busy.subscribe(), { only: 'missing', perSecond: 300 });
    await eventually(() => busy.arrivals().length > 100);
    await calm.publish(50);
    await busy.publish(1, 5000);
    await eventually(() => calm.arrivals().length === 50 && busy.numbers().includes(5000));
    expect(busy.arrivals().length).toBeLessThan(800);
    await until(replay, 'done');
    expect(ascending(busy.numbers())).toEqual([...upTo(1000), 5000]);
  });
});

describe('an endpoint that does not take it', () => {
  it('pauses the replay rather than being sent everything, and has all of it after a resume', async () => {
    const { subscribe, publish, numbers, answerWith } = await scene();
    await publish(800);
    const id = await subscribe();
    answerWith(() => NOT_YET);
    const replay = await start(id, { only: 'missing' });
    const { reason, started } = await until(replay, 'paused');
    expect(reason).toBe('endpoint-failing');
    expect(started).toBeLessThan(700);
    answerWith(() => TAKEN);
    const before = numbers().length;
    await call('POST', `/v1/replays/${replay}/resume`);
    expect(await until(replay, 'done')).toMatchObject({ delivered: 800, dead: 0 });
    expect(ascending(numbers().slice(before))).toEqual(upTo(800));
  });

  it('waits while the subscription is paused and goes on with it', async () => {
    const { subscribe, publish, arrivals } = await scene();
    await publish(60);
    const id = await subscribe();
    const replay = await start(id, { only: 'missing', perSecond: 20 });
    await eventually(() => arrivals().length > 0);
    await call('POST', `/v1/subscriptions/${id}/pause`);
    expect(await until(replay, 'paused')).toMatchObject({ reason: 'subscription-paused' });
    await call('POST', `/v1/subscriptions/${id}/resume`);
    expect(await until(replay, 'done')).toMatchObject({ delivered: 60 });
  });
});

describe('what ends a replay', () => {
  it.each([
    ['the grant is revoked', 'grant-revoked', 'grants'],
    ['the subscription is deleted', 'subscription-deleted', 'subscription'],
    ['the topic is deleted', 'subscription-deleted', 'topic'],
  ])('%s: it stops, and nothing is sent any more', async (_what, reason, what) => {
    const { subscribe, publish, arrivals, grants, topicId } = await scene();
    await publish(100);
    const id = await subscribe();
    const replay = await start(id, { only: 'missing', perSecond: 20 });
    await eventually(() => arrivals().length > 0);
    if (what === 'grants') await call('DELETE', grants, undefined, owner);
    if (what === 'subscription') await call('DELETE', `/v1/subscriptions/${id}`);
    if (what === 'topic') await call('DELETE', `/v1/topics/${topicId}`, undefined, owner);
    const stopped = await until(replay, 'stopped');
    expect(stopped).toMatchObject({ reason });
    const { started, delivered, cancelled } = await eventually(async () => {
      const now = await look(replay);
      return now.underWay === 0 ? now : undefined;
    });
    expect(started).toBeLessThan(90);
    expect(delivered + cancelled).toBe(started);
    // The answers to what was under way are on record a moment later.
    await eventually(async () => (await look(replay)).delivered === arrivals().length);
  });
});

describe('startFrom', () => {
  it('sends a new subscription what was published before, and each message once', async () => {
    const { subscribe, publish, numbers } = await scene();
    await publish(50);
    await subscribe({ startFrom: today().from });
    await publish(50, 50);
    await eventually(() => numbers().length >= 100);
    const { items } = await call('GET', '/v1/replays?limit=1');
    expect(await until(items[0].id, 'done')).toMatchObject({ only: 'missing' });
    expect(ascending(numbers())).toEqual(upTo(100));
  });
});
