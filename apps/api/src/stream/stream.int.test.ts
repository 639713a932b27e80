import type { Attempt } from '@anika/core/delivery/delivery';
import type { DeliveryId } from '@anika/core/ids';
import { connectMongo, type Mongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { recordIn } from '@anika/testkit/delivery-records';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Heard, type Listening, listen } from '../testing/listen.ts';
import { closeWorld, createWorld, newSubscription, newTopic, type World } from '../testing/world.ts';

let world: World;
let mongo: Mongo;
const open: Listening[] = [];

beforeAll(async () => {
  world = await createWorld();
  mongo = connectMongo({ url: world.api.databases.mongodbUrl });
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  await mongo.close();
  await closeWorld(world);
});

async function listenAs(token: string, query = '', lastEventId?: string): Promise<Listening> {
  const listening = await listen(world.api.url, query, { token, lastEventId });
  open.push(listening);
  return listening;
}

async function publish(topicId: string, body: object): Promise<string> {
  const call = { token: world.owner.token, body };
  return (await world.api.call('POST', `/v1/topics/${topicId}/messages`, call)).body.id;
}

const idsOf = (events: readonly Heard[], kind: string) =>
  events.filter(({ event }) => event === kind).map(({ data }) => (data as { id: string }).id);
const about = (events: readonly Heard[], messageId: string) =>
  events.filter(({ data }) => JSON.stringify(data).includes(messageId));

const ATTEMPT: Attempt = {
  n: 1,
  atMs: Date.UTC(2026, 0, 1),
  durationMs: 12,
  status: 503,
  errorClass: undefined,
  errorMessage: 'a-secret-error',
  responseStart: 'a-secret-answer',
  bodyHash: 'a-secret-hash',
  signature: 'a-secret-signature',
};

/** As a dispatcher would write it down. */
async function attempt(messageId: string, state: 'retrying' | 'delivered'): Promise<void> {
  const { body } = await world.api.call('GET', `/v1/messages/${messageId}/deliveries`, {
    token: world.owner.token,
  });
  const store = createDeliveryStore(mongo, { graceMs: 0 });
  const records = body.items.map(({ id }: { id: DeliveryId }) => recordIn(id, state, { attempt: ATTEMPT }));
  await store.record(records);
}

async function pendingDelivery(messageId: string): Promise<void> {
  await eventually(async () => {
    const path = `/v1/messages/${messageId}/deliveries`;
    return (await world.api.call('GET', path, { token: world.owner.token })).body.items.length > 0;
  });
}

