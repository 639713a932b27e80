import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
const settings = { ANIKA_SWEEP_SECONDS: '1', ANIKA_RETRY_SCHEDULE: '0s,300ms,300ms' };
const running: Program[] = [];

async function start(app: 'api' | 'dispatcher'): Promise<Program> {
  const program = await startProgram(app, { databases, settings });
  running.push(program);
  return program;
}

beforeAll(async () => {
  databases = await createTestDatabases();
});

afterAll(async () => {
  await Promise.all(running.map((program) => program.stop()));
  await databases.drop();
});

it('a dispatcher killed during the POST loses nothing: another one sends the same message again', async () => {
  const [api, first] = await Promise.all([start('api'), start('dispatcher')]);
  const scene = await createScene(api.url);
  const receiver = await startReceiver({ respond: () => 'hang' });
  await scene.subscribe(receiver);
  const id = await scene.publish({ once: true });
  await receiver.waitFor(1);
  receiver.respondWith(() => ({ status: 204 }));
  await first.kill();
  await start('dispatcher');
  await scene.allDelivered(1);
  expect(receiver.received.map((request) => request.headers['webhook-id'])).toEqual([id, id]);
  // The first try was never recorded: a crash does not use up an attempt.
  expect(receiver.received.map((request) => request.headers['anika-attempt'])).toEqual(['1', '1']);
  await receiver.close();
});
