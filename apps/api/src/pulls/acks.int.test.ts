import { connectRedis } from '@anika/queue/redis';
import { connectPostgres } from '@anika/stores/postgres/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numbersOf, openPullers, type PulledItem, type Pullers } from '../testing/pullers.ts';

let world: Pullers;

beforeAll(async () => {
  world = await openPullers({ ANIKA_RETRY_SCHEDULE: '0s,1h,1h' });
});
afterAll(() => world.close());

/** A subscription with so many deliveries, and the first of them pulled. */
async function pulled(count = 1): Promise<{ id: string; topicId: string; item: PulledItem }> {
  const { subscribed, published, pull } = world;
  const { id, topicId } = await subscribed();
  await published(
    topicId,
    Array.from({ length: count }, (_, index) => ({ n: index + 1 })),
  );
  const [item] = await pull(id, { max: 1 });
  if (item === undefined) throw new Error('nothing was pulled');
  return { id, topicId, item };
}

describe('an acknowledgement', () => {
  it('counts once: of the same lease again nothing more comes, whatever it says', async () => {
    const { ack, pull, read } = world;
    const { id, item } = await pulled();
    expect(await ack(id, [item])).toEqual([200]);
    for (const outcome of ['done', 'retry', 'refuse', 'extend']) {
      expect(await ack(id, [item], { outcome })).toEqual([409]);
    }
    expect(await read(item.deliveryId)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    expect(await pull(id)).toEqual([]);
  });

  it('a hundred times for one delivery is one, also when all come at once', async () => {
    const { ack, read } = world;
    const { id, item } = await pulled();
    const statuses = await ack(id, Array<PulledItem>(100).fill(item));
    expect(statuses).toEqual([200, ...Array<number>(99).fill(409)]);
    expect((await read(item.deliveryId)).attempts).toHaveLength(1);
    const other = await pulled();
    const outcomes = ['done', 'retry', 'refuse', 'done', 'retry', 'refuse'];
    const answers = await Promise.all(outcomes.map((outcome) => ack(other.id, [other.item], { outcome })));
    expect(answers.flat().filter((status) => status === 200)).toHaveLength(1);
    expect((await read(other.item.deliveryId)).attempts).toHaveLength(1);
  });

  it('that refuses a delivery has its company told of a dead letter', async () => {
    const { ack, api } = world;
    const { id, item } = await pulled();
    expect(await ack(id, [item], { outcome: 'refuse' })).toEqual([200]);
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    const marked = await postgres.db.noticeMark.findUnique({ where: { subscriptionId: id } });
    await postgres.close();
    expect(marked?.deadSince).toBeInstanceOf(Date);
  });

  it('is judged item by item, and says in their order what came of each', async () => {
    const { post, pull } = world;
    const { id, item } = await pulled(3);
    const [second, third] = await pull(id);
    const done = { outcome: 'done' };
    const answer = await post(`/v1/subscriptions/${id}/ack`, {
      items: [
        { deliveryId: item.deliveryId, lease: 'guessed', ...done },
        { deliveryId: second?.deliveryId, lease: item.lease, ...done },
        { deliveryId: 'no id at all', lease: item.lease, ...done },
        { deliveryId: item.deliveryId, lease: item.lease, ...done },
        { deliveryId: third?.deliveryId, lease: third?.lease, outcome: 'retry', delaySeconds: 0 },
      ],
    });
    const late = { status: 409, code: 'lease-lapsed' };
    expect(answer).toMatchObject({
      status: 200,
      body: {
        items: [
          { deliveryId: item.deliveryId, ...late },
          { deliveryId: second?.deliveryId, ...late },
          { deliveryId: 'no id at all', ...late },
          { deliveryId: item.deliveryId, status: 200 },
          { deliveryId: third?.deliveryId, status: 200 },
        ],
      },
    });
    expect(numbersOf(await pull(id))).toEqual([3]); // the second is leased still
  });

  it("of another subscription's delivery, or another company's, is unknown there", async () => {
    const { ack, subscribed, read, parties, api } = world;
    const { item } = await pulled();
    const { id: own } = await subscribed();
    expect(await ack(own, [item])).toEqual([409]);
    const topicId = await parties.topic();
    await parties.grant(topicId, {}, parties.stranger);
    const body = { topicId, delivery: { type: 'pull' } };
    const theirs = await api.call('POST', '/v1/subscriptions', { token: parties.stranger.token, body });
    const { deliveryId, lease } = item;
    const answer = await api.call('POST', `/v1/subscriptions/${theirs.body.id}/ack`, {
      token: parties.stranger.token,
      body: { items: [{ deliveryId, lease, outcome: 'done' }] },
    });
    expect(answer.body.items).toEqual([{ deliveryId, status: 409, code: 'lease-lapsed' }]);
    expect(await read(deliveryId)).toMatchObject({ state: 'retrying' });
  });

  it('names no more than a hundred, each with an outcome that there is', async () => {
    const { post } = world;
    const { id, item } = await pulled();
    const { deliveryId, lease } = item;
    const good = { deliveryId, lease, outcome: 'done' };
    for (const items of [
      [],
      Array(101).fill(good),
      [{ ...good, outcome: 'lost' }],
      [{ ...good, delaySeconds: -1 }],
      [{ ...good, leaseSeconds: 601 }],
      [{ deliveryId, outcome: 'done' }],
    ]) {
      expect(await post(`/v1/subscriptions/${id}/ack`, { items })).toMatchObject({ status: 422 });
    }
  });
});

describe('what is not acknowledged', () => {
  it('is nobody else’s while the lease lasts, then comes again in its order, as the next attempt', async () => {
    const { ack, lapse, pull, read } = world;
    const { id, item } = await pulled(3);
    expect(numbersOf(await pull(id, { max: 1 }))).toEqual([2]);
    await lapse(id);
    const again = await pull(id);
    expect(numbersOf(again)).toEqual([1, 2, 3]);
    expect(again.map(({ attempt }) => attempt)).toEqual([2, 2, 1]);
    expect(again[0]?.headers['anika-attempt']).toBe('2');
    expect(again[0]?.headers['webhook-id']).toBe(item.headers['webhook-id']);
    expect(await ack(id, [item])).toEqual([409]);
    expect(await read(item.deliveryId)).toMatchObject({
      state: 'retrying',
      attemptCount: 1,
      attempts: [{ n: 1, status: null, errorClass: 'lease-lapsed' }],
    });
  });

  it('is dead when its attempts are used up, and starts anew when it is retried', async () => {
    const { lapse, post, pull, read } = world;
    const { id, item } = await pulled();
    for (const attempt of [2, 3]) {
      await lapse(id);
      expect(await pull(id)).toMatchObject([{ attempt }]);
    }
    await lapse(id);
    expect(await pull(id)).toEqual([]);
    expect(await read(item.deliveryId)).toMatchObject({
      state: 'dead',
      reason: 'attempts-exhausted',
      attempts: [{ n: 1 }, { n: 2 }, { n: 3, errorClass: 'lease-lapsed' }],
    });
    expect(await post(`/v1/subscriptions/${id}/redrive`)).toMatchObject({ body: { redriven: 1 } });
    expect(await pull(id)).toMatchObject([{ deliveryId: item.deliveryId, attempt: 1 }]);
  });
});

describe('outcomes', () => {
  it('retry: comes again after the delay, or by the schedule, as the next attempt', async () => {
    const { ack, mongo, pull, read } = world;
    const { id, item } = await pulled();
    expect(await ack(id, [item], { outcome: 'retry', delaySeconds: 0 })).toEqual([200]);
    const [again] = await pull(id);
    expect(again).toMatchObject({ deliveryId: item.deliveryId, attempt: 2 });
    expect(again?.lease).not.toBe(item.lease);
    if (again === undefined) return;
    const before = Date.now();
    expect(await ack(id, [again], { outcome: 'retry' })).toEqual([200]);
    expect(await pull(id)).toEqual([]);
    const { nextAttemptAt, attempts, state } = await read(item.deliveryId);
    const delayMs = Date.parse(nextAttemptAt) - before;
    expect(delayMs).toBeGreaterThan(0.8 * 3_600_000 - 1000);
    expect(delayMs).toBeLessThan(1.2 * 3_600_000 + 5000);
    expect([state, attempts[1]]).toEqual([
      'retrying',
      expect.objectContaining({ n: 2, errorClass: 'reader-retry' }),
    ]);
    await mongo.deliveries.updateOne(
      { _id: item.deliveryId as never },
      { $set: { nextAttemptAt: new Date() } },
    );
    const [third] = await pull(id);
    if (third === undefined) throw new Error('it does not come');
    expect(await ack(id, [third], { outcome: 'retry', delaySeconds: 0 })).toEqual([200]);
    expect(await read(item.deliveryId)).toMatchObject({ state: 'dead', reason: 'attempts-exhausted' });
  });

  it('refuse: dead at once', async () => {
    const { ack, pull, read } = world;
    const { id, item } = await pulled();
    expect(await ack(id, [item], { outcome: 'refuse' })).toEqual([200]);
    expect(await read(item.deliveryId)).toMatchObject({
      state: 'dead',
      reason: 'refused',
      attempts: [{ n: 1, errorClass: 'reader-refused' }],
    });
    expect(await pull(id)).toEqual([]);
  });

  it('extend: the lease lasts longer and stays the same one', async () => {
    const { ack, pull, read } = world;
    const { id, item } = await pulled();
    const before = Date.now();
    expect(await ack(id, [item], { outcome: 'extend', leaseSeconds: 600 })).toEqual([200]);
    const { nextAttemptAt, attempts } = await read(item.deliveryId);
    expect(Date.parse(nextAttemptAt)).toBeGreaterThanOrEqual(before + 600_000);
    expect(attempts).toEqual([]);
    expect(await pull(id)).toEqual([]);
    expect(await ack(id, [item])).toEqual([200]);
  });
});

describe('beside what else happens to a delivery', () => {
  it('one that was cancelled while it was leased is delivered all the same when its puller says so', async () => {
    const { ack, parties, read } = world;
    const { id, topicId, item } = await pulled();
    await parties.revoke(topicId);
    expect(await read(item.deliveryId)).toMatchObject({ state: 'cancelled' });
    expect(await ack(id, [item])).toEqual([200]);
    expect(await read(item.deliveryId)).toMatchObject({ state: 'delivered', attemptCount: 1 });
    const other = await pulled();
    await parties.revoke(other.topicId);
    expect(await ack(other.id, [other.item], { outcome: 'extend' })).toEqual([409]);
    expect(await ack(other.id, [other.item], { outcome: 'retry' })).toEqual([200]);
    expect(await read(other.item.deliveryId)).toMatchObject({ state: 'cancelled', attempts: [{ n: 1 }] });
  });

  it('one that is leased is not given to another one by a pause and a resume', async () => {
    const { ack, post, pull } = world;
    const { id, item } = await pulled(2);
    await post(`/v1/subscriptions/${id}/pause`);
    expect(await pull(id)).toEqual([]);
    await post(`/v1/subscriptions/${id}/resume`);
    expect(numbersOf(await pull(id))).toEqual([2]);
    expect(await ack(id, [item])).toEqual([200]);
  });

  it('one that is leased is not started again; a delivered one is, when that is asked for', async () => {
    const { ack, post, pull } = world;
    const { id, item } = await pulled();
    expect(await post(`/v1/deliveries/${item.deliveryId}/retry`)).toMatchObject({ status: 409 });
    await ack(id, [item]);
    expect(await post(`/v1/deliveries/${item.deliveryId}/resend`)).toMatchObject({ status: 202 });
    const [again] = await pull(id);
    expect(again).toMatchObject({ deliveryId: item.deliveryId, attempt: 1 });
    expect(again?.headers['webhook-id']).toBe(item.headers['webhook-id']);
  });

  it('nothing of it is for the sweep or has a job', async () => {
    const { ack, api, lapse, mongo, post, pull } = world;
    const { id, item } = await pulled(3);
    await ack(id, [item], { outcome: 'refuse' });
    await post(`/v1/deliveries/${item.deliveryId}/retry`);
    await lapse(id);
    await pull(id, { max: 1 });
    expect(
      await mongo.deliveries.countDocuments({ subscriptionId: id as never, sweepAt: { $exists: true } }),
    ).toBe(0);
    const redis = connectRedis({ url: api.databases.redisUrl, role: 'worker' });
    const jobs = await redis.keys(`${api.databases.queuePrefix}:deliver:dlv_*`);
    redis.disconnect();
    expect(jobs).toEqual([]);
  });
});
