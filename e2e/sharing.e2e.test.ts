import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

const SUBSCRIBERS = 20;
const MESSAGES = 40;

let databases: TestDatabases;
let programs: Program[];

beforeAll(async () => {
  databases = await createTestDatabases();
  // Less than two jobs of 25 deliveries each.
  const settings = { ANIKA_CONCURRENCY: '40' };
  programs = await Promise.all([
    startProgram('api', { databases }),
    startProgram('dispatcher', { databases, settings }),
  ]);
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await databases.drop();
});

it('an endpoint that hangs holds up nobody of those who get the same messages', async () => {
  const { subscribe, publish } = await createScene(programs[0]?.url ?? '');
  const hanging = await startReceiver({ respond: () => 'hang' });
  const quick = await startReceiver();
  await subscribe(hanging, { maxConcurrency: 10 });
  for (let n = 1; n < SUBSCRIBERS; n += 1) await subscribe({ url: `${quick.url}/${n}` });
  await Promise.all(Array.from({ length: MESSAGES }, (_, n) => publish({ n })));
  // A request that hangs ends after 15 seconds.
  const received = await quick.waitFor(MESSAGES * (SUBSCRIBERS - 1), 14_000);
  const distinct = new Set(received.map(({ path, headers }) => `${path} ${headers['webhook-id']}`));
  expect(distinct.size).toBe(MESSAGES * (SUBSCRIBERS - 1));
  expect(hanging.received.length).toBeGreaterThan(0);
  await Promise.all([hanging.close(), quick.close()]);
});
