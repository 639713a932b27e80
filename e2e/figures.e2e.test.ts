import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { listen } from '../apps/api/src/testing/listen.ts';
import { type Program, startProgram } from './support/program.ts';
import { createScene, today } from './support/scene.ts';

let databases: TestDatabases;
const settings = {
  ANIKA_SWEEP_SECONDS: '1',
  ANIKA_STATS_SECONDS: '1',
  ANIKA_RETRY_SCHEDULE: '0s,300ms,300ms',
};
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

const MESSAGES = 30;

const sum = (column: readonly number[]) => column.reduce((a, b) => a + b, 0);

it('what is counted is what happened, though dispatchers are killed while they deliver and count', async () => {
  const [api, first] = await Promise.all([start('api'), start('dispatcher')]);
  const scene = await createScene(api.url);
  const receiver = await startReceiver();
  let answers = 0;
  // Each third request fails.
  receiver.respondWith(() => {
    answers += 1;
    return { status: answers % 3 === 0 ? 500 : 204 };
  });
  await scene.subscribe(receiver);
  let dispatcher = first;
  for (let n = 0; n < MESSAGES; n += 1) {
    await scene.publish({ n });
    if (n % 15 !== 9) continue;
    await dispatcher.kill();
    dispatcher = await start('dispatcher');
  }
  const receipts = async () => {
    const path = `/v1/receipts?topicId=${scene.topicId}&${today()}`;
    return (await scene.client.call('GET', path, { token: scene.owner.token })).body;
  };
  const stats = async (token: string, more: string) => {
    const day = `from=${new Date(Date.now() - 43_200_000).toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
    const path = `/v1/stats?scope=pair&id=${scene.topicId}&${day}&step=minute${more}`;
    return (await scene.client.call('GET', path, { token })).body;
  };
  // Of each message there is a delivery only some time after it was accepted.
  const deliveries = await eventually(
    async () => {
      const { deliveries: counts } = await receipts();
      return counts.delivered + counts.dead === MESSAGES && counts;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
  await eventually(
    async () => {
      const ofReader = await stats(scene.reader.token, '');
      expect(sum(ofReader.accepted)).toBe(MESSAGES);
      expect(sum(ofReader.delivered)).toBe(deliveries.delivered);
      expect(sum(ofReader.dead)).toBe(deliveries.dead);
      expect(sum(ofReader.failed)).toBeGreaterThan(MESSAGES / 6);
      const ofOwner = await stats(scene.owner.token, `&partnerId=${scene.reader.id}`);
      expect(sum(ofOwner.failed)).toBe(sum(ofReader.failed));
      return true;
    },
    { timeoutMs: 40_000, everyMs: 300 },
  );
  await receiver.close();
});

it('a listener goes on after the api was killed, with what happened meanwhile', async () => {
  const [first, other] = await Promise.all([start('api'), start('api')]);
  const scene = await createScene(first.url);
  const token = scene.owner.token;
  const query = `?kinds=message&topicId=${scene.topicId}`;
  const before = await listen(first.url, query, { token });
  const seen = await scene.publish(1);
  await eventually(() => before.events.length === 1);
  await Promise.all([first.kill(), before.over.catch(() => undefined)]);
  const publish = async (data: unknown) => {
    const path = `${other.url}/v1/topics/${scene.topicId}/messages`;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ type: 't', data }),
    });
    return z.object({ id: z.string() }).parse(await response.json()).id;
  };
  const missed = [await publish(2), await publish(3)];
  const again = await start('api');
  const after = await listen(again.url, query, { token, lastEventId: before.lastId() });
  const live = await publish(4);
  const ids = (events: typeof before.events) => events.map(({ data }) => (data as { id: string }).id);
  await eventually(() => expect(ids(after.events)).toEqual([...missed, live]));
  expect(ids(before.events)).toEqual([seen]);
  // A process that is asked to stop waits for nobody who listens.
  const stopping = again.stop();
  await after.over;
  expect(after.events.at(-1)).toMatchObject({ event: 'end', data: { reason: 'restarting' } });
  expect(await stopping).toBe(0);
});
