import type { Attempt } from '@anika/core/delivery/delivery';
import { deliveryId, type PartnerId, type SubscriptionId, type TopicId } from '@anika/core/ids';
import { floorTo, STEP_MS, type StatScope, type Step, toColumns } from '@anika/core/stats/figures';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { createStatSources } from '@anika/stores/mongo/stat-sources';
import { createStatStore } from '@anika/stores/mongo/stats';
import { id, openTestMongo, type TestMongo } from '@anika/stores/mongo/test-mongo';
import type { StatSubject } from '@anika/stores/postgres/stat-subjects';
import { recordIn } from '@anika/testkit/delivery-records';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCountFigures } from './count-figures.ts';
import { createRollUp } from './roll-up.ts';

const MINUTE = STEP_MS.minute;
const HOUR = STEP_MS.hour;
const DAY = STEP_MS.day;
/** A day that has ended when the figures are counted. */
const YESTERDAY = floorTo('day', Date.now()) - DAY;

let test: TestMongo;
beforeEach(async () => {
  test = await openTestMongo();
});
afterEach(() => test.close());

/** A topic with readers, whose clock is ours. */
function createWorld() {
  const { mongo } = test;
  const messages = createMessageStore(mongo);
  const deliveries = createDeliveryStore(mongo, { graceMs: 1000 });
  const store = createStatStore(mongo);
  const sources = createStatSources(mongo);
  const topicId: TopicId = id('top');
  const ownerId: PartnerId = id('par');
  const subjects: StatSubject[] = [];
  let nowMs = YESTERDAY + DAY + HOUR;

  function reader(partnerId: PartnerId = id('par')): StatSubject {
    const subject = { subscriptionId: id('sub'), topicId, ownerId, partnerId };
    subjects.push(subject);
    return subject;
  }

  async function publish(acceptedAtMs: number) {
    const message = {
      id: id('msg', acceptedAtMs),
      topicId,
      ownerId,
      type: 't',
      key: undefined,
      dataText: '1',
      data: 1,
      acceptedAtMs,
      audience: undefined,
      fingerprint: undefined,
    };
    await messages.insert([message]);
    return message;
  }

  async function deliver(
    message: Awaited<ReturnType<typeof publish>>,
    to: StatSubject,
    createdAtMs = message.acceptedAtMs,
  ) {
    const delivery = {
      ...to,
      id: deliveryId(message.id, Buffer.from(to.subscriptionId.slice(-10))),
      messageId: message.id,
      type: 't',
      acceptedAtMs: message.acceptedAtMs,
      createdAtMs,
      state: 'pending' as const,
    };
    await deliveries.insert([delivery]);
    return delivery.id;
  }

  const attempt = (n: number, endedAtMs: number, status: number): Attempt => ({
    n,
    atMs: endedAtMs - 20,
    durationMs: 20,
    status,
    errorClass: undefined,
    errorMessage: undefined,
    responseStart: undefined,
    bodyHash: '',
    signature: `${endedAtMs}`,
  });

  const count = createCountFigures({
    ...sources,
    topics: async () => new Map([[topicId, ownerId]]),
    subscriptionsOf: async () => subjects,
  });
  const rollUp = (holder = 'one', over: object = {}) =>
    createRollUp({
      ...sources,
      store: { ...store, ...over },
      count,
      pairsOf: async () => subjects,
      holder,
      leaseMs: 10_000,
      clock: { now: () => nowMs },
    })();

  return {
    topicId,
    ownerId,
    reader,
    publish,
    deliver,
    deliveries,
    messages,
    store,
    attempt,
    rollUp,
    setNow: (ms: number) => {
      nowMs = ms;
    },
    async columns(scope: StatScope, fromMs: number, toMs: number, step: Step) {
      return toColumns(await store.read(scope, { fromMs, toMs }, step), { fromMs, toMs, step });
    },
  };
}

type TestWorld = ReturnType<typeof createWorld>;

const sum = (column: readonly number[]) => column.reduce((a, b) => a + b, 0);

