import type { SubscriptionId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectRedis } from './redis.ts';
import { createWakeUps } from './wake-ups.ts';

let databases: TestDatabases;
const connections: Redis[] = [];
const logger = createLogger({ name: 'test', level: 'silent' });
const [A, B] = ['sub_a', 'sub_b'] as [SubscriptionId, SubscriptionId];

beforeAll(async () => {
  databases = await createTestDatabases();
});

afterAll(async () => {
  for (const redis of connections) redis.disconnect();
  await databases.drop();
});

function connect(role: 'producer' | 'subscriber'): Redis {
  const redis = connectRedis({ url: databases.redisUrl, role });
  connections.push(redis);
  return redis;
}

/** One process. */
async function startProcess() {
  const [publisher, subscriber] = [connect('producer'), connect('subscriber')];
  const woken: string[] = [];
  const wakeUps = createWakeUps({ publisher, subscriber, prefix: databases.queuePrefix, logger });
  wakeUps.onWake((ids) => woken.push(...ids));
  await eventually(() => publisher.status === 'ready');
  return { publisher, wakeUps, woken };
}

it('wakes every process once, its own at once, and passes over what is no wake-up', async () => {
  const [one, other] = [await startProcess(), await startProcess()];
  const channel = `${databases.queuePrefix}:pull`;
  await eventually(async () => {
    const [, count] = (await one.publisher.pubsub('NUMSUB', channel)) as [string, number];
    return count === 2;
  });
  for (const text of ['', 'no JSON', '{}', '["x"]', '["x",[1]]', '["x",["top_1"]]']) {
    await one.publisher.publish(channel, text);
  }
  one.wakeUps.wake([A, B]);
  expect(one.woken).toEqual([A, B]);
  await eventually(() => other.woken.length > 0);
  other.wakeUps.wake([B]);
  await eventually(() => one.woken.length === 3);
  expect([one.woken, other.woken]).toEqual([
    [A, B, B],
    [A, B, B],
  ]);
});
