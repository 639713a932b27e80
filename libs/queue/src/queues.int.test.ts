import { randomBytes } from 'node:crypto';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueues, type Queues } from './queues.ts';
import { connectRedis } from './redis.ts';
import { TEST_SEAL } from './test-seal.ts';

let databases: TestDatabases;
let connection: Redis;
let queues: Queues;

beforeAll(async () => {
  databases = await createTestDatabases();
  connection = connectRedis({ url: databases.redisUrl, role: 'worker' });
  queues = createQueues({ connection, prefix: databases.queuePrefix, seal: TEST_SEAL });
});

afterAll(async () => {
  await queues.close();
  connection.disconnect();
  await databases.drop();
});

function newJob(g = 1) {
  const stem = randomBytes(13).toString('hex');
  return {
    deliveryId: `dlv_${stem}${'0'.repeat(16)}` as DeliveryId,
    messageId: `msg_${stem}` as MessageId,
    subscriptionId: `sub_${stem}` as SubscriptionId,
    g,
  };
}

async function waiting(queue: string): Promise<number | undefined> {
  const depths = await queues.depths();
  return depths.find((depth) => depth.queue === queue && depth.state === 'waiting')?.jobs;
}

describe('the queues', () => {
  it('take the same generation of a delivery once, and the next one as another job', async () => {
    const job = newJob();
    await queues.addDeliveries([job, job]);
    await queues.addDeliveries([job]);
    expect(await waiting('deliver')).toBe(1);
    await queues.addDeliveries([{ ...job, g: 2 }]);
    expect(await waiting('deliver')).toBe(2);
  });

  it('put who waited for an endpoint before who has only come', async () => {
    const [first, second, unparked] = [newJob(), newJob(), newJob()];
    await queues.addDeliveries([first, second]);
    await queues.addUnparked([unparked], 'turn');
    const [deliver] = queues.all;
    const jobs = await deliver.getJobs(['waiting'], 0, -1);
    // BullMQ takes from the end of the list that it shows from its start.
    expect(TEST_SEAL.open(jobs.at(-1)?.data)).toMatchObject(unparked);
  });

  it('tell how old the job in the middle is, whatever was put before it', async () => {
    const at = (ms: number) => queues.middleAgeMs(Date.now() + ms, 999);
    const before = await at(60_000);
    expect(before).toBeGreaterThan(50_000);
    await Promise.all(queues.all.map((queue) => queue.drain()));
    expect(await at(60_000)).toBe(0);
    await queues.addDeliveries([newJob(), newJob(), newJob()]);
    await queues.addUnparked([newJob()], 'turn');
    expect(await at(5000)).toBeGreaterThanOrEqual(5000);
    expect(await at(-5000)).toBe(0);
    await Promise.all(queues.all.map((queue) => queue.drain()));
    await queues.addDeliveries([{ ...newJob(), priority: 3 }]);
    expect(await at(5000)).toBeGreaterThanOrEqual(5000);
    await Promise.all(queues.all.map((queue) => queue.drain()));
    await queues.addDeliveries([{ ...newJob(), priority: 999 }]);
    expect(await at(5000)).toBe(0);
  });

  it('tell how many jobs of a priority wait', async () => {
    await Promise.all(queues.all.map((queue) => queue.drain()));
    const added = [998, 999, 999, 1000, undefined].map((priority) => ({ ...newJob(), priority }));
    await queues.addDeliveries(
      added.map(({ priority, ...job }) => ({ ...job, ...(priority && { priority }) })),
    );
    expect(await queues.countWaiting(999)).toBe(2);
  });

  it('list dead letters page by page, oldest first, and remove them', async () => {
    const jobs = [newJob(), newJob(), newJob(2)].map((job) => ({ ...job, reason: 'gone' as const }));
    for (const job of jobs) await queues.addDeadLetters([job]);
    expect(await queues.listDeadLetters(0, 2)).toMatchObject(jobs.slice(0, 2));
    expect(await queues.listDeadLetters(2, 2)).toMatchObject(jobs.slice(2));
    await queues.removeDeadLetters(jobs.slice(0, 2));
    expect(await queues.listDeadLetters(0, 10)).toMatchObject(jobs.slice(2));
  });

  it('take one request for a sweep while another waits', async () => {
    await Promise.all([queues.requestSweep(), queues.requestSweep()]);
    expect(await waiting('maintenance')).toBe(1);
  });
});
