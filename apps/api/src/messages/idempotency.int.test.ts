import { createHash, randomBytes } from 'node:crypto';
import { idempotencyInput, idempotentMessageId, type PartnerId, type TopicId } from '@anika/core/ids';
import { createLogger } from '@anika/runtime/logger';
import { connectMongo } from '@anika/stores/mongo/client';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { connectPostgres } from '@anika/stores/postgres/client';
import { createInstallationStore } from '@anika/stores/postgres/installation';
import { createTestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../commands.ts';
import { readConfig } from '../config.ts';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { type CallOptions, settingsFor } from '../testing/test-client.ts';
import { createMessageIds } from './message-ids.ts';

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

function publish(topicId: string, options: CallOptions, by: Pick<TestApi, 'call'> = api) {
  return by.call('POST', `/v1/topics/${topicId}/messages`, { token: parties.owner.token, ...options });
}

function publishBatch(topicId: string, messages: readonly unknown[], key: string) {
  return api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
    token: parties.owner.token,
    body: { messages },
    headers: { 'Idempotency-Key': key },
  });
}

async function idsIn(topicId: string): Promise<string[]> {
  const { body } = await api.call('GET', `/v1/messages?topicId=${topicId}&limit=200`, {
    token: parties.owner.token,
  });
  return body.items.map((item: { id: string }) => item.id);
}

/** Another process on the same stores. */
function startAnother(settings: Readonly<Record<string, string>> = {}): Promise<TestApi> {
  const { DATABASE_URL = '', MONGODB_URL = '' } = settingsFor(api.databases);
  return startTestApi({ DATABASE_URL, MONGODB_URL, ...settings });
}

/** As former versions made it. */
function formerId(topicId: string, key: string) {
  return idempotentMessageId(
    createHash('sha256')
      .update(idempotencyInput(topicId as TopicId, key))
      .digest(),
  );
}

const bodyOf = (dataText: string) => `{"type":"a","data":${dataText}}`;

