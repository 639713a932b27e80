import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../apps/api/src/testing/test-api.ts';
import { type Program, startProgram } from './support/program.ts';
import { runPage } from './support/run-page.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let api: Program;
let dispatcher: Program;
const MINUTE = 60_000;

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_SWEEP_SECONDS: '1', ANIKA_RETRY_SCHEDULE: '0s,1s' };
  [api, dispatcher] = await Promise.all([
    startProgram('api', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
  ]);
});

afterAll(async () => {
  await Promise.all([api.stop(), dispatcher.stop()]);
  await databases.drop();
});

const stack = () => ({ api: api.url, operator: OPERATOR });

/** A message that one endpoint has taken, and that two who pull have not fetched yet. */
async function messageToRecall() {
  const scene = await createScene(api.url);
  const { client, owner, reader, topicId } = scene;
  const receiver = await startReceiver();
  await scene.subscribe(receiver);
  for (let n = 0; n < 2; n += 1) {
    const body = { topicId, delivery: { type: 'pull' } };
    await client.call('POST', '/v1/subscriptions', { token: reader.token, body });
  }
  const id = await scene.publish({ car: 'Vesta' });
  await eventually(async () => {
    const { body } = await client.call('GET', `/v1/messages/${id}/deliveries`, { token: owner.token });
    const states = body.items.map(({ state }: { state: string }) => state).sort();
    return states.join() === 'delivered,pending,pending';
  });
  return { variables: { API: api.url, TOKEN: owner.token, MESSAGE: id, TOPIC: topicId }, receiver };
}

describe('what the documents say to type does what they say', () => {
  it(
    'the README, and docs/access.md with its variables',
    async () => {
      expect((await runPage(['README.md', 'docs/access.md'], stack())).findings).toEqual([]);
    },
    MINUTE,
  );

  it(
    'docs/walkthrough.md: a day’s work of all four',
    async () => expect((await runPage(['docs/walkthrough.md'], stack())).findings).toEqual([]),
    3 * MINUTE,
  );

  it(
    'docs/pull.md: everything that was published is pulled, until nothing more comes',
    async () => {
      const { findings, printed } = await runPage(['docs/pull.md'], stack());
      expect(findings).toEqual([]);
      const bodies = printed[1]?.match(/"data":\{"n":\d\}/g);
      expect(bodies).toEqual([1, 2, 3].map((n) => `"data":{"n":${n}}`));
      expect(printed[1]?.match(/"status":200/g)).toHaveLength(3);
    },
    2 * MINUTE,
  );

  it(
    'docs/recall.md and docs/publishing.md',
    async () => {
      const { variables, receiver } = await messageToRecall();
      const AT = new Date(Date.now() + 86_400_000).toISOString();
      expect((await runPage(['docs/publishing.md'], stack(), { ...variables, AT })).findings).toEqual([]);
      expect((await runPage(['docs/recall.md'], stack(), variables)).findings).toEqual([]);
      await receiver.close();
    },
    2 * MINUTE,
  );
});
