import { join, resolve } from 'node:path';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, settingsFor } from '../apps/api/src/testing/test-client.ts';
import { runCommand } from '../tools/run-command.ts';
import { startProgram } from './support/program.ts';

const ROOT = resolve(import.meta.dirname, '..');
const TIMEOUT = { timeoutMs: 60_000 };

let databases: TestDatabases;

beforeAll(async () => {
  databases = await createTestDatabases();
  const bundle = (app: string) =>
    runCommand(process.execPath, [join(ROOT, 'tools/bundle.mjs')], {
      ...TIMEOUT,
      cwd: join(ROOT, 'apps', app),
    });
  await Promise.all(['api', 'dispatcher'].map(bundle));
});

afterAll(() => databases?.drop());

describe('the bundles that the image runs', () => {
  it('bring a database up to date, and find nothing to do the second time', async () => {
    const env = { PATH: process.env.PATH, ...settingsFor(databases), ANIKA_LOG_LEVEL: 'info' };
    const output = await runCommand(process.execPath, ['apps/api/dist/main.js', 'migrate'], {
      ...TIMEOUT,
      cwd: ROOT,
      env,
    });
    expect(JSON.parse(output)).toMatchObject({ applied: [], msg: 'the database is up to date' });
  });

  it('take a message, deliver it, and end with 0 when they are asked to', async () => {
    const programs = await Promise.all([
      startProgram('api', { databases, from: 'bundle' }),
      startProgram('dispatcher', { databases, from: 'bundle' }),
    ]);
    const receiver = await startReceiver();
    const client = createClient(programs[0].url);
    const { token } = await client.createPartner('АвтоЭкспресс');
    const topic = await client.call('POST', '/v1/topics', { token, body: { name: 'Выбор машины' } });
    const body = { topicId: topic.body.id, url: receiver.url };
    expect((await client.call('POST', '/v1/subscriptions', { token, body })).body.state).toBe('active');
    const published = await client.call('POST', `/v1/topics/${topic.body.id}/messages`, {
      token,
      body: { type: 'car.chosen', data: { модель: 'Волга' } },
    });
    const [webhook] = await receiver.waitFor(1);
    expect(webhook?.headers['webhook-id']).toBe(published.body.id);
    expect((await client.call('GET', '/docs/swagger-ui-bundle.js')).status).toBe(200);
    await receiver.close();
    expect(await Promise.all(programs.map((program) => program.stop()))).toEqual([0, 0]);
  });
});