/** Messages over a day, for two readers, one of which has two subscriptions; each tenth dies after two failures. */
async function aDay(world: TestWorld, messages = 40) {
  const one = world.reader();
  const two = world.reader();
  const twice = world.reader(two.partnerId);
  let failed = 0;
  for (let n = 0; n < messages; n += 1) {
    const at = YESTERDAY + 5000 + Math.floor((n * (DAY - HOUR)) / messages);
    const message = await world.publish(at);
    for (const subject of [one, two, twice]) {
      const delivery = await world.deliver(message, subject);
      const dies = n % 10 === 0;
      if (dies) {
        await world.deliveries.record([
          recordIn(delivery, 'retrying', { attempt: world.attempt(1, at + 1000, 500) }),
        ]);
        await world.deliveries.record([
          recordIn(delivery, 'dead', {
            attempt: world.attempt(2, at + 10 * MINUTE, 503),
            finishedAtMs: at + 10 * MINUTE,
          }),
        ]);
        failed += 2;
      } else {
        const endedAtMs = at + 100 + n;
        await world.deliveries.record([
          recordIn(delivery, 'delivered', {
            attempt: world.attempt(1, endedAtMs, 204),
            finishedAtMs: endedAtMs,
          }),
        ]);
      }
    }
  }
  return { one, two, twice, failed };
}

