import { searchMessages } from '@anika/contracts/messages';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let mongo: MongoClient;
let receiver: Receiver;
let api: Program;
/** A slow machine takes few messages a second: a flood is what is more than that. */
const settings = { ANIKA_SWEEP_SECONDS: '1', ANIKA_DEFER_ABOVE: '20' };
const running: Program[] = [];

async function start(app: 'api' | 'dispatcher'): Promise<Program> {
  const program = await startProgram(app, { databases, settings });
  running.push(program);
  return program;
}

beforeAll(async () => {
  databases = await createTestDatabases();
  mongo = new MongoClient(databases.mongodbUrl);
  receiver = await startReceiver();
  api = await start('api');
});

afterAll(async () => {
  await Promise.all(running.map((program) => program.stop()));
  await mongo.close();
  await receiver.close();
  await databases.drop();
});

function countMessages(topicId: string, more: object): Promise<number> {
  return mongo
    .db()
    .collection('messages')
    .countDocuments({ topicId, ...more });
}

it('a flood is stored as messages, not as deliveries, and reaches everybody once there is time, also through a kill', async () => {
  const [flood, other] = [await createScene(api.url), await createScene(api.url)];
  for (let n = 0; n < 10; n += 1) await flood.subscribe({ url: `${receiver.url}/flood/${n}` });
  await flood.subscribe(receiver, { url: undefined, delivery: { type: 'pull' } });
  await other.subscribe({ url: `${receiver.url}/other` });

  // Nobody delivers: what waits grows old.
  for (let n = 0; n < 10; n += 1) await flood.publish({ n });
  await new Promise((done) => setTimeout(done, 500));
  for (let n = 10; n < 100; n += 1) await flood.publish({ n, text: `слово ${n}` });
  const expected = await other.publish({ n: 0 });
  expect(await countMessages(flood.topicId, { deferred: true })).toBeGreaterThanOrEqual(50);
  expect(await countMessages(other.topicId, { deferred: true })).toBe(0);
  // It is there for whoever looks for it.
  const query = { q: '"слово 77"' };
  await eventually(async () => (await flood.owner.client.ask(searchMessages, { query })).items.length === 1);

  const deliveries = mongo.db().collection('deliveries');
  expect(await deliveries.countDocuments({ topicId: flood.topicId })).toBeLessThan(600);

  const killed = await start('dispatcher');
  await receiver.waitFor(({ path, headers }) => path === '/other' && headers['webhook-id'] === expected);
  await receiver.waitFor(200, 60_000);
  await killed.kill();
  await start('dispatcher');

  // A thousand of webhooks and a hundred to be pulled.
  await eventually(async () => (await deliveries.countDocuments({ topicId: flood.topicId })) === 1100, {
    timeoutMs: 60_000,
    everyMs: 200,
  });
  await eventually(
    async () => (await deliveries.countDocuments({ topicId: flood.topicId, state: 'delivered' })) === 1000,
    { timeoutMs: 90_000, everyMs: 200 },
  );
  const arrived = new Set(
    receiver.received.flatMap(({ path, body }) =>
      path.startsWith('/flood/') ? [`${path} ${(body as { data: { n: number } }).data.n}`] : [],
    ),
  );
  expect(arrived.size).toBe(1000);
  await eventually(
    async () => (await countMessages(flood.topicId, { pendingSince: { $exists: true } })) === 0,
  );
  expect(await countMessages(flood.topicId, { deferred: true })).toBe(0);
});
