import type { NewDelivery } from '@anika/core/delivery/delivery';
import { DONE_FROM } from '@anika/core/delivery/transition';
import {
  type DeliveryId,
  deliveryId,
  type MessageId,
  type PartnerId,
  type SubscriptionId,
  type TopicId,
} from '@anika/core/ids';
import { rangeReceipt } from '@anika/core/receipt/receipt';
import { recordIn } from '@anika/testkit/delivery-records';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveryStore, type DeliveryStore } from './deliveries.ts';
import { createMessageStore, type MessageStore } from './messages.ts';
import { id, NOW_MS, openTestMongo, type TestMongo } from './test-mongo.ts';

let test: TestMongo;
let store: DeliveryStore;
let messages: MessageStore;

beforeAll(async () => {
  test = await openTestMongo();
  store = createDeliveryStore(test.mongo, { graceMs: 1000 });
  messages = createMessageStore(test.mongo);
});

afterAll(() => test.close());

const TIME = { fromMs: NOW_MS, toMs: NOW_MS + 1000 };

type Change = Partial<Pick<NewDelivery, 'messageId' | 'subscriptionId' | 'acceptedAtMs' | 'topicId'>>;

function newDelivery(change: Change = {}): NewDelivery {
  const messageId = change.messageId ?? id('msg');
  const subscriptionId = change.subscriptionId ?? id('sub');
  return {
    id: deliveryId(messageId, Buffer.from(subscriptionId.slice(-16))),
    topicId: id('top'),
    ownerId: id('par'),
    partnerId: id('par'),
    type: 'car.chosen',
    acceptedAtMs: NOW_MS,
    createdAtMs: NOW_MS + 5,
    ...change,
    messageId,
    subscriptionId,
    state: 'pending',
  };
}

async function inserted(subscriptionId: SubscriptionId, ...changes: Change[]): Promise<DeliveryId[]> {
  const all = changes.map((change) => newDelivery({ subscriptionId, ...change }));
  await store.insert(all);
  return all.map((one) => one.id);
}

async function accept(topicId: TopicId, messageId: MessageId, acceptedAtMs = NOW_MS): Promise<void> {
  const none = { key: undefined, audience: undefined, fingerprint: undefined };
  const one = { id: messageId, topicId, ownerId: id('par'), type: 'car.chosen', acceptedAtMs, ...none };
  await messages.insert([{ ...one, data: {}, dataText: '{}' }]);
}

async function delivered(ids: readonly DeliveryId[], finishedAtMs: number): Promise<void> {
  await store.record(ids.map((one) => recordIn(one, 'delivered', { finishedAtMs })));
}

function attempt(n: number) {
  const none = { errorClass: undefined, errorMessage: undefined, responseStart: undefined };
  return { n, atMs: NOW_MS + n, durationMs: 1, status: 200, ...none, bodyHash: 'aa', signature: 'v1,x' };
}

