import { createPublicKey } from 'node:crypto';
import { createLogger } from '@anika/runtime/logger';
import { connectMongo } from '@anika/stores/mongo/client';
import { connectPostgres } from '@anika/stores/postgres/client';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import jsonwebtoken from 'jsonwebtoken';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from './commands.ts';
import { readConfig } from './config.ts';
import { setUpFactor } from './testing/authenticator.ts';
import { startTestApi, type TestApi } from './testing/test-api.ts';
import { createClient, settingsFor, type TestPartner } from './testing/test-client.ts';

const logger = createLogger({ name: 'api', level: 'silent' });
const NEW_KEY = `k2:${Buffer.alloc(32, 9).toString('base64')}`;

let api: TestApi;
let receiver: Receiver;
let partner: TestPartner;

beforeAll(async () => {
  [api, receiver] = await Promise.all([startTestApi(), startReceiver()]);
  partner = await api.createPartner();
});

afterAll(async () => {
  await Promise.all([api.close(), receiver.close()]);
});

function run(name: string, settings: Readonly<Record<string, string>> = {}): Promise<void> | undefined {
  const { ANIKA_SECRET_KEYS: oldKey, ...rest } = settingsFor(api.databases);
  const keys = { ANIKA_SECRET_KEYS: `${NEW_KEY},${oldKey}` };
  return COMMANDS[name]?.(readConfig({ ...rest, ...keys, ...settings }), logger);
}

/** Another process on the same stores, with the new key only. */
function startWithNewKeyOnly(): Promise<TestApi> {
  const { DATABASE_URL = '', MONGODB_URL = '' } = settingsFor(api.databases);
  return startTestApi({ DATABASE_URL, MONGODB_URL, ANIKA_SECRET_KEYS: NEW_KEY });
}

describe('the command reseal, of headers from before their values were sealed', () => {
  it('leaves none in clear, and they are sent before and after as they were', async () => {
    const topic = await api.call('POST', '/v1/topics', { token: partner.token, body: { name: 'Заголовки' } });
    const { body: subscription } = await api.call('POST', '/v1/subscriptions', {
      token: partner.token,
      body: { topicId: topic.body.id, url: receiver.url, headers: { 'X-New': 'sealed at once' } },
    });
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    const { db } = postgres;
    await db.$executeRaw`
      UPDATE subscriptions SET headers = headers || '{"Authorization": "Basic from-before"}' WHERE id = ${subscription.id}`;
    const stored = async () =>
      (await db.$queryRaw<{ text: string }[]>`SELECT headers::text AS text FROM subscriptions`)
        .map(({ text }) => text)
        .join();
    const sent = async () => {
      const before = receiver.received.length;
      await api.call('POST', `/v1/subscriptions/${subscription.id}/test`, { token: partner.token });
      return (await receiver.waitFor(before + 1))[before]?.headers;
    };
    const whole = { authorization: 'Basic from-before', 'x-new': 'sealed at once' };
    expect(await stored()).toContain('from-before');
    expect(await sent()).toMatchObject(whole);
    await run('reseal', settingsFor(api.databases));
    expect(await stored()).not.toMatch(/from-before|sealed at once/);
    expect(await sent()).toMatchObject(whole);
    const sealed = await stored();
    await run('reseal', settingsFor(api.databases));
    expect(await stored()).toBe(sealed);
    await postgres.close();
  });
});

describe('the command reseal', () => {
  it('makes the older key needless: secrets and sessions work with the new one alone', async () => {
    const topic = await api.call('POST', '/v1/topics', { token: partner.token, body: { name: 'Топик' } });
    const { body: subscription } = await api.call('POST', '/v1/subscriptions', {
      token: partner.token,
      body: { topicId: topic.body.id, url: receiver.url },
    });
    const { body: asymmetric } = await api.call('POST', '/v1/subscriptions', {
      token: partner.token,
      body: { topicId: topic.body.id, url: receiver.url, signature: 'ed25519' },
    });
    const path = `/v1/subscriptions/${subscription.id}`;
    await api.call('POST', `${path}/rotate-secret`, { token: partner.token, body: {} });
    const rotated = await api.call('POST', `${path}/rotate-secret`, { token: partner.token, body: {} });
    const user = { email: `${crypto.randomUUID()}@partner.test`, role: 'viewer' } as const;
    const { email } = await api.createUser(partner.token, user);
    const password = 'correct horse battery';
    const app = await setUpFactor(api, await api.login(email, password), password);
    const { ANIKA_SECRET_KEYS: oldKey } = settingsFor(api.databases);
    await run('reseal', { ANIKA_SECRET_KEYS: `${NEW_KEY},${oldKey}` });

    const other = await startWithNewKeyOnly();
    const answer = await other.call('GET', `${path}/secret`, { token: partner.token });
    const testPath = `/v1/subscriptions/${asymmetric.id}/test`;
    const tested = await other.call('POST', testPath, { token: partner.token });
    const first = await other.call('POST', '/v1/auth/login', { body: { email, password } });
    const step = { challenge: first.body.challenge.token, code: app.code() };
    expect((await other.call('POST', '/v1/auth/totp/login', { body: step })).status).toBe(200);
    await other.close();
    expect(tested).toMatchObject({ status: 200, body: { delivered: true } });
    expect(answer).toMatchObject({ status: 200, body: rotated.body });
    expect(rotated.body.previousSecrets).toHaveLength(2);
    await run('reseal', { ANIKA_SECRET_KEYS: NEW_KEY }); // nothing is left that it could not open
  });
});

