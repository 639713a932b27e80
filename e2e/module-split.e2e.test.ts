import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../apps/api/src/testing/test-client.ts';
import { type Program, startProgram } from './support/program.ts';

let databases: TestDatabases;
let auth: Program;
let topics: Program;
let messages: Program;

beforeAll(async () => {
  databases = await createTestDatabases();
  const only = (module: string) => startProgram('api', { databases, settings: { ANIKA_MODULES: module } });
  [auth, topics, messages] = await Promise.all([only('auth'), only('topics'), only('messages')]);
});

afterAll(async () => {
  await Promise.all([auth?.stop(), topics?.stop(), messages?.stop()]);
  await databases?.drop();
});

it('each part serves its own routes with the tokens of the others', async () => {
  const owner = await createClient(auth.url).createPartner('АвтоЭкспресс');
  const { token } = owner;
  const topic = await createClient(topics.url).call('POST', '/v1/topics', {
    token,
    body: { name: 'Заявки' },
  });
  expect(topic.status).toBe(201);
  const published = await createClient(messages.url).call('POST', `/v1/topics/${topic.body.id}/messages`, {
    token,
    body: { type: 'order.created', data: { номер: 7 } },
  });
  expect(published.status).toBe(202);
});

it('a part does not know the routes of the others', async () => {
  const { token } = await createClient(auth.url).createPartner();
  expect((await createClient(auth.url).call('GET', '/v1/topics', { token })).status).toBe(404);
  expect((await createClient(topics.url).call('GET', '/v1/messages', { token })).status).toBe(404);
  expect((await createClient(messages.url).call('GET', '/v1/users', { token })).status).toBe(404);
});

it('a suspension in one part is known in the others', async () => {
  const client = createClient(auth.url);
  const partner = await client.createPartner();
  const other = createClient(messages.url);
  expect((await other.call('GET', '/v1/messages', { token: partner.token })).status).toBe(200);
  const operator = await client.login('operator@anika.test', 'operator-password-1');
  await client.call('PATCH', `/v1/partners/${partner.id}`, {
    token: operator,
    body: { status: 'suspended' },
  });
  const status = async () => (await other.call('GET', '/v1/messages', { token: partner.token })).status;
  // A second, and what a busy machine adds; the token itself lasts for minutes.
  await expect.poll(status, { timeout: 5000 }).toBe(401);
});