describe('receiptFigures()', () => {
  it('counts states and distinct messages and measures the time to delivery', async () => {
    const [one, other] = [id('sub'), id('sub')];
    const messageId = id('msg');
    const ids = [
      ...(await inserted(one, { messageId }, {}, { acceptedAtMs: NOW_MS + 7 })),
      ...(await inserted(other, { messageId })),
    ];
    const of = { subscriptionIds: [one, other, id('sub')], topicId: undefined, ...TIME };
    await delivered(ids.slice(0, 1), NOW_MS + 40);
    await delivered(ids.slice(3), NOW_MS + 60);
    await store.record([recordIn(ids[1] as DeliveryId, 'held')]);
    expect(await store.receiptFigures(of)).toEqual({
      counts: { delivered: 2, pending: 1, held: 1 },
      firstAttempt: 0,
      messages: 3,
      withoutDelivery: 0,
      medianMs: 40,
      p95Ms: 60,
      p99Ms: 60,
      oldestUndeliveredMs: NOW_MS,
    });
    expect(await store.receiptFigures({ ...of, fromMs: NOW_MS + 7 })).toMatchObject({
      messages: 1,
      counts: { pending: 1 },
    });
  });

  it('counts what needed one attempt, and no other', async () => {
    const one = id('sub');
    const [first, second] = await inserted(one, {}, {});
    if (first === undefined || second === undefined) throw new Error('not inserted');
    await store.record([recordIn(first, 'delivered', { attempt: attempt(1) })]);
    await store.record([recordIn(second, 'retrying', { attempt: attempt(1) })]);
    await store.record([recordIn(second, 'delivered', { attempt: attempt(2) })]);
    const of = { subscriptionIds: [one], topicId: undefined, ...TIME };
    expect(await store.receiptFigures(of)).toMatchObject({ counts: { delivered: 2 }, firstAttempt: 1 });
  });

  it('counts the messages of a topic that nobody was to get', async () => {
    const [topicId, one] = [id('top'), id('sub')];
    const [wanted, unwanted, late] = [id('msg'), id('msg'), id('msg')];
    await Promise.all([accept(topicId, wanted), accept(topicId, unwanted), accept(id('top'), id('msg'))]);
    await accept(topicId, late, TIME.toMs);
    await inserted(one, { messageId: wanted, topicId });
    const of = { subscriptionIds: [one], topicId, ...TIME };
    expect(await store.receiptFigures(of)).toMatchObject({ messages: 1, withoutDelivery: 1 });
    expect(await store.receiptFigures({ ...of, subscriptionIds: [] })).toMatchObject({
      messages: 0,
      withoutDelivery: 2,
    });
    expect(await store.receiptFigures({ ...of, topicId: undefined })).toMatchObject({ withoutDelivery: 0 });
  });

  it('is empty where there is nothing', async () => {
    const of = { subscriptionIds: [id('sub')], topicId: undefined, fromMs: 0, toMs: NOW_MS };
    expect(await store.receiptFigures(of)).toEqual({
      counts: {},
      firstAttempt: 0,
      messages: 0,
      withoutDelivery: 0,
    });
  });

  it('reads what it counts and nothing else', async () => {
    const one = id('sub');
    await inserted(one, {}, {}, {}, { acceptedAtMs: NOW_MS + 5000 });
    await inserted(id('sub'), ...Array.from({ length: 200 }, () => ({})));
    await test.mongo.db.command({ profile: 2 });
    const of = { subscriptionIds: [one, id('sub')], topicId: undefined, ...TIME };
    expect((await store.receiptFigures(of)).counts).toEqual({ pending: 3 });
    await test.mongo.db.command({ profile: 0 });
    const read = await test.mongo.db
      .collection('system.profile')
      .find({ op: 'command', 'command.aggregate': 'deliveries' })
      .toArray();
    expect(read.map(({ docsExamined }) => docsExamined)).toEqual([3, 3]);
  });

  it.each([
    [[5], 5, 5],
    [[1, 2, 3, 4], 2, 4],
    [[10, 30, 900], 30, 900],
    [[1000, 1001, 1239.9], 1000, 1230],
    [[...Array(95).fill(7), ...Array(5).fill(98_765)], 7, 7],
    [[...Array(94).fill(7), ...Array(6).fill(98_765)], 7, 98_700],
    [[0, -5], 0, 0],
  ])('of times %j has the median %i and the 95th of a hundred %i', async (times, medianMs, p95Ms) => {
    const one = id('sub');
    const ids = await inserted(one, ...times.map(() => ({})));
    for (const [at, ms] of times.entries()) await delivered(ids.slice(at, at + 1), NOW_MS + ms);
    const of = { subscriptionIds: [one], topicId: undefined, ...TIME };
    expect(await store.receiptFigures(of)).toMatchObject({ medianMs, p95Ms });
  });
});

const STEPS = ['retrying', 'delivered', 'dead', 'cancelled', 'held'] as const;
const BULK = ['release', 'redrive', 'cancel', 'restore'] as const;
type Item = {
  /** Whose subscriptions get it. */
  readonly to: readonly number[];
  readonly isRecorded: boolean;
  readonly steps: readonly ((typeof STEPS)[number] | (typeof BULK)[number] | 'retry' | 'resend')[];
  readonly expires: boolean;
};

const item: fc.Arbitrary<Item> = fc.record({
  to: fc.subarray([0, 1, 2], { minLength: 1 }),
  isRecorded: fc.boolean(),
  steps: fc.array(fc.constantFrom(...STEPS, ...BULK, 'retry' as const, 'resend' as const), { maxLength: 4 }),
  expires: fc.boolean(),
});
const workers = fc.array(fc.array(item, { minLength: 6, maxLength: 12 }), { minLength: 4, maxLength: 8 });

/** A topic with two readers: one has two subscriptions, the other one. */
function newScene() {
  const [two, one] = [[id('sub'), id('sub')], [id('sub')]];
  return { topicId: id('top'), ownerId: id('par'), two, one, all: [...two, ...one], progress: newProgress() };
}
type Scene = ReturnType<typeof newScene>;

/** How far the writers are: what is surely there, and what may be. */
function newProgress() {
  return {
    begun: [0, 0, 0],
    done: [0, 0, 0],
    messages: { begun: 0, done: 0 },
    leaving: [0, 0, 0],
    left: [0, 0, 0],
  };
}

