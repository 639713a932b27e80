import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let programs: Program[];
let scene: Awaited<ReturnType<typeof createScene>>;

beforeAll(async () => {
  databases = await createTestDatabases();
  // Two of the api: what one has made, the other holds messages for.
  programs = await Promise.all([
    startProgram('api', { databases }),
    startProgram('api', { databases }),
    startProgram('dispatcher', { databases }),
  ]);
  scene = await createScene(programs[0]?.url ?? '');
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await databases.drop();
});

it('none is lost between the creation and the proof, and they come in their order', async () => {
  const { client, owner, reader, topicId } = scene;
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const body = { topicId, url: receiver.url, verify: false };
  const made = await client.call('POST', '/v1/subscriptions', { token: reader.token, body });
  expect(made).toMatchObject({
    status: 201,
    body: { state: 'pending', stateReason: expect.stringMatching(/^not verified yet/) },
  });

  const published: string[] = [];
  for (let n = 0; n < 40; n += 1) {
    const url = programs[n % 2]?.url ?? '';
    const response = await fetch(`${url}/v1/topics/${topicId}/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${owner.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'car.chosen', data: { n } }),
    });
    expect(response.status).toBe(202);
    published.push(JSON.parse(await response.text()).id);
  }
  const held = `/v1/deliveries?subscriptionId=${made.body.id}&state=held&limit=200`;
  await eventually(async () => {
    const { body: page } = await client.call('GET', held, { token: reader.token });
    expect(page.items).toHaveLength(40);
    expect(page.items[0].reason).toBe('subscription-unverified');
    return true;
  });
  expect([receiver.received.length, receiver.challenges.length]).toEqual([0, 0]);

  const verified = await client.call('POST', `/v1/subscriptions/${made.body.id}/verify`, {
    token: reader.token,
  });
  expect(verified.body.state).toBe('active');
  const arrived = await receiver.waitFor(40, 30_000);
  expect(arrived.map(({ headers }) => headers['webhook-id'])).toEqual(published);
});

it('an address that does not answer its challenge gets nothing else, whatever is tried', async () => {
  const { client, reader, topicId, publish } = scene;
  const victim = await startReceiver({ respondToChallenge: () => ({ status: 404 }) });
  onTestFinished(() => victim.close());
  const call = (action: string) =>
    client.call('POST', `/v1/subscriptions/${made.body.id}/${action}`, { token: reader.token });
  const body = { topicId, url: victim.url, verify: false };
  const made = await client.call('POST', '/v1/subscriptions', { token: reader.token, body });
  const messageId = await publish({ price: 1 });
  expect((await call('test')).status).toBe(409);
  expect((await call('pause')).body.state).toBe('paused');
  expect((await call('resume')).body.state).toBe('pending');
  expect((await call('verify')).body.state).toBe('pending');
  expect((await call('redrive')).status).toBe(409);
  const delivery = await eventually(async () => {
    const path = `/v1/deliveries?subscriptionId=${made.body.id}`;
    return (await client.call('GET', path, { token: reader.token })).body.items[0];
  });
  expect(delivery).toMatchObject({ messageId, state: 'held', attemptCount: 0 });
  const retried = await client.call('POST', `/v1/deliveries/${delivery.id}/retry`, { token: reader.token });
  expect(retried.status).toBe(409);
  expect([victim.received.length, victim.challenges.length]).toEqual([0, 2]);
});
