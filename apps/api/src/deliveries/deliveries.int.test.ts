import type { Attempt, DeliveryState } from '@anika/core/delivery/delivery';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryId, PartnerId, SubscriptionId } from '@anika/core/ids';
import { createLanes, type Lanes } from '@anika/queue/lanes';
import { connectRedis } from '@anika/queue/redis';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { type RecordChange, recordIn } from '@anika/testkit/delivery-records';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;
let mongo: ReturnType<typeof connectMongo>;
let redis: Redis;
/** As a dispatcher's. */
let lanes: Lanes;

beforeAll(async () => {
  api = await startTestApi();
  [parties, receiver] = await Promise.all([openParties(api), startReceiver()]);
  mongo = connectMongo({ url: api.databases.mongodbUrl });
  redis = connectRedis({ url: api.databases.redisUrl, role: 'worker' });
  lanes = createLanes({ redis, prefix: api.databases.queuePrefix });
});

afterAll(async () => {
  redis.disconnect();
  await Promise.all([mongo.close(), receiver.close()]);
  await api.close();
});

type Item = {
  id: string;
  state: DeliveryState;
  acceptedAt: string;
  partnerId: string;
  subscriptionId: string;
};

const get = (path: string, by: TestPartner = parties.reader) => api.call('GET', path, { token: by.token });
const post = (path: string, body?: unknown, by: TestPartner = parties.reader) =>
  api.call('POST', path, { token: by.token, body });

