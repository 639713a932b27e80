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
