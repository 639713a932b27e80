import { randomBytes } from 'node:crypto';
import type { DeliveryId, PartnerId, SubscriptionId } from '@anika/core/ids';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLanes, type Lanes } from './lanes.ts';
import { connectRedis } from './redis.ts';

let databases: TestDatabases;
let redis: Redis;
let other: Redis;
/** Those of two dispatchers. */
let lanes: Lanes;
let others: Lanes;

beforeAll(async () => {
  databases = await createTestDatabases();
  redis = connectRedis({ url: databases.redisUrl, role: 'worker' });
  other = connectRedis({ url: databases.redisUrl, role: 'worker' });
  lanes = createLanes({ redis, prefix: databases.queuePrefix });
  others = createLanes({ redis: other, prefix: databases.queuePrefix });
});

afterAll(async () => {
  redis.disconnect();
  other.disconnect();
  await databases.drop();
});

const T0 = 1_800_000_000_000;
const SECOND = { nowMs: T0, ttlMs: 10_000 };
const ENDS = { load: 'unknown', concurrency: 2, goesOn: false } as const;
const GOES_ON = { ...ENDS, goesOn: true };
const hex = (bytes: number) => randomBytes(bytes).toString('hex');

function newLane(partnerId = `par_${hex(13)}` as PartnerId) {
  const subscriptionId = `sub_${hex(13)}` as SubscriptionId;
  const places = Array.from({ length: 110 }, () => ({
    subscriptionId,
    partnerId,
    deliveryId: `dlv_${hex(21)}` as DeliveryId,
    generation: 1,
  }));
  const limits = { concurrency: 2, ratePerSecond: undefined };
  const enter = (
    n: number,
    options: { by?: Lanes; atMs?: number; order?: number; ratePerSecond?: number } = {},
  ) =>
    (options.by ?? lanes).enter(
      placeAt(n),
      { ...limits, ratePerSecond: options.ratePerSecond },
      { nowMs: options.atMs ?? T0, ttlMs: 10_000, order: T0 + (options.order ?? n) },
    );
  function placeAt(n: number) {
    const place = places[n];
    if (place === undefined) throw new Error(`the lane has no delivery ${n}`);
    return place;
  }
  const idsOf = (jobs: readonly { deliveryId: DeliveryId }[]) => jobs.map((job) => job.deliveryId);
  return { subscriptionId, enter, placeAt, idsOf, id: (n: number) => placeAt(n).deliveryId };
}