async function itemsOf(path: string, by?: TestPartner): Promise<Item[]> {
  const { status, body } = await get(path, by);
  if (status !== 200) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`);
  return body.items;
}

const idsOf = async (path: string, by?: TestPartner) => (await itemsOf(path, by)).map(({ id }) => id);

/** The deliveries of a new message once its fan-out has written them. */
async function published(topicId: string, count = 1): Promise<{ messageId: string; deliveries: Item[] }> {
  const messageId = await parties.publish(topicId, { n: 1 });
  const deliveries = await eventually(async () => {
    const items = await itemsOf(`/v1/messages/${messageId}/deliveries`, parties.owner);
    return items.length === count ? items : undefined;
  });
  return { messageId, deliveries };
}

/** A topic with the reader's subscription and deliveries in these states, oldest first. */
async function scene(states: readonly DeliveryState[] = []) {
  const topicId = await parties.grantedTopic();
  const subscription = await parties.subscribe(topicId, receiver.url);
  const ids: string[] = [];
  for (const state of states) {
    const [delivery] = (await published(topicId)).deliveries;
    if (delivery === undefined) throw new Error('no delivery');
    await found(delivery.id, { state });
    ids.push(delivery.id);
  }
  return { topicId, subscriptionId: subscription.id as string, ids };
}

function attempt(more: Partial<Attempt> = {}): Attempt {
  const none = {
    status: undefined,
    errorClass: undefined,
    errorMessage: undefined,
    responseStart: undefined,
  };
  return { n: 1, atMs: Date.now(), durationMs: 12, ...none, bodyHash: 'ab12', signature: 'v1,c2ln', ...more };
}

/** Writes what a dispatcher would have found out. */
async function found(id: string, record: RecordChange & { state: DeliveryState }): Promise<void> {
  const { state, ...more } = record;
  const times = { nextAttemptAtMs: Date.now() + 60_000, finishedAtMs: Date.now() };
  const store = createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs });
  const deliveryId = id as DeliveryId;
  const open = state === 'pending' ? 'retrying' : state;
  await store.record([recordIn(deliveryId, open, { attempt: attempt(), ...times, ...more })]);
  if (state === 'pending') await mongo.deliveries.updateOne({ _id: deliveryId }, { $set: { state } });
}

describe('the deliveries of a message', () => {
  it('are all shown to its owner and to each reader its own', async () => {
    const { topicId, subscriptionId } = await scene();
    await parties.grant(topicId, {}, parties.stranger);
    const other = await parties.subscribe(topicId, receiver.url, {}, parties.stranger);
    const { messageId } = await published(topicId, 2);
    const path = `/v1/messages/${messageId}/deliveries`;
    const shown = async (by: TestPartner) => (await itemsOf(path, by)).map((one) => one.subscriptionId);
    expect((await shown(parties.owner)).sort()).toEqual([subscriptionId, other.id].sort());
    expect(await shown(parties.reader)).toEqual([subscriptionId]);
    expect(await shown(parties.stranger)).toEqual([other.id]);
    const pages = [await get(`${path}?limit=1`, parties.owner)];
    pages.push(await get(`${path}?limit=1&cursor=${pages[0]?.body.nextCursor}`, parties.owner));
    expect(pages.flatMap(({ body }) => body.items.map((one: Item) => one.id)).sort()).toEqual(
      (await idsOf(path, parties.owner)).sort(),
    );
    expect(pages[1]?.body.nextCursor).toBeNull();
  });

  it('are not there for who may not read the message', async () => {
    const { topicId } = await scene();
    const { messageId } = await published(topicId);
    expect((await get(`/v1/messages/${messageId}/deliveries`, parties.stranger)).status).toBe(404);
  });
});

describe('the list of deliveries', () => {
  it('is of the own endpoints, by subscription, topic, state and time', async () => {
    const { topicId, subscriptionId, ids } = await scene(['dead', 'delivered', 'retrying']);
    const [dead, delivered, retrying] = ids;
    const at = `/v1/deliveries?topicId=${topicId}`;
    expect(await idsOf(at)).toEqual([...ids].reverse());
    expect((await get(at)).body.items[0].lastAttempt).toMatchObject({ n: 1, status: null, errorClass: null });
    expect(await idsOf(`/v1/deliveries?subscriptionId=${subscriptionId}`)).toEqual([...ids].reverse());
    expect(await idsOf(`${at}&state=dead`)).toEqual([dead]);
    expect(await idsOf(`${at}&state=held`)).toEqual([]);
    const { body } = await get(`/v1/deliveries/${delivered}`);
    expect(await idsOf(`${at}&from=${body.acceptedAt}`)).toEqual([retrying, delivered]);
    expect(await idsOf(`${at}&to=${body.acceptedAt}`)).toEqual([dead]);
    expect(await idsOf(at, parties.owner)).toEqual([]);
    expect(await idsOf(`/v1/deliveries?subscriptionId=${subscriptionId}`, parties.stranger)).toEqual([]);
  });

  it('visits all once, page by page, newest first', async () => {
    const { topicId } = await scene();
    const messages = Array.from({ length: 23 }, (_, n) => ({ type: 'a', data: { n } }));
    await post(`/v1/topics/${topicId}/messages/batch`, { messages }, parties.owner);
    const path = `/v1/deliveries?topicId=${topicId}`;
    const all = await eventually(async () => {
      const ids = await idsOf(`${path}&limit=200`);
      return ids.length === 23 ? ids : undefined;
    });
    const visited: string[] = [];
    for (let more = ''; more !== 'end'; ) {
      const { body }: Answer = await get(`${path}&limit=5${more}`);
      visited.push(...body.items.map((item: Item) => item.id));
      more = body.nextCursor === null ? 'end' : `&cursor=${body.nextCursor}`;
    }
    expect(visited).toEqual(all);
  });

  it.each([
    'state=done',
    'topicId=x',
    'subscriptionId=top_0123456789abcdef',
    'limit=0',
    'cursor=x',
    'from=x',
  ])('refuses ?%s', async (query) => {
    expect((await get(`/v1/deliveries?${query}`)).status).toBe(422);
  });
});

describe('a delivery', () => {
  it('is read with its attempts, and started again by its own partner only', async () => {
    const { ids } = await scene(['retrying']);
    const [id = ''] = ids;
    const second = attempt({ n: 2, status: 500, responseStart: 'ошибка', errorClass: undefined });
    await found(id, { state: 'dead', attempt: second });
    const { body } = await get(`/v1/deliveries/${id}`);
    expect(body).toMatchObject({ id, state: 'dead', reason: 'attempts-exhausted', attemptCount: 2 });
    expect(body.nextAttemptAt).toBeNull();
    expect(body.attempts).toEqual([
      expect.objectContaining({ n: 1, status: null, response: null }),
      { ...body.attempts[1], n: 2, durationMs: 12, status: 500, error: null, response: 'ошибка' },
    ]);
    expect((await get(`/v1/deliveries/${id}`, parties.stranger)).status).toBe(404);
    for (const by of [parties.owner, parties.stranger]) {
      expect((await post(`/v1/deliveries/${id}/retry`, undefined, by)).status).toBe(404);
    }
    expect((await get(`/v1/deliveries/dlv_${'0'.repeat(42)}`)).status).toBe(404);
  });

  it.each<DeliveryState>(['dead', 'retrying', 'pending'])('that is %s starts anew', async (state) => {
    const { ids } = await scene([state]);
    const { status, body } = await post(`/v1/deliveries/${ids[0]}/retry`);
    expect({ status, ...body }).toMatchObject({
      status: 202,
      state: 'pending',
      reason: null,
      attemptCount: 0,
    });
    expect((await get(`/v1/deliveries/${ids[0]}`)).body).toMatchObject({
      state: 'pending',
      finishedAt: null,
      attempts: [{ n: 1 }],
    });
  });

  it.each<DeliveryState>(['dead', 'retrying', 'pending'])(
    'that is %s stays so while a request of it is under way',
    async (state) => {
      const { ids, subscriptionId } = await scene([state]);
      const [id = ''] = ids;
      const place = {
        deliveryId: id as DeliveryId,
        subscriptionId: subscriptionId as SubscriptionId,
        partnerId: 'par_1' as PartnerId,
        generation: 1,
      };
      const time = { nowMs: Date.now(), ttlMs: 18_000 };
      const limits = { concurrency: 4, ratePerSecond: undefined };
      expect(await lanes.enter(place, limits, { ...time, order: 1 })).toMatchObject({ kind: 'go' });
      const refused = await post(`/v1/deliveries/${id}/retry`);
      expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
      expect(refused.body.detail).toContain('under way');
      expect((await get(`/v1/deliveries/${id}`)).body).toMatchObject({ state, attemptCount: 1 });
      await lanes.leave(place, { load: 'unknown', concurrency: 4, goesOn: false }, time);
      expect((await post(`/v1/deliveries/${id}/retry`)).status).toBe(202);
    },
  );

  it.each<DeliveryState>(['delivered', 'cancelled', 'held'])('that is %s stays so', async (state) => {
    const { ids } = await scene([state]);
    const { status, body } = await post(`/v1/deliveries/${ids[0]}/retry`);
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'conflict' });
    expect(body.detail).toContain(`is ${state}`);
    expect((await get(`/v1/deliveries/${ids[0]}`)).body.state).toBe(state);
  });

  it.each<[string, (scene: { topicId: string; subscriptionId: string }) => Promise<unknown>]>([
    ['paused', ({ subscriptionId }) => post(`/v1/subscriptions/${subscriptionId}/pause`)],
    ['revoked', ({ topicId }) => parties.revoke(topicId)],
  ])('starts neither by retry nor by redrive when its access is %s', async (why, end) => {
    const of = await scene(['dead']);
    await end(of);
    for (const path of [`deliveries/${of.ids[0]}/retry`, `subscriptions/${of.subscriptionId}/redrive`]) {
      const { status, body } = await post(`/v1/${path}`);
      expect({ path, status, detail: body.detail }).toMatchObject({
        status: 409,
        detail: expect.stringContaining(why),
      });
    }
    expect((await get(`/v1/deliveries/${of.ids[0]}`)).body.state).toBe('dead');
  });

  it('is retried by developers and not by viewers', async () => {
    const { ids } = await scene(['dead']);
    const retry = async (role: 'viewer' | 'developer') =>
      api.call('POST', `/v1/deliveries/${ids[0]}/retry`, { token: await parties.reader.userToken(role) });
    expect((await retry('viewer')).status).toBe(403);
    expect((await retry('developer')).status).toBe(202);
  });
});

describe('resending', () => {
  it('starts a delivered one anew, with its history, and both sides find it in their logs', async () => {
    const { ids, topicId } = await scene(['delivered']);
    const [id = ''] = ids;
    const answer = await post(`/v1/deliveries/${id}/resend`);
    expect(answer).toMatchObject({
      status: 202,
      body: { id, state: 'pending', attemptCount: 0, reason: null },
    });
    expect((await get(`/v1/deliveries/${id}`)).body).toMatchObject({
      finishedAt: null,
      attempts: [{ n: 1 }],
    });
    const stored = await createDeliveryStore(mongo, { graceMs: 0 }).find(id as DeliveryId);
    expect(stored?.generation).toBe(2);
    for (const by of [parties.reader, parties.owner]) {
      const { body } = await get(`/v1/audit?topicId=${topicId}&action=delivery.resent`, by);
      expect(body.items).toMatchObject([{ subjectId: id }]);
    }
    expect((await post(`/v1/deliveries/${id}/resend`)).status).toBe(409);
  });

  it.each<DeliveryState>(['dead', 'retrying', 'pending', 'cancelled', 'held'])(
    'leaves one that is %s as it is',
    async (state) => {
      const { ids } = await scene([state]);
      const { status, body } = await post(`/v1/deliveries/${ids[0]}/resend`);
      expect({ status, detail: body.detail }).toMatchObject({
        status: 409,
        detail: expect.stringContaining(`is ${state}, it must be delivered`),
      });
      expect((await get(`/v1/deliveries/${ids[0]}`)).body.state).toBe(state);
    },
  );

  it('is for its own company while that is let in, and not for viewers', async () => {
    const { ids, topicId } = await scene(['delivered']);
    const path = `/v1/deliveries/${ids[0]}/resend`;
    for (const by of [parties.owner, parties.stranger]) {
      expect((await post(path, undefined, by)).status).toBe(404);
    }
    const viewer = await parties.reader.userToken('viewer');
    expect((await api.call('POST', path, { token: viewer })).status).toBe(403);
    await parties.revoke(topicId);
    expect(await post(path)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });
});

describe('a redrive', () => {
  it('starts the dead ones of its time and nothing else', async () => {
    const { topicId, subscriptionId, ids } = await scene(['dead', 'dead', 'delivered', 'cancelled', 'dead']);
    const accepted = async (id: string | undefined) => (await get(`/v1/deliveries/${id}`)).body.acceptedAt;
    const path = `/v1/subscriptions/${subscriptionId}/redrive`;
    const middle = { from: await accepted(ids[1]), to: await accepted(ids[4]), states: ['dead'] };
    expect(await post(path, middle)).toMatchObject({ status: 202, body: { redriven: 1 } });
    const states = async () => (await itemsOf(`/v1/deliveries?topicId=${topicId}`)).map((one) => one.state);
    expect(await states()).toEqual(['dead', 'cancelled', 'delivered', 'pending', 'dead']);
    expect(await post(path)).toMatchObject({ status: 202, body: { redriven: 2 } });
    expect(await states()).toEqual(['pending', 'cancelled', 'delivered', 'pending', 'pending']);
    const { body } = await get(`/v1/audit?topicId=${topicId}&action=subscription.redriven`);
    expect(body.items.map((entry: { after: unknown }) => entry.after)).toEqual([
      { redriven: 2 },
      { redriven: 1 },
    ]);
  });

  it('counts each delivery once when two run at the same time', async () => {
    const { subscriptionId, ids } = await scene(Array.from({ length: 12 }, () => 'dead' as const));
    const both = await Promise.all([1, 2].map(() => post(`/v1/subscriptions/${subscriptionId}/redrive`)));
    expect(both.map(({ status }) => status)).toEqual([202, 202]);
    expect(both.reduce((sum, { body }) => sum + body.redriven, 0)).toBe(12);
    const store = createDeliveryStore(mongo, { graceMs: 0 });
    const after = await store.findMany(ids as DeliveryId[]);
    expect([...after.values()].map(({ state, generation }) => `${state} ${generation}`)).toEqual(
      ids.map(() => 'pending 2'),
    );
  });

  it.each([{ states: ['delivered'] }, { states: [] }, { from: 'x' }, { since: 1 }])(
    'refuses %j',
    async (body) => {
      const { subscriptionId } = await scene();
      expect((await post(`/v1/subscriptions/${subscriptionId}/redrive`, body)).status).toBe(422);
      expect((await post(`/v1/subscriptions/${subscriptionId}/redrive`, {}, parties.owner)).status).toBe(404);
    },
  );
});