describe('an idempotency key', () => {
  const keyed = (topicId: string, key: string, body: unknown) =>
    publish(topicId, { body, headers: { 'Idempotency-Key': key } });

  it('gives the first answer again, and says so', async () => {
    const topicId = await parties.topic();
    const body = { type: 'a', data: { n: 1 }, key: 'k' };
    const first = await keyed(topicId, 'order 1', body);
    const again = await keyed(topicId, 'order 1', body);
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect(await idsIn(topicId)).toEqual([first.body.id]);
  });

  it('does not mind white space', async () => {
    const topicId = await parties.topic();
    const headers = { 'Idempotency-Key': 'k' };
    const first = await publish(topicId, { rawBody: '{"type":"a","data":{"n":1}}', headers });
    const again = await publish(topicId, { rawBody: '{ "data": {"n": 1},\n "type":"a" }', headers });
    expect(again.body).toEqual(first.body);
  });

  it.each([
    ['data', { type: 'a', data: 2, key: 'k' }],
    ['type', { type: 'b', data: 1, key: 'k' }],
    ['key', { type: 'a', data: 1, key: 'other' }],
    ['no key', { type: 'a', data: 1 }],
  ])('refuses another message: other %s', async (_, other) => {
    const topicId = await parties.topic();
    await keyed(topicId, 'same', { type: 'a', data: 1, key: 'k' });
    const { status, body } = await keyed(topicId, 'same', other);
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'idempotency-mismatch' });
    expect(await idsIn(topicId)).toHaveLength(1);
  });

  it.each([
    ['members in another order', '{"a":{"x":1,"y":2},"b":[1,2]}', '{"b":[1,2],"a":{"y":2,"x":1}}'],
    ['a text with escapes', '{"имя":"Жигули/Лада"}', '{"\\u0438мя":"\\u0416игули\\/Лада"}'],
    ['numbers written otherwise', '[1.50,100,1e2,-0,0.1]', '[1.5,1e2,100.0,0.0,1e-1]'],
    ['a long number written otherwise', '40817810000012345677', '4.0817810000012345677e19'],
  ])('takes %s for the same message', async (_, first, again) => {
    const topicId = await parties.topic();
    const headers = { 'Idempotency-Key': 'same' };
    const [one, two] = [
      await publish(topicId, { rawBody: bodyOf(first), headers }),
      await publish(topicId, { rawBody: bodyOf(again), headers }),
    ];
    expect([one.status, two.status, two.body]).toEqual([202, 202, one.body]);
  });

  it.each([
    ['items in another order', '[1,2]', '[2,1]'],
    ['a number as text', '1', '"1"'],
    ['a name in another case', '{"a":1}', '{"A":1}'],
    ['another digit far behind', '0.1000000000000000000000001', '0.1'],
  ])('takes %s for another message', async (_, first, again) => {
    const topicId = await parties.topic();
    const headers = { 'Idempotency-Key': 'same' };
    await publish(topicId, { rawBody: bodyOf(first), headers });
    const { body } = await publish(topicId, { rawBody: bodyOf(again), headers });
    expect(body.code).toBe('idempotency-mismatch');
  });

  it('tells apart numbers that differ beyond a double', async () => {
    const topicId = await parties.topic();
    const headers = { 'Idempotency-Key': 'big' };
    await publish(topicId, { rawBody: bodyOf('12345678901234567890'), headers });
    const other = await publish(topicId, { rawBody: bodyOf('12345678901234567891'), headers });
    expect({ status: other.status, code: other.body.code }).toEqual({
      status: 422,
      code: 'idempotency-mismatch',
    });
  });

  it('belongs to one topic', async () => {
    const [one, two] = [await parties.topic(), await parties.topic()];
    const body = { type: 'a', data: 1 };
    const [first, second] = [await keyed(one, 'k', body), await keyed(two, 'k', body)];
    expect(second.body.id).not.toBe(first.body.id);
  });

  it('gives the first answer again when the rules have changed since, and takes nothing new by the old ones', async () => {
    const topicId = await parties.grantedTopic();
    const body = { type: 'a', data: { n: 1 }, audience: [parties.reader.id] };
    const first = await keyed(topicId, 'before', body);
    const { token } = parties.owner;
    await api.call('PATCH', `/v1/topics/${topicId}`, { token, body: { schema: { required: ['car'] } } });
    await api.call('DELETE', `/v1/topics/${topicId}/grants/${parties.reader.id}`, { token });
    await expect.poll(async () => (await keyed(topicId, 'after', body)).status).toBe(422);
    const again = await keyed(topicId, 'before', body);
    expect({ status: again.status, body: again.body }).toEqual({ status: 202, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await keyed(topicId, 'before', { ...body, data: { n: 2 } });
    expect(other.body.code).toBe('idempotency-mismatch');
    expect((await publish(topicId, { body })).status).toBe(422);
    expect(await idsIn(topicId)).toEqual([first.body.id]);
  });

  it('makes one message of fifty requests at once', async () => {
    const topicId = await parties.topic();
    const body = { type: 'a', data: { n: 1 } };
    const answers = await Promise.all(Array.from({ length: 50 }, () => keyed(topicId, 'storm', body)));
    expect(new Set(answers.map((answer) => JSON.stringify([answer.status, answer.body]))).size).toBe(1);
    const replays = answers.filter((answer) => answer.headers.get('idempotency-replayed') === 'true');
    expect(replays).toHaveLength(49);
    expect(await idsIn(topicId)).toHaveLength(1);
  });

  it.each(['', 'x'.repeat(256)])('refuses the key of %# other than 1–255 characters', async (key) => {
    const { status, body } = await keyed(await parties.topic(), key, { type: 'a', data: 1 });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'validation-failed' });
  });
});