describe('a lane', () => {
  it('lets in as many as its width, whoever asks, also when all ask at once', async () => {
    const { enter } = newLane();
    const entries = await Promise.all(
      Array.from({ length: 20 }, (_, n) => enter(n, { by: n % 2 === 0 ? lanes : others })),
    );
    expect(entries.filter(({ kind }) => kind === 'go')).toHaveLength(2);
    expect(entries.filter(({ kind }) => kind === 'parked')).toHaveLength(18);
  });

  it.each([
    ['the one after', 1, 2],
    ['the one before', 2, 1],
    ['one long after', 1, 4],
  ])('lets a delivery in under one generation at a time: %s waits', async (_, first, second) => {
    const { placeAt, id, subscriptionId } = newLane();
    const by = (generation: number) => ({ ...placeAt(0), generation });
    const limits = { concurrency: 2, ratePerSecond: undefined };
    const isUnderWay = () => others.isUnderWay({ subscriptionId, deliveryId: id(0) }, T0);
    expect(await isUnderWay()).toBe(false);
    expect(await lanes.enter(by(first), limits, { ...SECOND, order: T0 })).toMatchObject({ kind: 'go' });
    expect(await isUnderWay()).toBe(true);
    expect(await others.enter(by(second), limits, { ...SECOND, order: T0 })).toMatchObject({ kind: 'taken' });
    expect(await others.enter(placeAt(1), limits, { ...SECOND, order: T0 })).toMatchObject({ kind: 'go' });
    await lanes.leave(by(first), ENDS, SECOND);
    expect(await isUnderWay()).toBe(false);
    expect(await others.enter(by(second), limits, { ...SECOND, order: T0 })).toMatchObject({ kind: 'go' });
  });

  it('hands no place on to a delivery whose other request is under way', async () => {
    const { enter, placeAt, idsOf, id } = newLane();
    await enter(0);
    await enter(1);
    const again = { ...placeAt(2), generation: 2 };
    const limits = { concurrency: 2, ratePerSecond: undefined };
    await lanes.enter(again, limits, { ...SECOND, order: T0 + 1 });
    await enter(2);
    await enter(3);
    expect(await lanes.leave(placeAt(0), GOES_ON, SECOND)).toMatchObject([{ deliveryId: id(2), g: 2 }]);
    expect(idsOf(await lanes.leave(placeAt(1), GOES_ON, SECOND))).not.toContain(id(2));
    const left = await lanes.leave(again, ENDS, SECOND);
    expect(idsOf(left).sort()).toEqual([id(2), id(3)].sort());
  });

  it('gives one company its share over all its lanes, whoever asks, and others theirs', async () => {
    const shares = { ofCompany: () => ({ share: 3, spare: 0 }), called: () => undefined };
    const by = (redis: Redis) => createLanes({ redis, prefix: databases.queuePrefix, shares });
    const [one, another] = [by(redis), by(other)];
    const company = `par_${hex(13)}` as PartnerId;
    const theirs = [newLane(company), newLane(company), newLane(company)];
    const kinds = async (lane: ReturnType<typeof newLane>, n: number, by: Lanes) =>
      (await lane.enter(n, { by })).kind;
    const entered = [];
    for (const [n, lane] of [...theirs, ...theirs].entries()) {
      entered.push(await kinds(lane, n, n % 2 === 0 ? one : another));
    }
    expect(entered).toEqual(['go', 'go', 'go', 'parked', 'parked', 'parked']);
    expect(await kinds(newLane(), 0, one)).toBe('go');

    // A place that is given back is the company's again, for whichever of its lanes asks first.
    const [first] = theirs;
    if (first === undefined) throw new Error('no lane');
    const turns = await one.leave(first.placeAt(0), { ...ENDS, goesOn: false }, SECOND);
    expect(first.idsOf(turns)).toEqual([first.id(3)]);
    const woken = async (atMs: number) => {
      const jobs = await another.wake({ nowMs: atMs, ttlMs: 10_000 });
      return jobs.filter((job) => theirs.some(({ subscriptionId }) => subscriptionId === job.subscriptionId));
    };
    expect(await woken(T0 + 1000)).toEqual([]);
    // Places whose holders died lapse.
    expect(await woken(T0 + 11_000)).toHaveLength(2);
  });

  it('hands a place of a company on to the lane of its that waits longest for its share', async () => {
    const shares = { ofCompany: () => ({ share: 2, spare: 0 }), called: () => undefined };
    const by = createLanes({ redis, prefix: databases.queuePrefix, shares });
    const company = `par_${hex(13)}` as PartnerId;
    const [one, two, three] = [newLane(company), newLane(company), newLane(company)];
    const kinds = [];
    for (const [at, lane] of [one, two, two, three].entries()) {
      kinds.push(await lane.enter(at, { by, atMs: T0 + at }));
    }
    expect(kinds).toEqual([
      { kind: 'go', isAlone: true },
      { kind: 'go', isAlone: true },
      { kind: 'parked' },
      { kind: 'parked' },
    ]);
    const leave = (lane: typeof one, n: number) =>
      by.leave(lane.placeAt(n), { ...GOES_ON, concurrency: 2 }, { ...SECOND, nowMs: T0 + 10 });
    // No endpoint of the first lane waits: its place goes to another lane of the company.
    expect(await leave(one, 0)).toMatchObject([
      { subscriptionId: two.subscriptionId, deliveryId: two.id(2) },
    ]);
    expect(await leave(two, 1)).toMatchObject([
      { subscriptionId: three.subscriptionId, deliveryId: three.id(3) },
    ]);
    expect(await leave(two, 2)).toEqual([]);
  });

  it('calls of those that wait no more than there is to spare, over all lanes of one call', async () => {
    let spare = 0;
    let called = 0;
    const shares = {
      ofCompany: () => ({ share: 1, spare }),
      called: (count: number) => {
        called += count;
      },
    };
    const by = createLanes({ redis, prefix: databases.queuePrefix, shares });
    const company = `par_${hex(13)}` as PartnerId;
    const theirs = [newLane(company), newLane(company), newLane(company)];
    for (const lane of theirs) for (const n of [0, 1]) await lane.enter(n, { by });
    const woken = async (atMs: number) => {
      const jobs = await by.wake({ nowMs: atMs, ttlMs: 10_000 });
      return jobs.filter((job) => theirs.some(({ subscriptionId }) => subscriptionId === job.subscriptionId));
    };
    expect(await woken(T0 + 1000)).toHaveLength(0);
    spare = 2;
    expect(await woken(T0 + 2000)).toHaveLength(2);
    expect(called).toBeGreaterThanOrEqual(2);
  });

  it('lets a company have what nobody else needs', async () => {
    const company = `par_${hex(13)}` as PartnerId;
    const entries = await Promise.all(Array.from({ length: 6 }, () => newLane(company).enter(0)));
    expect(entries.map(({ kind }) => kind)).toEqual(Array(6).fill('go'));
  });

  it('lets a delivery wait without a job where so many wait, and nowhere else', async () => {
    const { enter, placeAt, idsOf, id } = newLane();
    const park = (n: number) => lanes.park(placeAt(n), { order: T0 + n, least: 2 });
    for (const n of [0, 1, 2]) await enter(n);
    expect(await park(4)).toBe(false);
    await enter(3);
    expect([await park(4), await park(5), await park(5)]).toEqual([true, true, true]);
    const turns: DeliveryId[] = [];
    for (const n of [0, 1, 2, 3, 4]) turns.push(...idsOf(await lanes.leave(placeAt(n), GOES_ON, SECOND)));
    expect(turns).toEqual([2, 3, 4, 5].map(id));
  });

  it('answers many lanes in one call, each for itself', async () => {
    const three = [newLane(), newLane(), newLane()];
    const entries = await Promise.all(three.flatMap((lane) => [lane.enter(0), lane.enter(1), lane.enter(2)]));
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds).toEqual(['go', 'go', 'parked', 'go', 'go', 'parked', 'go', 'go', 'parked']);
  });

  it('gives a place that is left to the one that waits longest, and keeps it for it', async () => {
    const { enter, placeAt, idsOf, id } = newLane();
    await enter(0);
    await enter(1);
    await enter(3, { order: 30 });
    await enter(2, { order: 20 });
    expect(idsOf(await others.leave(placeAt(0), ENDS, SECOND))).toEqual([id(2)]);
    expect((await enter(4)).kind).toBe('parked');
    expect((await enter(2)).kind).toBe('go');
  });

  it('gives every other turn to the newest while the oldest have waited for more than half a minute', async () => {
    const { enter, placeAt, idsOf, id } = newLane();
    await enter(0);
    await enter(1);
    for (const n of [2, 3, 4]) await enter(n, { order: n - 60_000 });
    for (const n of [5, 6]) await enter(n, { order: n });
    const turns: string[] = [];
    for (const n of [0, 2, 6, 3]) {
      const [next] = idsOf(await lanes.leave(placeAt(n), GOES_ON, SECOND));
      turns.push(next ?? 'nobody');
    }
    expect(turns).toEqual([2, 6, 3, 5].map(id));
  });

  it('gives no turn to what is to go last while anybody else waits, however long they have waited', async () => {
    const { enter, placeAt, idsOf, id } = newLane();
    await enter(0);
    await enter(1);
    await enter(4, { order: 30 * 365 * 86_400_000 });
    for (const n of [2, 3, 5]) await enter(n, { order: n * 1000 - 60_000 });
    const turns: string[] = [];
    for (const n of [0, 5, 2, 3]) {
      const [next] = idsOf(await lanes.leave(placeAt(n), GOES_ON, SECOND));
      turns.push(next ?? 'nobody');
    }
    expect(turns).toEqual([5, 2, 3, 4].map(id));
  });

  it('hands the first place on to the caller who goes on', async () => {
    const { enter, placeAt, idsOf, id } = newLane();
    await enter(0);
    await enter(1);
    await enter(2);
    expect(idsOf(await lanes.leave(placeAt(0), GOES_ON, SECOND))).toEqual([id(2)]);
    expect(await enter(2)).toMatchObject({ kind: 'taken' });
  });

  it('refuses the very delivery that is being sent, and says until when', async () => {
    const { enter } = newLane();
    await enter(0);
    expect(await enter(0, { by: others })).toEqual({ kind: 'taken', untilMs: T0 + 10_000 });
  });

  it('takes back the place of a holder that died, once it has lapsed', async () => {
    const { enter, idsOf, id } = newLane();
    await enter(0);
    await enter(1);
    await enter(2);
    expect(idsOf(await lanes.wake({ nowMs: T0 + 900, ttlMs: 10_000 }))).not.toContain(id(2));
    expect(idsOf(await lanes.wake({ nowMs: T0 + 10_001, ttlMs: 10_000 }))).toContain(id(2));
  });

  it('spreads requests over the second at a rate limit', async () => {
    const { enter, placeAt } = newLane();
    let gone = 0;
    for (let ms = 0; ms <= 2000; ms += 50) {
      if (gone < 29 && (await enter(gone, { atMs: T0 + ms, ratePerSecond: 10 })).kind === 'go') {
        await lanes.leave(placeAt(gone), ENDS, { nowMs: T0 + ms, ttlMs: 10_000 });
        gone += 1;
      }
    }
    expect(gone).toBeGreaterThanOrEqual(19);
    expect(gone).toBeLessThanOrEqual(22);
  });

  it('goes one by one, those that waited longest first, and then as wide as before', async () => {
    const { subscriptionId, enter, placeAt, idsOf, id } = newLane();
    await lanes.goOneByOne(subscriptionId, 3);
    for (const n of [2, 0, 1]) expect((await enter(n)).kind).toBe('parked');
    expect(idsOf(await lanes.wake({ nowMs: T0 + 101, ttlMs: 10_000 }))).toContain(id(0));
    await enter(0);
    expect(idsOf(await lanes.leave(placeAt(0), GOES_ON, SECOND))).toEqual([id(1)]);
    expect(idsOf(await lanes.leave(placeAt(1), GOES_ON, SECOND))).toEqual([id(2)]);
    await lanes.leave(placeAt(2), ENDS, SECOND);
    expect([await enter(3), await enter(4)].map(({ kind }) => kind)).toEqual(['go', 'go']);
  });

  it('gets narrower while its endpoint is strained, never below one, and as wide as before when it is fine', async () => {
    const concurrency = 8;
    const { placeAt, subscriptionId } = newLane();
    const enter = (n: number) =>
      lanes.enter(placeAt(n), { concurrency, ratePerSecond: undefined }, { ...SECOND, order: T0 + n });
    const leave = (n: number, load: 'fine' | 'strained') =>
      lanes.leave(placeAt(n), { load, concurrency, goesOn: false }, SECOND);
    async function widthNow(): Promise<number> {
      const numbers = Array.from({ length: concurrency }, (_, n) => n);
      const entries = await Promise.all(numbers.map(enter));
      // Out of the lane again, and of those that wait.
      await redis.del(...['a', 'p'].map((key) => `${databases.queuePrefix}:lane:${subscriptionId}:${key}`));
      return entries.filter(({ kind }) => kind === 'go').length;
    }
    expect(await widthNow()).toBe(8);
    await Promise.all([leave(0, 'strained'), leave(1, 'strained')]);
    expect(await widthNow()).toBe(4); // both within a second: once
    for (const expected of [2, 1, 1]) {
      await redis.del(`${databases.queuePrefix}:lane:${subscriptionId}:x`); // a second later
      await leave(0, 'strained');
      expect(await widthNow()).toBe(expected);
    }
    for (let n = 0; n < 60; n += 1) await leave(0, 'fine');
    expect(await widthNow()).toBe(8);
  });

  it('begins with 32 at once where more are allowed, doubles while all goes well, and gropes after it was strained', async () => {
    const concurrency = 100;
    const { placeAt, subscriptionId } = newLane();
    const key = (name: string) => `${databases.queuePrefix}:lane:${subscriptionId}:${name}`;
    const leave = (n: number, load: 'fine' | 'strained') =>
      lanes.leave(placeAt(n), { load, concurrency, goesOn: false }, SECOND);
    async function widthNow(): Promise<number> {
      const entries = await Promise.all(
        Array.from({ length: concurrency + 1 }, (_, n) =>
          lanes.enter(placeAt(n), { concurrency, ratePerSecond: undefined }, { ...SECOND, order: T0 + n }),
        ),
      );
      await redis.del(key('a'), key('p'));
      return entries.filter(({ kind }) => kind === 'go').length;
    }
    async function round(): Promise<void> {
      const width = await widthNow();
      for (let n = 0; n < width; n += 1) await leave(n, 'fine');
    }
    expect(await widthNow()).toBe(32);
    await round();
    expect(await widthNow()).toBe(64);
    await round();
    expect(await widthNow()).toBe(100);
    await leave(0, 'strained');
    expect(await widthNow()).toBe(50);
    await round();
    expect(await widthNow()).toBe(50);
    await leave(0, 'fine');
    expect(await widthNow()).toBe(51);
  });

  it('whose subscription is no more forgets who waits, and keeps no place of its company', async () => {
    const { enter, placeAt, idsOf, id, subscriptionId } = newLane();
    const key = (name: string) => `${databases.queuePrefix}:lane:${name}`;
    await Promise.all(Array.from({ length: 110 }, (_, n) => enter(n)));
    const kept = await lanes.leave(placeAt(0), ENDS, SECOND); // the endpoint's last answer
    expect(idsOf(kept)).toEqual([id(2)]);
    await lanes.close(placeAt(2));
    expect(await redis.zcard(key(`${subscriptionId}:p`))).toBe(0);
    await lanes.close(placeAt(1));
    expect(await redis.zcard(key(placeAt(0).partnerId))).toBe(0);
    const woken = await lanes.wake({ ...SECOND, nowMs: T0 + 60_000 });
    expect(woken.filter((job) => job.subscriptionId === subscriptionId)).toEqual([]);
  });
});
