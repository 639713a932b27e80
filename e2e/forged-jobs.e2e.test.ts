import { deliveryIdOf } from '@anika/broker/delivery-id';
import { deliverJobId, type MessageId, type SubscriptionId } from '@anika/core/ids';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

const METRICS_TOKEN = 'a-token-for-the-metrics';

let databases: TestDatabases;
let api: Program;
let dispatcher: Program;
let redis: Redis;
let queue: Queue;
let bank: Receiver;
let spy: Receiver;

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_METRICS_TOKEN: METRICS_TOKEN, ANIKA_SWEEP_SECONDS: '1' };
  api = await startProgram('api', { databases, settings });
  dispatcher = await startProgram('dispatcher', { databases, settings });
  redis = new Redis(databases.redisUrl, { maxRetriesPerRequest: null });
  queue = new Queue('deliver', { connection: redis, prefix: databases.queuePrefix });
  [bank, spy] = await Promise.all([startReceiver(), startReceiver()]);
});

afterAll(async () => {
  await queue.close();
  redis.disconnect();
  await Promise.all([bank.close(), spy.close()]);
  await Promise.all([api.stop(), dispatcher.stop()]);
  await databases.drop();
});

async function refusedJobs(): Promise<number> {
  const answer = await fetch(`${dispatcher.url}/metrics`, {
    headers: { authorization: `Bearer ${METRICS_TOKEN}` },
  });
  const counts = (await answer.text()).matchAll(/^anika_jobs_refused_total\{.*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

it('who writes to Redis can neither read a message nor send one in another company’s name', async () => {
  const scene = await createScene(api.url);
  const theirs = await createScene(api.url);
  const bankSubscription = await scene.subscribe(bank);
  const spySubscription = await theirs.subscribe(spy);
  const secret = await scene.publish({ iban: 'DE02-SECRET' });
  await bank.waitFor(1);
  const before = spy.received.length;

  const messageId = secret as MessageId;
  const forged = (subscriptionId: string) => {
    const id = deliveryIdOf(messageId, subscriptionId as SubscriptionId);
    return { deliveryId: id, messageId, subscriptionId, g: 1 };
  };
  const job = forged(spySubscription.id);
  const generation = deliverJobId(job.deliveryId, 1);
  // Without a seal, with one of another shape, and with the sealed job of somebody else's delivery, changed.
  await queue.add('deliver', job);
  await queue.add('deliver', { ...job, fresh: true });
  await queue.add('deliver', { v: 1, ...job, fresh: true, seal: 'k1.AAAA.AAAA.AAAA' });
  await queue.add('deliver', { v: 1, ...job, seal: '' }, { jobId: generation });
  await queue.add('deliver', 'text');
  // A turn in a lane: the dispatcher itself makes a job of it, and seals it.
  const lane = `${databases.queuePrefix}:lane:${spySubscription.id}`;
  await redis.hset(`${lane}:l`, 'c', 4, 'r', 0);
  await redis.zadd(`${lane}:p`, Date.now() - 1000, generation);
  await redis.zadd(`${databases.queuePrefix}:lanes`, Date.now() - 1000, spySubscription.id);
  await eventually(async () => (await refusedJobs()) >= 6, { timeoutMs: 40_000 });

  // The other way round: the spy's own message with the bank's subscription, to be signed in the dealer's name.
  const bait = (await theirs.publish({ pay: 'me' })) as MessageId;
  await spy.waitFor(before + 1);
  const lure = deliveryIdOf(bait, bankSubscription.id as SubscriptionId);
  await queue.add('deliver', {
    deliveryId: lure,
    messageId: bait,
    subscriptionId: bankSubscription.id,
    g: 1,
  });
  const bankLane = `${databases.queuePrefix}:lane:${bankSubscription.id}`;
  await redis.hset(`${bankLane}:l`, 'c', 4, 'r', 0);
  await redis.zadd(`${bankLane}:p`, Date.now() - 1000, deliverJobId(lure, 1));
  await redis.zadd(`${databases.queuePrefix}:lanes`, Date.now() - 1000, bankSubscription.id);
  await eventually(async () => (await refusedJobs()) >= 8, { timeoutMs: 40_000 });

  expect(spy.received.slice(before).map((request) => request.headers['webhook-id'])).toEqual([bait]);
  expect(JSON.stringify(spy.received)).not.toContain('DE02-SECRET');
  expect(bank.received.map((request) => request.headers['webhook-id']).filter((id) => id === bait)).toEqual(
    [],
  );
});

it('Redis holds nothing in clear that a company has written', async () => {
  const scene = await createScene(api.url);
  await scene.subscribe(bank);
  await dispatcher.stop();
  await scene.publish({ word: 'Сирень-77', iban: 'DE02-OTHER' });
  await eventually(async () => (await queue.getWaitingCount()) === 1);
  const [job] = await queue.getJobs(['waiting']);
  expect(job?.id).toMatch(/^dlv_[0-9a-z]+_g1$/);
  const stored = JSON.stringify(job?.data);
  for (const word of ['Сирень', 'DE02', 'car.chosen', 'iban']) expect(stored).not.toContain(word);
});
