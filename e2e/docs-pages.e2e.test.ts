import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OPERATOR } from '../apps/api/src/testing/test-client.ts';
import { startEndpointOf } from './support/page-endpoint.ts';
import { countedTopic, messageToRecall, subscriptionThatMisses, toldReader } from './support/page-scenes.ts';
import { type Program, startProgram } from './support/program.ts';
import { runPage } from './support/run-page.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let api: Program;
let dispatcher: Program;
const MINUTE = 60_000;

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = {
    ANIKA_SWEEP_SECONDS: '1',
    ANIKA_STATS_SECONDS: '1',
    ANIKA_RETRY_SCHEDULE: '0s,1s',
  };
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

// Which pages are typed is read out of the calls of runPage() by tools/checks/typed-pages.ts.
describe('what the documents say to type does what they say', () => {
  it(
    'the README, and the pages that go on with its variables',
    async () => {
      const { findings } = await runPage(
        ['README.md', 'docs/access.md', 'docs/receipts.md', 'docs/operations.md'],
        stack(),
      );
      expect(findings).toEqual([]);
    },
    3 * MINUTE,
  );

  it(
    'docs/walkthrough.md: a day’s work of all four',
    async () => expect((await runPage(['docs/walkthrough.md'], stack())).findings).toEqual([]),
    3 * MINUTE,
  );

  it(
    'docs/accounts.md',
    async () => expect((await runPage(['docs/accounts.md'], stack())).findings).toEqual([]),
    2 * MINUTE,
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
    'docs/publishing.md and docs/recall.md',
    async () => {
      const { variables, receiver } = await messageToRecall(api.url);
      try {
        const AT = new Date(Date.now() + 86_400_000).toISOString();
        const publishing = await runPage(['docs/publishing.md'], stack(), {
          variables: { ...variables, AT },
        });
        expect(publishing.findings).toEqual([]);
        expect((await runPage(['docs/recall.md'], stack(), { variables })).findings).toEqual([]);
      } finally {
        await receiver.close();
      }
    },
    2 * MINUTE,
  );

  it(
    'docs/figures.md: what was counted, and what happens while it is looked at',
    async () => {
      const { variables, receiver, publish } = await countedTopic(api.url);
      let isOver = false;
      let published: Promise<unknown> | undefined;
      const publishOn = () => publish().then(() => isOver);
      // The figures were read by then: what is published from now on is for the stream.
      const onStep = () => {
        published ??= eventually(publishOn, { timeoutMs: MINUTE, everyMs: 200 });
      };
      try {
        const { findings } = await runPage(['docs/figures.md'], stack(), { variables, onStep });
        expect(findings).toEqual([]);
      } finally {
        isOver = true;
        await published;
        await receiver.close();
      }
    },
    2 * MINUTE,
  );

  it(
    'docs/notices.md',
    async () => {
      const variables = await toldReader(api.url);
      expect((await runPage(['docs/notices.md'], stack(), { variables })).findings).toEqual([]);
    },
    2 * MINUTE,
  );

  it(
    'docs/replay.md',
    async () => {
      const variables = await subscriptionThatMisses(api.url);
      expect((await runPage(['docs/replay.md'], stack(), { variables })).findings).toEqual([]);
    },
    2 * MINUTE,
  );

  it(
    'docs/webhooks.md: its endpoint answers the challenge and shows what comes',
    async () => {
      const scene = await createScene(api.url);
      const endpoint = await startEndpointOf('docs/webhooks.md');
      try {
        await scene.subscribe(endpoint);
        const id = await scene.publish({ car: 'Веста' });
        await endpoint.says(`${id} {"type":"car.chosen"`);
      } finally {
        await endpoint.stop();
      }
    },
    MINUTE,
  );
});
