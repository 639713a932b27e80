import { randomBytes } from 'node:crypto';
import type { DeliveryId, MessageId, SubscriptionId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueues, QUEUE_NAMES, type Queues } from './queues.ts';
import { connectRedis } from './redis.ts';
import { TEST_SEAL } from './test-seal.ts';
import { startDeliverWorker } from './workers.ts';

let databases: TestDatabases;
let connection: Redis;

beforeAll(async () => {
  databases = await createTestDatabases();
  connection = connectRedis({ url: databases.redisUrl, role: 'worker' });
});

afterAll(async () => {
  connection.disconnect();
  await databases.drop();
});

type Taken = { readonly data: unknown; readonly finish: () => void };

/** A worker whose jobs end when the test says so. */
async function startHeld(concurrency: number) {
  const prefix = `${databases.queuePrefix}-${randomBytes(4).toString('hex')}`;
  const queues: Queues = createQueues({
    connection,
    prefix,
    seal: TEST_SEAL,
  });
  const taken: Taken[] = [];
  const own = connectRedis({ url: databases.redisUrl, role: 'worker' });
  const worker = startDeliverWorker(
    (data) => new Promise((resolve) => taken.push({ data, finish: () => resolve({ kind: 'done' }) })),
    { connection: own, prefix, concurrency, logger: createLogger({ name: 'test', level: 'silent' }) },
  );
  const waiting = async () => {
    const depths = await queues.depths();
    return depths.find(({ queue, state }) => queue === 'deliver' && state === 'waiting')?.jobs;
  };
  return {
    prefix,
    queues,
    taken,
    waiting,
    async stop() {
      for (const { finish } of taken) finish();
      await worker.close(2000);
      await queues.close();
      own.disconnect();
    },
  };
}

function job(n: number) {
  return {
    deliveryId: `dlv_${n}` as DeliveryId,
    messageId: `msg_${n}` as MessageId,
    subscriptionId: 'sub_1' as SubscriptionId,
    g: 1,
  };
}

describe('startDeliverWorker()', () => {
  it('takes as many jobs as it may have under way', async () => {
    const { queues, taken, waiting, stop } = await startHeld(3);
    await queues.addDeliveries([1, 2, 3, 4, 5].map(job));
    await eventually(async () => (await waiting()) === 2 && taken.length === 3);
    taken[0]?.finish();
    await eventually(async () => (await waiting()) === 1 && taken.length === 4);
    await stop();
  });

  it('gives the handler what no program of ours has put there, and goes on', async () => {
    const { prefix, taken, waiting, stop } = await startHeld(2);
    const foreign = new Queue(QUEUE_NAMES.deliver, { connection, prefix });
    const unreadable = ['text', null, { deliveries: 'text' }, [1]];
    for (const data of unreadable) await foreign.add('deliver', data);
    await eventually(async () => (await waiting()) === 2 && taken.length === 2);
    taken[0]?.finish();
    taken[1]?.finish();
    await eventually(async () => (await waiting()) === 0 && taken.length === 4);
    expect(taken.map(({ data }) => data)).toEqual(unreadable);
    await foreign.close();
    await stop();
  });
});