describe('the id of an idempotency key', () => {
  it('is another one in another installation', async () => {
    const secrets = await Promise.all([api, api].map(() => createTestDatabases()));
    const ids = await Promise.all(
      secrets.map(async (databases) => {
        const postgres = connectPostgres({ url: databases.databaseUrl });
        const makeSealed = () => randomBytes(32).toString('base64url');
        const store = createInstallationStore(postgres);
        // Started together: one secret for both.
        const [one, two] = await Promise.all([store.load(makeSealed), store.load(makeSealed)]);
        expect(two).toEqual(one);
        await postgres.close();
        await databases.drop();
        const load = async () => ({ ...one, secret: Buffer.from(one.sealedSecret, 'base64url') });
        return createMessageIds(load).ofKey('top_1' as TopicId, 'k');
      }),
    );
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('does not make a second message of what a former version accepted', async () => {
    const topicId = await parties.topic();
    const mongo = connectMongo({ url: api.databases.mongodbUrl });
    await createMessageStore(mongo).insert([
      {
        id: formerId(topicId, 'before'),
        topicId: topicId as TopicId,
        ownerId: parties.owner.id as PartnerId,
        type: 'a',
        key: 'k',
        data: { n: 1, m: 2 },
        dataText: '{"n":1,"m":2}',
        acceptedAtMs: Date.now(),
        audience: undefined,
        fingerprint: createHash('sha256')
          .update('["a","k",null]')
          .update('{"n":1,"m":2}')
          .digest('base64url'),
      },
    ]);
    await mongo.close();
    await withClient(api.databases.databaseUrl, (client) =>
      client.query(`UPDATE installation SET former_message_ids_until = now() + interval '1 day'`),
    );
    const upgraded = await startAnother();
    const send = (data: unknown) =>
      publish(
        topicId,
        { body: { type: 'a', key: 'k', data }, headers: { 'Idempotency-Key': 'before' } },
        upgraded,
      );
    const again = await send({ n: 1, m: 2 });
    expect([again.status, again.body.id]).toEqual([202, formerId(topicId, 'before')]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    expect((await send({ n: 2 })).body.code).toBe('idempotency-mismatch');
    expect(await idsIn(topicId)).toHaveLength(1);
    await upgraded.close();
  });
});

describe('an idempotency key on a batch', () => {
  const messages = [
    { type: 'a', data: 1 },
    { type: 'a', data: 1 },
    { type: 'a', data: 2, idempotencyKey: 'own' },
  ];

  it('makes one message of each item, however often the batch is sent', async () => {
    const topicId = await parties.topic();
    const first = await publishBatch(topicId, messages, 'batch');
    const again = await publishBatch(topicId, messages, 'batch');
    const ids = (answer: typeof first) => answer.body.items.map((item: { id: string }) => item.id);
    expect(new Set(ids(first)).size).toBe(3);
    expect(ids(again)).toEqual(ids(first));
    expect(again.body.items.every((item: { replayed?: true }) => item.replayed === true)).toBe(true);
    expect((await idsIn(topicId)).sort()).toEqual(ids(first).sort());
  });

  it('counts for the place in the batch, and says so of another message there', async () => {
    const topicId = await parties.topic();
    await publishBatch(topicId, messages, 'batch');
    const { body } = await publishBatch(topicId, [{ type: 'a', data: 'new' }, ...messages.slice(1)], 'batch');
    expect(body.items.map((item: { code?: string; status: number }) => item.code ?? item.status)).toEqual([
      'idempotency-mismatch',
      202,
      202,
    ]);
  });

  it('leaves to an item the key of its own, which is that of a single publish', async () => {
    const topicId = await parties.topic();
    const { body } = await publishBatch(topicId, messages, 'batch');
    const single = await publish(topicId, {
      body: { type: 'a', data: 2 },
      headers: { 'Idempotency-Key': 'own' },
    });
    expect(single.body.id).toBe(body.items[2].id);
    // No key that a request can carry is that of a place.
    const other = await publish(topicId, {
      body: { type: 'a', data: 1 },
      headers: { 'Idempotency-Key': 'batch' },
    });
    expect(body.items.map((item: { id: string }) => item.id)).not.toContain(other.body.id);
  });

  it.each(['x'.repeat(256)])('is refused like that of a single publish', async (key) => {
    const { status } = await publishBatch(await parties.topic(), messages, key);
    expect(status).toBe(422);
  });
});

// The last one here: afterwards this process's own key opens nothing.
describe('the id of an idempotency key, with other keys of the process', () => {
  it('is not made of what a reader may know, and stays the same', async () => {
    const topicId = await parties.topic();
    const send = (by: Pick<TestApi, 'call'>) =>
      publish(
        topicId,
        { body: { type: 'a', data: 1 }, headers: { 'Idempotency-Key': 'customer 40817810' } },
        by,
      );
    const { body } = await send(api);
    expect(body.id).not.toBe(formerId(topicId, 'customer 40817810'));

    const newKey = `k2:${Buffer.alloc(32, 9).toString('base64')}`;
    const { ANIKA_SECRET_KEYS: oldKey } = settingsFor(api.databases);
    const both = readConfig({ ...settingsFor(api.databases), ANIKA_SECRET_KEYS: `${newKey},${oldKey}` });
    await COMMANDS.reseal?.(both, createLogger({ name: 'api', level: 'silent' }));
    const another = await startAnother({ ANIKA_SECRET_KEYS: newKey });
    expect((await send(another)).body).toEqual(body);
    await another.close();
  });
});