describe('the command rotate-signing-key', () => {
  it('signs new tokens with a new key, while the tokens before stay good', async () => {
    const kidOf = (token: string) => jsonwebtoken.decode(token, { complete: true })?.header.kid;
    const before = await startWithNewKeyOnly();
    const meAt = async (there: TestApi, token: string) =>
      (await there.call('GET', '/v1/auth/me', { token })).status;
    expect(await meAt(before, partner.token)).toBe(200);
    await run('rotate-signing-key', { ANIKA_SECRET_KEYS: NEW_KEY });

    const after = await startWithNewKeyOnly();
    const fresh = await createClient(after.url).login(partner.adminEmail, 'correct horse battery');
    expect(kidOf(fresh)).not.toBe(kidOf(partner.token));
    expect(await meAt(after, fresh)).toBe(200);
    expect(await meAt(after, partner.token)).toBe(200);
    const { keys } = (await after.call('GET', '/.well-known/jwks.json')).body;
    expect(keys.filter(({ kid }: { kid: string }) => !kid.startsWith('receipt-'))).toHaveLength(2);
    // A process that has not heard of the new key asks for it, though not with every request.
    await expect.poll(() => meAt(before, fresh)).toBe(200);
    await Promise.all([before.close(), after.close()]);
  });
});

describe('the command rotate-webhook-key', () => {
  it('adds a key that signs beside the one before; another rotation takes that one away', async () => {
    const keys = async () => {
      const fresh = await startWithNewKeyOnly();
      const { body } = await fresh.call('GET', '/.well-known/anika-webhook-keys.json');
      await fresh.close();
      return body.keys.map(({ kid }: { kid: string }) => kid);
    };
    const [first, ...none] = await keys();
    expect(none).toEqual([]);
    await run('rotate-webhook-key', { ANIKA_SECRET_KEYS: NEW_KEY });
    const [second, former] = await keys();
    expect([former, second === first]).toEqual([first, false]);
    await run('rotate-webhook-key', { ANIKA_SECRET_KEYS: NEW_KEY });
    const both = await keys();
    expect(both).toHaveLength(2);
    expect([both[1], both.includes(first)]).toEqual([second, false]);
  });
});

describe('the command rotate-receipt-key', () => {
  it('signs receipts with a new key, keeps what verifies the ones before and destroys what signed them', async () => {
    const { body: topic } = await api.call('POST', '/v1/topics', {
      token: partner.token,
      body: { name: 'Чеки' },
    });
    const look = async () => {
      const fresh = await startWithNewKeyOnly();
      const range = 'from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z';
      const path = `/v1/receipts?topicId=${topic.id}&${range}`;
      const { body } = await fresh.call('GET', path, { token: partner.token });
      const { body: jwks } = await fresh.call('GET', '/.well-known/jwks.json');
      await fresh.close();
      const { header } = jsonwebtoken.decode(body.jws, { complete: true }) ?? expect.unreachable();
      return { receipt: body, kid: header.kid, keys: jwks.keys };
    };
    // Made with the old key of the settings, or there already.
    await run('reseal');
    const before = await look();
    await run('rotate-receipt-key');
    const after = await look();
    expect(after.kid).not.toBe(before.kid);
    expect(after.receipt.fingerprint).toBe(before.receipt.fingerprint);
    for (const { receipt, kid } of [before, after]) {
      const jwk = after.keys.find((key: { kid: string }) => key.kid === kid);
      jsonwebtoken.verify(receipt.jws, createPublicKey({ key: jwk, format: 'jwk' }), {
        algorithms: ['ES256'],
      });
    }
    const postgres = connectPostgres({ url: api.databases.databaseUrl });
    const stored = await postgres.db.receiptKey.findMany({ orderBy: { createdAt: 'asc' } });
    expect(stored.map(({ kid, privateKey }) => [kid, privateKey === null])).toEqual([
      [before.kid, true],
      [after.kid, false],
    ]);
    await postgres.close();
  });
});

