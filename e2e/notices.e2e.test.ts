import { startTestSmtp, type TestSmtp } from '@anika/mail/test-smtp';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

const DAY_MS = 86_400_000;

let databases: TestDatabases;
let api: Program;
let dispatcher: Program;
let smtp: TestSmtp;
let settings: Record<string, string>;
let scene: Awaited<ReturnType<typeof createScene>>;

beforeAll(async () => {
  [databases, smtp] = await Promise.all([createTestDatabases(), startTestSmtp({ port: await freePort() })]);
  settings = { ANIKA_RETRY_SCHEDULE: '0s,50ms', ANIKA_SMTP_URL: smtp.url };
  [api, dispatcher] = await Promise.all([
    startProgram('api', { databases }),
    startProgram('dispatcher', { databases, settings }),
  ]);
  scene = await createScene(api.url);
});

afterAll(async () => {
  await Promise.all([api.stop(), dispatcher.stop()]);
  await smtp.close();
  await databases.drop();
});

type Notice = { id: string; type: string; data: Record<string, unknown> };

async function noticesOf(token: string, type: string): Promise<Notice[]> {
  const path = `/v1/notices?limit=200&type=${type}`;
  return (await scene.client.call('GET', path, { token })).body.items;
}

async function onNotices(
  token: string,
  eventTypes: string[],
): Promise<Receiver & { secret: string; id: string }> {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const body = { topicId: 'notices', url: receiver.url, eventTypes };
  const { body: made } = await scene.client.call('POST', '/v1/subscriptions', { token, body });
  expect(made.state).toBe('active');
  return Object.assign(receiver, { secret: made.secret as string, id: made.id as string });
}

const bodyOf = ({ rawBody }: { rawBody: string }): Notice => JSON.parse(rawBody);

it('a grant that will end is told to both, signed, and mailed to the admins', async () => {
  const { client, owner, reader, topicId } = scene;
  const receiver = await onNotices(reader.token, ['anika.grant.ending']);
  const pulling = { topicId: 'notices', delivery: { type: 'pull' }, eventTypes: ['anika.grant.ending'] };
  const { body: pull } = await client.call('POST', '/v1/subscriptions', {
    token: reader.token,
    body: pulling,
  });
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, {
    token: owner.token,
    body: { expiresAt: new Date(Date.now() + DAY_MS + 700).toISOString() },
  });
  const [request] = await receiver.waitFor(1);
  const headers = request?.headers as Record<string, string>;
  const verified = new Webhook(receiver.secret).verify(request?.rawBody ?? '', headers);
  expect(verified).toMatchObject({
    type: 'anika.grant.ending',
    data: { topicId, topicName: 'Выбор машины', readerName: 'ЭкспоБанк', daysLeft: 1 },
    topic: { name: 'notices' },
    publisher: { id: reader.id },
  });
  for (const { token } of [owner, reader]) {
    expect(await eventually(async () => (await noticesOf(token, 'anika.grant.ending'))[0])).toBeDefined();
  }
  const pulled = await client.call('POST', `/v1/subscriptions/${pull.id}/pull`, {
    token: reader.token,
    body: { waitSeconds: 20 },
  });
  expect(JSON.parse(pulled.body.items[0].body)).toMatchObject({
    type: 'anika.grant.ending',
    data: { topicId },
  });
  const to = () => smtp.mails.flatMap((mail) => mail.to).sort();
  await eventually(() => to().length === 2, { everyMs: 50 });
  expect(to()).toEqual([owner.adminEmail, reader.adminEmail].sort());
  expect(smtp.mails[0]?.text).toContain('«ЭкспоБанк»');
});

