import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@anika/client/client';
import { listDeliveries } from '@anika/contracts/deliveries';
import { listMyGrants } from '@anika/contracts/grants';
import { listApiKeys, listPartners } from '@anika/contracts/partners';
import { listSubscriptions } from '@anika/contracts/subscriptions';
import { listTopics } from '@anika/contracts/topics';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { OPERATOR } from '../apps/api/src/testing/test-client.ts';
import { signedIn } from '../tools/sample/ask.ts';
import { openSample, type Sample, sampleSettings } from '../tools/sample/sample.ts';
import { type Program, startProgram } from './support/program.ts';

const MINUTE_MS = 60_000;

let databases: TestDatabases;
let programs: Program[];
let home: string;
let api = '';

beforeAll(async () => {
  databases = await createTestDatabases();
  home = await mkdtemp(join(tmpdir(), 'anika-sample-'));
  const { ANIKA_RETRY_SCHEDULE, ANIKA_EGRESS_ALLOW } = sampleSettings({});
  const settings = {
    ANIKA_RETRY_SCHEDULE: ANIKA_RETRY_SCHEDULE ?? '',
    ANIKA_EGRESS_ALLOW: ANIKA_EGRESS_ALLOW ?? '',
  };
  programs = await Promise.all([
    startProgram('api', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
  ]);
  api = programs[0]?.url ?? '';
});
afterAll(async () => {
  for (const program of programs ?? []) await program.stop();
  await databases?.drop();
  await rm(home, { recursive: true, force: true });
});

/** Everything that was made, by its name and how often. */
async function made({ companies }: Sample): Promise<object> {
  const nobody = createClient({ baseUrl: api });
  const query = { limit: 200 };
  const operator = await signedIn(nobody, OPERATOR);
  const partners = await operator.ask(listPartners, { query });
  const ofEach = await Promise.all(
    companies.map(async (account) => {
      const client = await signedIn(nobody, account);
      const [topics, subscriptions, keys, grants] = await Promise.all([
        client.ask(listTopics, { query }),
        client.ask(listSubscriptions, { query }),
        client.ask(listApiKeys, { query }),
        client.ask(listMyGrants, { query }),
      ]);
      return {
        email: account.email,
        topics: topics.items.map(({ id }) => id).sort(),
        subscriptions: subscriptions.items.map(({ id, url }) => `${id} ${url}`).sort(),
        keys: keys.items.map(({ id }) => id).sort(),
        grants: grants.items.map(({ id, version }) => `${id} v${version}`).sort(),
      };
    }),
  );
  return { partners: partners.items.map(({ name }) => name).sort(), ofEach };
}

it('shows deliveries of every kind within a minute: taken, tried again, given up and pulled', async () => {
  const sample = await openSample({ api, operator: OPERATOR, home });
  try {
    const [dealer, bank] = await Promise.all(
      sample.companies.map((account) => signedIn(createClient({ baseUrl: api }), account)),
    );
    const has = async (client: typeof dealer, state: 'delivered' | 'dead', attempts: number) => {
      if (client === undefined) throw new Error('the sample has two companies');
      const { items } = await client.ask(listDeliveries, { query: { state, limit: 200 } });
      return items.some(({ attemptCount }) => attemptCount >= attempts) || undefined;
    };
    const within = { timeoutMs: MINUTE_MS };
    await eventually(() => has(bank, 'delivered', 1), within);
    await eventually(() => has(bank, 'delivered', 2), within);
    await eventually(() => has(bank, 'dead', 4), within);
    await eventually(() => has(dealer, 'delivered', 1), within);
  } finally {
    await sample.stop();
  }
});

it('makes nothing twice when it is opened again', async () => {
  const first = await openSample({ api, operator: OPERATOR, home });
  const before = await made(first);
  await first.stop();
  const second = await openSample({ api, operator: OPERATOR, home });
  expect(await made(second)).toEqual(before);
  expect(second.companies).toEqual(first.companies);
  expect(before).toMatchObject({ partners: ['ExpoBank', 'АвтоЭкспресс'] });
  await second.stop();
});

it('says what to do when the passwords of its companies are lost', async () => {
  await rm(join(home, 'sample.json'), { force: true });
  await expect(openSample({ api, operator: OPERATOR, home })).rejects.toThrow(/not the one in sample\.json/);
});