describe('the figures', () => {
  it('of a closed day are what the receipts of that day say, for a topic, a pair and a subscription', async () => {
    const world = createWorld();
    const { one, two, twice, failed } = await aDay(world);
    await world.rollUp();
    const { topicId } = world;
    const span = { fromMs: YESTERDAY, toMs: YESTERDAY + DAY };
    const cases: [StatScope, SubscriptionId[]][] = [
      [{ kind: 'topic', topicId }, [one, two, twice].map((subject) => subject.subscriptionId)],
      [{ kind: 'pair', topicId, partnerId: one.partnerId }, [one.subscriptionId]],
      [{ kind: 'pair', topicId, partnerId: two.partnerId }, [two.subscriptionId, twice.subscriptionId]],
      [{ kind: 'subscription', subscriptionId: twice.subscriptionId }, [twice.subscriptionId]],
    ];
    for (const [scope, subscriptionIds] of cases) {
      const receipts = await world.deliveries.receiptFigures({ subscriptionIds, topicId, ...span });
      for (const step of ['minute', 'hour', 'day'] as const) {
        const columns = await world.columns(scope, span.fromMs, span.toMs, step);
        expect(columns.t).toHaveLength(DAY / STEP_MS[step]);
        expect(sum(columns.accepted), `${scope.kind} ${step}`).toBe(receipts.messages);
        expect(sum(columns.delivered)).toBe(receipts.counts.delivered);
        expect(sum(columns.dead)).toBe(receipts.counts.dead);
      }
      const [p50] = (await world.columns(scope, span.fromMs, span.toMs, 'day')).p50;
      expect(Math.abs((p50 ?? 0) - (receipts.medianMs ?? 0))).toBeLessThanOrEqual(
        0.05 * (receipts.medianMs ?? 0) + 1,
      );
    }
    const all = await world.columns({ kind: 'installation' }, span.fromMs, span.toMs, 'day');
    expect(all).toMatchObject({ accepted: [40], delivered: [108], dead: [12], failed: [failed] });
  });

  it('are the same however often and by whomever they are counted, and wherever a count was broken off', async () => {
    const world = createWorld();
    const { two } = await aDay(world, 20);
    const scopes: StatScope[] = [
      { kind: 'installation' },
      { kind: 'pair', topicId: world.topicId, partnerId: two.partnerId },
    ];
    const read = async () =>
      Promise.all(
        scopes.flatMap((scope) =>
          (['hour', 'day'] as const).map((step) =>
            world.columns(scope, YESTERDAY, YESTERDAY + DAY + HOUR, step),
          ),
        ),
      );
    // Dies in each of its writes in turn, at the first, the second, the third time it comes there.
    for (const method of ['replace', 'lateMarks', 'close'] as const) {
      for (let calls = 0; calls < 3; calls += 1) {
        let left = calls;
        const dies = async (...args: unknown[]) => {
          if (left === 0) throw new Error('killed');
          left -= 1;
          return Reflect.apply(world.store[method], undefined, args);
        };
        await world.rollUp('one', { [method]: dies }).catch(() => undefined);
      }
    }
    await world.rollUp();
    const first = await read();
    await world.rollUp();
    await Promise.all([world.rollUp(), world.rollUp()]);
    expect(await read()).toEqual(first);
    expect(sum(first[1]?.accepted ?? [])).toBe(20);
  });

  it('are counted by one at a time, and by another when that one is silent', async () => {
    const world = createWorld();
    const now = YESTERDAY + DAY + HOUR;
    await world.rollUp('one');
    await world.publish(now);
    await world.rollUp('two');
    const minute = () => world.columns({ kind: 'installation' }, now, now + MINUTE, 'minute');
    expect((await minute()).accepted).toEqual([0]);
    world.setNow(now + 11_000);
    await world.rollUp('two');
    expect((await minute()).accepted).toEqual([1]);
  });

  it('have what ends late in the minute of its ending', async () => {
    const world = createWorld();
    const subject = world.reader();
    const start = YESTERDAY + DAY;
    world.setNow(start + 10 * MINUTE);
    const delivery = await world.deliver(await world.publish(start), subject);
    await world.deliveries.record([
      recordIn(delivery, 'retrying', { attempt: world.attempt(1, start + 3 * MINUTE, 500) }),
    ]);
    await world.rollUp();
    const endedAtMs = start + HOUR + 5 * MINUTE;
    await world.deliveries.record([
      recordIn(delivery, 'delivered', { attempt: world.attempt(2, endedAtMs, 200), finishedAtMs: endedAtMs }),
    ]);
    world.setNow(start + HOUR + 6 * MINUTE);
    await world.rollUp();
    const scope: StatScope = { kind: 'subscription', subscriptionId: subject.subscriptionId };
    const hours = await world.columns(scope, start, start + 2 * HOUR, 'hour');
    expect(hours).toMatchObject({ accepted: [1, 0], failed: [1, 0], delivered: [0, 1] });
    const minutes = await world.columns(scope, endedAtMs, endedAtMs + MINUTE, 'minute');
    expect(minutes.delivered).toEqual([1]);
    expect(minutes.p50[0]).toBeGreaterThan(HOUR);
  });

  it('of a reader grow in the past when deliveries of the past are made, as its receipts do', async () => {
    const world = createWorld();
    const [subject, other] = [world.reader(), world.reader()];
    const at = YESTERDAY + 7 * HOUR;
    const messages = [await world.publish(at), await world.publish(at + 1)];
    const [first] = messages;
    if (first !== undefined) await world.deliver(first, other);
    await world.rollUp();
    const scopes: StatScope[] = [
      { kind: 'subscription', subscriptionId: subject.subscriptionId },
      { kind: 'pair', topicId: world.topicId, partnerId: subject.partnerId },
    ];
    const accepted = async (step: Step) =>
      Promise.all(
        scopes.map(async (scope) =>
          sum((await world.columns(scope, YESTERDAY, YESTERDAY + DAY, step)).accepted),
        ),
      );
    expect(await accepted('day')).toEqual([0, 0]);
    for (const message of messages) await world.deliver(message, subject, YESTERDAY + DAY + HOUR);
    world.setNow(Date.now() + 2 * MINUTE);
    await world.rollUp();
    for (const step of ['minute', 'hour', 'day'] as const) expect(await accepted(step), step).toEqual([2, 2]);
    expect(await test.mongo.db.collection('statLate').countDocuments()).toBe(0);
  });

  it('leave out what is scheduled until its time has come, and what never came', async () => {
    const world = createWorld();
    const now = YESTERDAY + DAY + HOUR;
    const scheduled = { ...(await world.publish(now)), id: id('msg'), publishedAtMs: now - HOUR };
    await world.messages.insert([scheduled]);
    await world.rollUp();
    const minute = async () =>
      (await world.columns({ kind: 'topic', topicId: world.topicId }, now, now + MINUTE, 'minute')).accepted;
    expect(await minute()).toEqual([1]);
    await test.mongo.messages.updateOne({ _id: scheduled.id }, { $unset: { dueAt: 1, unsent: 1 } });
    await world.rollUp();
    expect(await minute()).toEqual([2]);
  });

  it('lose what was taken back before its minute was counted for good', async () => {
    const world = createWorld();
    const subject = world.reader();
    const now = YESTERDAY + DAY + HOUR;
    const delivery = await world.deliver(await world.publish(now), subject);
    const dead = { attempt: world.attempt(1, now, 500), finishedAtMs: now };
    await world.deliveries.record([recordIn(delivery, 'dead', dead)]);
    await world.rollUp();
    const scope: StatScope = { kind: 'subscription', subscriptionId: subject.subscriptionId };
    const minute = () => world.columns(scope, now, now + MINUTE, 'minute');
    expect(await minute()).toMatchObject({ dead: [1], failed: [1] });
    await world.deliveries.redrive(subject.subscriptionId, {});
    world.setNow(now + 1000);
    await world.rollUp();
    expect(await minute()).toMatchObject({ dead: [0], failed: [1] });
  });
});