describe('GET /v1/stream', () => {
  it('tells both sides what happens, each what is its own, and nobody else', async () => {
    const { owner, reader, stranger, topicId } = world;
    const [ofOwner, ofReader, ofStranger] = [
      await listenAs(owner.token),
      await listenAs(await reader.apiKey(['read'])),
      await listenAs(stranger.token),
    ];
    expect(ofOwner.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(ofOwner.headers.get('x-accel-buffering')).toBe('no');
    const id = await publish(topicId, {
      type: 'car.chosen',
      key: 'a-secret-key',
      data: { car: 'a-secret-car' },
    });
    await pendingDelivery(id);
    await attempt(id, 'retrying');
    for (const side of [ofOwner, ofReader]) {
      await eventually(() =>
        expect(about(side.events, id).map(({ event }) => event)).toEqual([
          'message',
          'delivery',
          'state',
          'attempt',
          'state',
        ]),
      );
      const [message, delivery, pending, tried, retrying] = about(side.events, id).map(({ data }) => data);
      expect(message).toMatchObject({ id, topicId, type: 'car.chosen' });
      expect(delivery).toMatchObject({ messageId: id, partnerId: reader.id });
      expect(pending).toMatchObject({ state: 'pending', messageId: id });
      expect(tried).toMatchObject({ n: 1, status: 503, durationMs: 12, messageId: id });
      expect(retrying).toMatchObject({ state: 'retrying', reason: null, finishedAt: null });
      expect(side.text()).not.toContain('a-secret');
    }
    // The stranger hears of its own only.
    const own = await newTopic(world.api, stranger.token);
    const body = { type: 'own', data: 1 };
    const { body: mine } = await world.api.call('POST', `/v1/topics/${own}/messages`, {
      token: stranger.token,
      body,
    });
    await eventually(() => idsOf(ofStranger.events, 'message').includes(mine.id));
    expect(about(ofStranger.events, id)).toEqual([]);
  });

  it('goes on after the last event it was told, without a gap or a second time', async () => {
    const { owner, topicId } = world;
    const first = await listenAs(owner.token, `?topicId=${topicId}&kinds=message`);
    const before = await publish(topicId, { type: 't', data: 1 });
    await eventually(() => idsOf(first.events, 'message').includes(before));
    await first.close();
    const missed: string[] = [];
    for (let n = 0; n < 30; n += 1) missed.push(await publish(topicId, { type: 't', data: n }));
    const again = await listenAs(owner.token, `?topicId=${topicId}&kinds=message`, first.lastId());
    const after = await publish(topicId, { type: 't', data: 'after' });
    await eventually(() => expect(idsOf(again.events, 'message')).toEqual([...missed, after]));
    const live = await publish(topicId, { type: 't', data: 'live' });
    await eventually(() => expect(idsOf(again.events, 'message')).toEqual([...missed, after, live]));
  });

  it('shows a reader the messages that its grant lets it read now', async () => {
    const { api, owner, reader } = world;
    const topicId = await newTopic(api, owner.token);
    const grant = `/v1/topics/${topicId}/grants/${reader.id}`;
    const put = (body: object) => api.call('PUT', grant, { token: owner.token, body });
    await put({ types: ['shown'], filter: { 'data.price': { gte: 100 } } });
    const side = await listenAs(reader.token, '?kinds=message');
    const owners = await listenAs(owner.token, `?kinds=message&topicId=${topicId}`);
    await publish(topicId, { type: 'hidden', data: { price: 200 } });
    await publish(topicId, { type: 'shown', data: { price: 99 } });
    await publish(topicId, { type: 'shown', data: { price: 200 }, audience: [world.stranger.id] });
    const seen = await publish(topicId, { type: 'shown', data: { price: 100 } });
    await eventually(() => expect(idsOf(side.events, 'message')).toEqual([seen]));
    await api.call('DELETE', grant, { token: owner.token });
    const between = await publish(topicId, { type: 'shown', data: { price: 300 } });
    await eventually(() => expect(idsOf(owners.events, 'message')).toContain(between));
    await put({});
    const last = await publish(topicId, { type: 'any', data: { price: 1 } });
    await eventually(() => expect(idsOf(side.events, 'message')).toEqual([seen, last]));
  });

  it('ends when the grant on its topic ends, and when its key or session does', async () => {
    const { api, owner, reader } = world;
    const topicId = await newTopic(api, owner.token);
    const grant = `/v1/topics/${topicId}/grants/${reader.id}`;
    await api.call('PUT', grant, { token: owner.token, body: {} });
    const ofTopic = await listenAs(reader.token, `?topicId=${topicId}`);
    const { body: key } = await api.call('POST', '/v1/api-keys', { token: owner.token, body: { name: 'k' } });
    const ofKey = await listenAs(key.key);
    const token = await owner.userToken('viewer');
    const ofSession = await listenAs(token);
    await api.call('DELETE', grant, { token: owner.token });
    await api.call('DELETE', `/v1/api-keys/${key.id}`, { token: owner.token });
    await api.call('DELETE', '/v1/auth/sessions', { token });
    await Promise.all([ofTopic.over, ofKey.over, ofSession.over]);
    expect(ofTopic.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'access-ended' } });
    expect(ofKey.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'signed-out' } });
    expect(ofSession.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'signed-out' } });
  });

  it('is of one subscription for both of its sides, and then has no messages', async () => {
    const { owner, reader, topicId } = world;
    const other = await newSubscription(world, topicId, reader.token);
    const sides = [
      await listenAs(owner.token, `?subscriptionId=${other}`),
      await listenAs(reader.token, `?subscriptionId=${other}`),
    ];
    const id = await publish(topicId, { type: 't', data: 1 });
    for (const side of sides) {
      await eventually(() => about(side.events, id).some(({ event }) => event === 'state'));
      for (const { data } of side.events) expect(data).toMatchObject({ subscriptionId: other });
      expect(idsOf(side.events, 'message')).toEqual([]);
    }
  });

  it('refuses what is not the caller’s, and what it does not know', async () => {
    const { api, owner, stranger, topicId, subscriptionId } = world;
    const ask = (query: string, token = stranger.token, headers = {}) =>
      api.call('GET', `/v1/stream${query}`, { token, headers });
    expect(await ask(`?topicId=${topicId}`)).toMatchObject({ status: 403 });
    const hidden = await newTopic(api, owner.token);
    expect(await ask(`?topicId=${hidden}`)).toMatchObject({ status: 404 });
    expect(await ask(`?subscriptionId=${subscriptionId}`)).toMatchObject({ status: 404 });
    for (const query of [
      '?kinds=secrets',
      '?kinds=',
      '?topicId=x',
      '?seconds=-1',
      '?more=1',
      '?kinds=message&kinds=state',
    ]) {
      expect(await ask(query), query).toMatchObject({ status: 422 });
    }
    for (const id of ['x', '1.2', '99999999999.0.0', "1.2.3'"]) {
      expect(await ask('', stranger.token, { 'last-event-id': id }), id).toMatchObject({ status: 422 });
    }
  });

  it.each([
    ['too old', '1000.1.0'],
    ['of the future', '4294967295.1.0'],
  ])('says that what happened is lost when the last event is %s, and goes on', async (_name, lastEventId) => {
    const { stranger } = world;
    const side = await listenAs(stranger.token, '', lastEventId);
    await eventually(() => side.events[0]?.event === 'lost');
    const own = await newTopic(world.api, stranger.token);
    const body = { type: 'own', data: 1 };
    const { body: mine } = await world.api.call('POST', `/v1/topics/${own}/messages`, {
      token: stranger.token,
      body,
    });
    await eventually(() => idsOf(side.events, 'message').includes(mine.id));
    await side.close();
  });

  it('lets a company have so many open, and no more until one is closed', async () => {
    const company = await world.api.createPartner();
    const ten: Listening[] = [];
    for (let n = 0; n < 10; n += 1) ten.push(await listenAs(company.token));
    expect(ten.map(({ status }) => status)).toEqual(Array(10).fill(200));
    const refused = await world.api.call('GET', '/v1/stream', { token: company.token });
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
    await ten[0]?.close();
    await eventually(async () => (await listenAs(company.token)).status === 200);
    await Promise.all(ten.map((one) => one.close()));
  });

  it('answers HEAD, ends after the time that was asked for, and takes no place then', async () => {
    const { api, owner } = world;
    for (let n = 0; n < 15; n += 1) {
      expect(await api.call('HEAD', '/v1/stream', { token: owner.token })).toMatchObject({
        status: 200,
        body: '',
      });
    }
    const timed = await listenAs(owner.token, '?seconds=0');
    await timed.over;
    expect(timed.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'time-over' } });
  });
});
