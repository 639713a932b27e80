import { MODULES } from '@anika/contracts/route';
import { FAILURES } from '@anika/core/failures';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeOf, REFUSALS, type Refusal } from '../apps/api/src/auth/refusals.ts';
import { createClient, type TestPartner } from '../apps/api/src/testing/test-client.ts';
import { type Gateway, startGateway } from './support/nginx.ts';
import { type Program, startProgram } from './support/program.ts';

let databases: TestDatabases;
let gateway: Gateway;
let services: Record<(typeof MODULES)[number], Program>;
let dispatcher: Program;
let receiver: Receiver;
let client: ReturnType<typeof createClient>;
let owner: TestPartner;
let reader: TestPartner;

/** As in docker-compose.yml: one process for each part of the api, and the gateway in front. */
beforeAll(async () => {
  databases = await createTestDatabases();
  // The gateway's questions must not use up what a partner may read.
  const started = await Promise.all(
    MODULES.map((module) =>
      startProgram('api', {
        databases,
        settings: {
          ANIKA_MODULES: module,
          ANIKA_TRUST_PROXY: '1',
          ...(module === 'auth' && { ANIKA_RATE_READ: '1' }),
        },
      }),
    ),
  );
  const [auth, topics, messages] = started;
  if (auth === undefined || topics === undefined || messages === undefined) throw new Error('not started');
  services = { auth, topics, messages };
  dispatcher = await startProgram('dispatcher', { databases });
  gateway = await startGateway({ auth: auth.url, topics: topics.url, messages: messages.url });
  receiver = await startReceiver();
  client = createClient(gateway.url);
  owner = await client.createPartner('АвтоЭкспресс');
  reader = await client.createPartner('ЭкспоБанк');
});

afterAll(async () => {
  await gateway?.stop();
  await receiver?.close();
  await Promise.all([...Object.values(services ?? {}), dispatcher].map((program) => program?.stop()));
  await databases?.drop();
});

async function topicOf(partner: TestPartner, name: string): Promise<string> {
  const { status, body } = await client.call('POST', '/v1/topics', { token: partner.token, body: { name } });
  expect(status).toBe(201);
  return body.id;
}

describe('three api processes behind the gateway', () => {
  it('tell the story: topic, grant, subscription, message, signed webhook, search', async () => {
    const topicId = await topicOf(owner, 'Выбор машины');
    await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token, body: {} });
    const subscription = await client.call('POST', '/v1/subscriptions', {
      token: reader.token,
      body: { topicId, url: receiver.url },
    });
    expect(subscription).toMatchObject({ status: 201, body: { state: 'active' } });
    const published = await client.call('POST', `/v1/topics/${topicId}/messages`, {
      token: owner.token,
      body: { type: 'car.chosen', data: { модель: 'Волга' } },
      headers: { 'Idempotency-Key': 'once' },
    });
    expect(published.status).toBe(202);
    const [webhook] = await receiver.waitFor(1);
    if (webhook === undefined) throw new Error('nothing arrived');
    expect(webhook.headers['webhook-id']).toBe(published.body.id);
    new Webhook(subscription.body.secret).verify(webhook.rawBody, webhook.headers as Record<string, string>);
    const found = await client.call('GET', `/v1/messages?topicId=${topicId}`, { token: reader.token });
    expect(found.body.items).toMatchObject([{ id: published.body.id, data: { модель: 'Волга' } }]);
  });

  it('let nobody be somebody else: a forged partner header changes nothing', async () => {
    const topicId = await topicOf(owner, 'Чужая тема');
    const forged = { 'X-Partner-Id': owner.id, 'X-User-Id': 'usr_forged', 'X-Role': 'operator' };
    const read = await client.call('GET', `/v1/topics/${topicId}`, { token: reader.token, headers: forged });
    expect(read.status).toBe(404);
    const listed = await client.call('GET', '/v1/partners', { token: reader.token, headers: forged });
    expect(listed.status).toBe(403);
    expect((await client.call('GET', `/v1/topics/${topicId}`, { headers: forged })).status).toBe(401);
  });

  it.each<[string, Record<string, string>, Refusal]>([
    ['none', {}, 'missing'],
    ['Basic', { Authorization: 'Basic dTpw' }, 'wrong-scheme'],
    ['X-API-Key', { 'X-API-Key': 'ank_nonsense' }, 'wrong-scheme'],
    ['a malformed token', { Authorization: 'Bearer nonsense' }, 'malformed'],
    ['a malformed key', { Authorization: 'Bearer ank_nonsense' }, 'malformed'],
    ['a forged token', { Authorization: 'Bearer a.b.c' }, 'invalid'],
  ])('say as the auth service does why a credential is refused: %s', async (_what, credential, refusal) => {
    const { status, body, headers } = await client.call('POST', '/v1/topics', {
      headers: credential,
      body: { name: 'x' },
    });
    expect(status).toBe(401);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(headers.get('www-authenticate')).toBe(challengeOf(refusal));
    expect(body).toMatchObject({
      title: FAILURES.unauthenticated.title,
      detail: REFUSALS[refusal],
      code: 'unauthenticated',
      requestId: headers.get('x-request-id'),
    });
  });

  it("let a key that may only publish publish, as often as the publisher's quota allows", async () => {
    const topicId = await topicOf(owner, 'Ключ издателя');
    const token = await owner.apiKey(['publish']);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        client.call('POST', `/v1/topics/${topicId}/messages`, { token, body: { type: 't', data: n } }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 202));
    expect((await client.call('GET', `/v1/topics/${topicId}`, { token })).status).toBe(403);
  });

  it('see an API key stop working soon after it was revoked', async () => {
    const key = await client.call('POST', '/v1/api-keys', {
      token: owner.token,
      body: { name: 'short', scopes: ['read'] },
    });
    const use = () => client.call('GET', '/v1/topics', { token: key.body.key });
    expect((await use()).status).toBe(200);
    await client.call('DELETE', `/v1/api-keys/${key.body.id}`, { token: owner.token });
    await expect.poll(async () => (await use()).status).toBe(401);
  });

  it('serve the pages: health, documents, operators; and neither metrics nor internals', async () => {
    const status = async (path: string) => (await client.call('GET', path)).status;
    for (const path of ['/healthz', '/readyz', '/openapi.json', '/docs', '/.well-known/jwks.json']) {
      expect(await status(path), path).toBe(200);
    }
    expect((await client.call('GET', '/admin/login')).body).toContain('<form');
    for (const path of ['/metrics', '/internal/auth/verify']) expect(await status(path), path).toBe(404);
  });

  it('answer 503 while a part is away, and the other parts go on', async () => {
    await services.messages.stop();
    const away = await client.call('GET', '/v1/messages', { token: owner.token });
    expect(away).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect(away.headers.get('retry-after')).toBe('1');
    expect((await client.call('GET', '/v1/topics', { token: owner.token })).status).toBe(200);
  });
});
