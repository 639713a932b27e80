import { randomBytes } from 'node:crypto';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { Queue, Worker } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { brakeOnErrors } from './brake-on-errors.ts';
import { connectRedis } from './redis.ts';

let databases: TestDatabases;

beforeAll(async () => {
  databases = await createTestDatabases();
});

afterAll(() => databases.drop());

it('a Redis that answers every question with an error is not asked in a circle, and works again afterwards', async () => {
  const connection = connectRedis({ url: databases.redisUrl, role: 'worker' });
  const prefix = `${databases.queuePrefix}-${randomBytes(4).toString('hex')}`;
  const queue = new Queue('deliver', { connection, prefix });
  const done: string[] = [];
  const lines: unknown[] = [];
  const worker = new Worker('deliver', async (job) => void done.push(job.name), {
    connection,
    prefix,
    autorun: false,
  });
  const stop = brakeOnErrors(worker, { warn: (...line: unknown[]) => void lines.push(line) });
  await worker.waitUntilReady();
  // A key of another kind where the worker's script looks: WRONGTYPE to each question, as CROSSSLOT or MISCONF would be.
  await connection.set(`${prefix}:deliver:wait`, 'x');
  await connection.set(`${prefix}:deliver:active`, 'x');
  const errors: Error[] = [];
  worker.on('error', (error) => void errors.push(error));
  const run = worker.run();
  await eventually(() => lines.length >= 3);
  const askedThen = errors.length;
  // Time for thousands of questions, if it asked.
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(errors.length - askedThen).toBeLessThan(5);
  expect(lines.length).toBe(3);

  await connection.del(`${prefix}:deliver:wait`, `${prefix}:deliver:active`);
  await queue.add('a job', {});
  await eventually(() => done.length === 1);
  stop();
  await worker.close(true);
  await run;
  await queue.close();
  connection.disconnect();
});

it('goes on with other jobs when the locks of many lapse, and when they end without', async () => {
  const connection = connectRedis({ url: databases.redisUrl, role: 'worker' });
  const prefix = `${databases.queuePrefix}-${randomBytes(4).toString('hex')}`;
  const queue = new Queue('deliver', { connection, prefix });
  const done: string[] = [];
  const lines: string[] = [];
  let inHand = 0;
  const failed = { toRenew: 0, toEnd: 0 };
  let end = () => {};
  const ending = new Promise<void>((resolve) => {
    end = resolve;
  });
  const worker = new Worker(
    'deliver',
    async (job) => {
      if (job.name === 'hangs') {
        inHand += 1;
        await ending;
      }
      done.push(job.name);
    },
    { connection, prefix, concurrency: 10, lockDuration: 4000, lockRenewTime: 400, stalledInterval: 60_000 },
  );
  const stop = brakeOnErrors(worker, { warn: (_: unknown, text?: string) => void lines.push(text ?? '') });
  worker.on('error', (error) => {
    failed['code' in error ? 'toEnd' : 'toRenew'] += 1;
  });
  await queue.addBulk([1, 2, 3, 4, 5].map(() => ({ name: 'hangs', data: {} })));
  await eventually(() => inHand === 5);
  const isDoneSoon = async (name: string) => {
    await queue.add(name, {});
    await eventually(() => done.includes(name), { timeoutMs: 3000 });
  };

  const locks = await connection.keys(`${prefix}:deliver:*:lock`);
  expect(locks).toHaveLength(5);
  await connection.del(...locks);
  await eventually(() => failed.toRenew >= 5);
  await isDoneSoon('beside them');

  end();
  await eventually(() => failed.toEnd >= 5);
  await isDoneSoon('after them');
  expect(lines).not.toContain('the queue fails; no jobs for a while');
  stop();
  await worker.close(true);
  await queue.close();
  connection.disconnect();
});