describe('the commands set-operator and remove-operator', () => {
  const email = 'Second@anika.test';
  const set = (password: string) =>
    run('set-operator', { ANIKA_OPERATOR_EMAIL: email, ANIKA_OPERATOR_PASSWORD: password });
  const login = (password: string) =>
    api.call('POST', '/v1/auth/login', { body: { email: email.toLowerCase(), password } });

  it('make an operator, change its password, and take it away', async () => {
    await set('the first password');
    const before = await login('the first password');
    expect(before.status).toBe(200);
    await setUpFactor(api, before.body.accessToken, 'the first password');
    expect((await login('the first password')).body.code).toBe('totp-required');

    await set('the second password');
    expect((await login('the first password')).status).toBe(401);
    const { refreshToken } = before.body;
    expect((await api.call('POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    const { body } = await login('the second password');
    expect((await api.call('GET', '/v1/partners', { token: body.accessToken })).status).toBe(200);

    await run('remove-operator', { ANIKA_OPERATOR_EMAIL: email });
    expect((await login('the second password')).status).toBe(401);
    const status = async () => (await api.call('GET', '/v1/partners', { token: body.accessToken })).status;
    await expect.poll(status).toBe(401);
  });

  it.each<[string, string, Record<string, string>, RegExp]>([
    ['no password', 'set-operator', { ANIKA_OPERATOR_EMAIL: email }, /ANIKA_OPERATOR_PASSWORD/],
    ['no email', 'remove-operator', {}, /ANIKA_OPERATOR_EMAIL/],
    ['nobody', 'remove-operator', { ANIKA_OPERATOR_EMAIL: 'nobody@anika.test' }, /no operator nobody/],
    ['the last one', 'remove-operator', { ANIKA_OPERATOR_EMAIL: 'operator@anika.test' }, /last operator/],
  ])('say what is wrong: %s', async (_, command, settings, message) => {
    const nothing = { ANIKA_OPERATOR_EMAIL: '', ANIKA_OPERATOR_PASSWORD: '' };
    await expect(run(command, { ...nothing, ...settings })).rejects.toThrow(message);
  });

  it('refuse the email of a user of a partner', async () => {
    const settings = { ANIKA_OPERATOR_EMAIL: partner.adminEmail, ANIKA_OPERATOR_PASSWORD: 'a new password' };
    await expect(run('set-operator', settings)).rejects.toThrow(/belongs to a user of a partner/);
  });
});

describe('the command index-words', () => {
  it('finds by their words, again and once, messages whose index was lost', async () => {
    const topic = await api.call('POST', '/v1/topics', { token: partner.token, body: { name: 'Слова' } });
    const publish = (data: unknown) =>
      api.call('POST', `/v1/topics/${topic.body.id}/messages`, {
        token: partner.token,
        body: { type: 'car.chosen', data },
      });
    for (let n = 0; n < 3; n += 1) await publish({ text: `Зелёная Ёлка ${n}` });
    await publish({ text: 'Красная Лада' });
    const idsOf = async (q: string): Promise<string[]> => {
      const query = new URLSearchParams({ topicId: topic.body.id, q });
      const { body } = await api.call('GET', `/v1/messages?${query}`, { token: partner.token });
      return body.items.map((item: { id: string }) => item.id);
    };
    const mongo = connectMongo({ url: api.databases.mongodbUrl });
    const ofTopic = { topicId: topic.body.id };
    await eventually(async () => {
      const open = await mongo.messages.countDocuments({ ...ofTopic, pendingSince: { $exists: true } });
      return open === 0;
    });
    const before = await idsOf('елка');
    expect(before).toHaveLength(3);

    await mongo.wordBlocks.deleteMany(ofTopic);
    expect(await idsOf('елка')).toEqual([]);
    for (let times = 0; times < 2; times += 1) {
      await run('index-words');
      expect(await idsOf('елка')).toEqual(before);
      expect(await idsOf('лада')).toHaveLength(1);
    }
    await mongo.close();
  });
});
