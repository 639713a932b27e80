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
  first.kill();
  await start('dispatcher');
  await scene.allDelivered(1);
  expect(receiver.received.map((request) => request.headers['webhook-id'])).toEqual([id, id]);
  // The first try was never recorded: a crash does not use up an attempt.
  expect(receiver.received.map((request) => request.headers['anika-attempt'])).toEqual(['1', '1']);
  await receiver.close();
});

it('an API killed right after its 202 loses nothing: the sweep fans out what it left', async () => {
  const api = await start('api');
  const scene = await createScene(api.url);
  const receiver = await startReceiver();
  await scene.subscribe(receiver);
  const accepted: string[] = [];
  const publishing = Array.from({ length: 300 }, async (_, n) => {
    try {
      accepted.push(await scene.publish({ n }));
    } catch {
      // Not accepted: nothing was promised.
    }
    if (accepted.length === 60) api.kill();
  });
  await Promise.all(publishing);
  expect(accepted.length).toBeLessThan(300);
  const survivor = await start('api');
  await receiver.waitFor(
    () => new Set(receiver.received.map((request) => request.headers['webhook-id'])).size >= accepted.length,
    40_000,
  );
  const arrived = new Set(receiver.received.map((request) => request.headers['webhook-id']));
  expect(accepted.filter((id) => !arrived.has(id))).toEqual([]);
  expect((await fetch(`${survivor.url}/readyz`)).status).toBe(200);
  await receiver.close();
});

it('SIGTERM under load drains: each message arrives once, whoever delivers it', async () => {
  const [api, leaving] = await Promise.all([start('api'), start('dispatcher')]);
  const scene = await createScene(api.url);
  const receiver = await startReceiver({
    respond: () => new Promise((resolve) => setTimeout(() => resolve({ status: 204 }), 50)),
  });
  await scene.subscribe(receiver);
  const publishing = Promise.all(Array.from({ length: 400 }, (_, n) => scene.publish({ n })));
  await receiver.waitFor(40, 20_000);
  const exitCode = await leaving.stop();
  await publishing;
  await scene.allDelivered(400);
  expect(exitCode).toBe(0);
  expect(receiver.received).toHaveLength(400);
  await receiver.close();
});
