import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { type OwnRedis, startOwnRedis } from './support/redis.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let redis: OwnRedis;
let api: Program;
let dispatcher: Program;
let receiver: Receiver;
let scene: Awaited<ReturnType<typeof createScene>>;
let published = 0;

beforeAll(async () => {
  databases = await createTestDatabases();
  redis = await startOwnRedis();
  const settings = { REDIS_URL: redis.url, ANIKA_SWEEP_SECONDS: '1', ANIKA_RETRY_SCHEDULE: '0s,8s,8s' };
  [api, dispatcher, receiver] = await Promise.all([
    startProgram('api', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
    startReceiver(),
  ]);
  scene = await createScene(api.url);
  await scene.subscribe(receiver);
});

afterAll(async () => {
  await Promise.all([api?.stop(), dispatcher?.stop(), receiver?.close()]);
  await redis?.remove();
  await databases?.drop();
});

async function publish(count: number): Promise<number> {
  const startedAt = Date.now();
  await Promise.all(Array.from({ length: count }, (_, n) => scene.publish({ n })));
  published += count;
  return Date.now() - startedAt;
}

describe('while Redis is down', () => {
  it('publishing is accepted without delay, and everything is delivered once it is back', async () => {
    const usualMs = await publish(50);
    await scene.allDelivered(published);
    await redis.kill();
    // What it answered within the last second is answered again.
    await eventually(async () => (await fetch(`${api.url}/readyz`)).status === 503);
    expect(await (await fetch(`${api.url}/readyz`)).json()).toMatchObject({ missing: ['redis'] });
    expect(await publish(50)).toBeLessThan(Math.max(3000, 3 * usualMs));
    await redis.start();
    await scene.allDelivered(published);
  });
});

describe('a Redis that has lost its data', () => {
  it('is filled again from MongoDB: nothing accepted is lost, and retries keep their time', async () => {
    receiver.respondWith(() => ({ status: 500 }));
    const before = receiver.received.length;
    const id = await scene.publish({ kept: true });
    published += 1;
    await receiver.waitFor(before + 1);
    const failedAt = Date.now();
    await redis.flush();
    receiver.respondWith(() => ({ status: 204 }));
    await scene.allDelivered(published);
    const retry = receiver.received.findLast((request) => request.headers['webhook-id'] === id);
    // 8 s ± 20 % after the first attempt, plus a sweep.
    expect((retry?.atMs ?? 0) - failedAt).toBeGreaterThan(6000);
    expect((retry?.atMs ?? 0) - failedAt).toBeLessThan(16_000);
  });

  it('also after a restart without its files', async () => {
    await redis.kill();
    await publish(20);
    await redis.start('lost');
    await scene.allDelivered(published);
    const ids = receiver.received.map((request) => request.headers['webhook-id']);
    expect(new Set(ids).size).toBe(published);
  });
});