it('dead letters are one notice with their count and an example, and none about notices themselves', async () => {
  const { client, reader, subscribe, publish } = scene;
  const told = await onNotices(reader.token, ['anika.delivery.dead']);
  const broken = await startReceiver({ respond: () => ({ status: 500 }) });
  onTestFinished(() => broken.close());
  const { id } = await subscribe(broken);
  for (let n = 0; n < 5; n += 1) await publish({ n });
  const [request] = await told.waitFor(1);
  const { data } = bodyOf(request ?? { rawBody: '{}' });
  expect(data).toMatchObject({ subscriptionId: id });
  const example = await client.call('GET', `/v1/deliveries/${data.exampleDeliveryId}`, {
    token: reader.token,
  });
  expect(example.body).toMatchObject({ state: 'dead', subscriptionId: id });
  await eventually(async () => {
    const path = `/v1/deliveries?subscriptionId=${id}&state=dead&limit=200`;
    return (await client.call('GET', path, { token: reader.token })).body.items.length === 5;
  });
  // From now on notices themselves are not taken.
  told.respondWith(() => ({ status: 500 }));
  await client.call('POST', `/v1/subscriptions/${told.id}/test`, { token: reader.token });
  await client.call('PATCH', `/v1/subscriptions/${told.id}`, {
    token: reader.token,
    body: { eventTypes: [] },
  });
  await client.call('POST', '/v1/api-keys', { token: reader.token, body: { name: 'k' } });
  await eventually(async () => {
    const path = `/v1/deliveries?subscriptionId=${told.id}&state=dead`;
    return (await client.call('GET', path, { token: reader.token })).body.items.length > 0;
  });
  // What is told later was looked for later: by the third of these a look at dead letters is over.
  for (const keys of [2, 3, 4]) {
    await client.call('POST', '/v1/api-keys', { token: reader.token, body: { name: `later ${keys}` } });
    await eventually(async () => (await noticesOf(reader.token, 'anika.key.made')).length >= keys);
  }
  const dead = await noticesOf(reader.token, 'anika.delivery.dead');
  expect(dead.map((one) => one.data.subscriptionId)).toEqual([id]);
});

it('a dispatcher that is killed again and again loses no notice, and gives none twice', async () => {
  const { client, owner } = scene;
  const receiver = await onNotices(owner.token, ['anika.key.made']);
  const made: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    for (let n = 0; n < 10; n += 1) {
      const { body } = await client.call('POST', '/v1/api-keys', {
        token: owner.token,
        body: { name: `k${round}-${n}` },
      });
      made.push(body.id);
    }
    await dispatcher.kill();
    dispatcher = await startProgram('dispatcher', { databases, settings });
  }
  const keys = await eventually(
    async () => {
      const found = (await noticesOf(owner.token, 'anika.key.made')).map(({ data }) => data.keyId);
      return found.length >= made.length ? found : undefined;
    },
    { timeoutMs: 60_000, everyMs: 200 },
  );
  expect([...keys].sort()).toEqual([...made].sort());
  const arrivedKeys = () => new Set(receiver.received.map((one) => bodyOf(one).data.keyId));
  await eventually(() => arrivedKeys().size === made.length, { timeoutMs: 60_000, everyMs: 200 });
});

it('a mail server that is away holds up no notice, and gets the mails when it is back', async () => {
  const { client, owner, reader } = scene;
  const me = (await client.call('GET', '/v1/auth/me', { token: reader.token })).body;
  await client.call('PATCH', `/v1/users/${me.userId}/notice-settings`, {
    token: reader.token,
    body: { email: 'none' },
  });
  const colleague = await client.createUser(reader.token, { email: 'dezhurny@bank.example', role: 'viewer' });
  await client.call('PATCH', `/v1/users/${colleague.id}/notice-settings`, {
    token: reader.token,
    body: { email: 'each', types: ['anika.grant.given'], language: 'ru' },
  });
  const { port } = smtp;
  const before = smtp.mails.length;
  await smtp.close();
  const topic = await client.call('POST', '/v1/topics', { token: owner.token, body: { name: 'Сервис' } });
  await client.call('PUT', `/v1/topics/${topic.body.id}/grants/${reader.id}`, {
    token: owner.token,
    body: {},
  });
  await eventually(async () => {
    const found = await noticesOf(reader.token, 'anika.grant.given');
    return found.some(({ data }) => data.topicName === 'Сервис');
  });
  await eventually(() => dispatcher.output().includes('notices not mailed'), {
    timeoutMs: 40_000,
    everyMs: 100,
  });
  smtp = await startTestSmtp({ port });
  await eventually(() => smtp.mails.length === 1, { timeoutMs: 90_000, everyMs: 200 });
  expect(before).toBeGreaterThan(0);
  expect(smtp.mails[0]?.to).toEqual(['dezhurny@bank.example']);
  expect(smtp.mails[0]?.text).toContain('«ЭкспоБанк» получила доступ к топику «Сервис»');
});