async function work(scene: Scene, items: readonly Item[]): Promise<void> {
  const { topicId, ownerId, all, progress } = scene;
  for (const { to, isRecorded, steps, expires } of items) {
    const messageId = id('msg');
    const batch = to.map((n) => {
      const partnerId: PartnerId = id('par');
      return {
        ...newDelivery({ messageId, subscriptionId: all[n] as SubscriptionId, topicId }),
        partnerId,
        ownerId,
      };
    });
    for (const n of to) progress.begun[n] = (progress.begun[n] ?? 0) + 1;
    // Before its message, so that at no moment a message is without one.
    if (isRecorded) {
      const made = { attempt: attempt(1) };
      await store.record(batch.map((one) => recordIn(one.id, 'delivered', { ...made, unstored: one })));
    } else await store.insert(batch);
    for (const n of to) progress.done[n] = (progress.done[n] ?? 0) + 1;
    progress.messages.begun += 1;
    await accept(topicId, messageId);
    progress.messages.done += 1;
    for (const step of steps) await change(scene, batch, step);
    if (!expires) continue;
    // The other way round, for the same reason: the message goes first here.
    for (const n of to) progress.leaving[n] = (progress.leaving[n] ?? 0) + 1;
    await messages.remove([messageId]);
    await store.removeOfMessages([messageId]);
    for (const n of to) progress.left[n] = (progress.left[n] ?? 0) + 1;
  }
}

async function change(
  { all }: Scene,
  batch: readonly NewDelivery[],
  step: Item['steps'][number],
): Promise<void> {
  const [{ id: first, subscriptionId } = newDelivery()] = batch;
  if (step === 'release') await store.releaseHeld(subscriptionId);
  else if (step === 'redrive') await store.redrive(subscriptionId, {});
  else if (step === 'restore') await store.resendCancelled(all, {});
  else if (step === 'cancel') await store.cancelOpen([subscriptionId], 'grant-revoked', NOW_MS + 9);
  else if (step === 'retry' || step === 'resend') await store.retry(first, DONE_FROM[step], NOW_MS + 9);
  else await store.record(batch.map((one) => recordIn(one.id, step)));
}

const sum = (counts: readonly number[], of: readonly number[]) =>
  of.reduce((all, n) => all + (counts[n] ?? 0), 0);

/** One look at a receipt, and what must be true of it whatever was done meanwhile. */
async function look(scene: Scene, who: 'two' | 'one' | 'all'): Promise<void> {
  const { topicId, ownerId, progress } = scene;
  const of = { two: [0, 1], one: [2], all: [0, 1, 2] }[who];
  const before = structuredClone(progress);
  const figures = await store.receiptFigures({
    subscriptionIds: scene[who],
    topicId: who === 'all' ? topicId : undefined,
    ...TIME,
  });
  const about = { issuer: 'https://anika.test', topicId, ownerId, isComplete: true, ...TIME };
  const receipt = rangeReceipt({ ...about, partnerId: who === 'all' ? undefined : ownerId }, figures);
  const { delivered, dead, cancelled, held } = receipt.deliveries;
  expect(receipt.accepted).toBe(delivered + dead + cancelled + held + receipt.underWay);
  // None is counted twice or left out, also not one that changed its state just then.
  expect(receipt.accepted).toBeGreaterThanOrEqual(sum(before.done, of) - sum(progress.leaving, of));
  expect(receipt.accepted).toBeLessThanOrEqual(sum(progress.begun, of) - sum(before.left, of));
  if (who !== 'all') return;
  // What is counted of messages and of deliveries is of one moment.
  expect(receipt.withoutDelivery).toBe(0);
}

describe('a receipt', () => {
  it('adds up at every moment, whatever is accepted, sent, given up, started again and deleted beside it', async () => {
    let looks = 0;
    await fc.assert(
      fc.asyncProperty(workers, async (all) => {
        const scene = newScene();
        const { topicId, two, one } = scene;
        let isOver = false;
        const reader = async (who: 'two' | 'one' | 'all') => {
          while (!isOver) {
            await look(scene, who);
            looks += 1;
          }
        };
        const working = Promise.all(all.map((items) => work(scene, items))).finally(() => {
          isOver = true;
        });
        await Promise.all([working, reader('two'), reader('one'), reader('all')]);
        const { done, left } = scene.progress;
        const last = (subscriptionIds: readonly SubscriptionId[]) =>
          store.receiptFigures({ subscriptionIds, topicId, ...TIME });
        const accepted = async (ids: readonly SubscriptionId[]) =>
          Object.values((await last(ids)).counts).reduce((total, n) => total + n, 0);
        expect(await accepted(two)).toBe(sum(done, [0, 1]) - sum(left, [0, 1]));
        expect(await accepted(one)).toBe(sum(done, [2]) - sum(left, [2]));
      }),
      // What races does not fail the same way again.
      { numRuns: 8, endOnFailure: true },
    );
    expect(looks).toBeGreaterThan(50);
  }, 120_000);
});
