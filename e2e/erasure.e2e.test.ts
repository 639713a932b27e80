import { createHash } from 'node:crypto';
import { type Contents, readEverything } from '@anika/testkit/contents';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene, today } from './support/scene.ts';

type Scene = Awaited<ReturnType<typeof createScene>>;

let databases: TestDatabases;
let programs: Program[] = [];
let scene: Scene;
let receiver: Receiver;

/** A dispatcher that is killed keeps an erasure for ten seconds. */
const PATIENTLY = { timeoutMs: 60_000 };
const SETTINGS = { ANIKA_LOG_LEVEL: 'trace' };
const startDispatcher = () => startProgram('dispatcher', { databases, settings: SETTINGS });

beforeAll(async () => {
  databases = await createTestDatabases();
  receiver = await startReceiver({ respond: ({ rawBody }) => ({ status: 200, body: rawBody }) });
  programs = await Promise.all([
    startProgram('api', { databases, settings: SETTINGS }),
    startDispatcher(),
    startDispatcher(),
  ]);
  scene = await createScene(programs[0]?.url ?? '');
  await scene.subscribe(receiver);
});

afterAll(async () => {
  await Promise.all([...programs.map((program) => program.stop()), receiver.close()]);
  await databases.drop();
});

async function ask(path: string, token = scene.owner.token) {
  return scene.client.call('GET', path, { token });
}

async function erase(body: object): Promise<string> {
  const answer = await scene.client.call('POST', '/v1/erasures', { token: scene.owner.token, body });
  expect(answer.status).toBe(202);
  return answer.body.id;
}

function done(id: string, timeoutMs = 60_000) {
  return eventually(
    async () => {
      const { body } = await ask(`/v1/erasures/${id}`);
      return body.state === 'done' ? body : undefined;
    },
    { timeoutMs, everyMs: 100 },
  );
}

type Sent = { readonly key?: string; readonly data: unknown };

async function publishAll(messages: readonly Sent[], topicId = scene.topicId): Promise<string[]> {
  const ids: string[] = [];
  for (let at = 0; at < messages.length; at += 100) {
    const body = { messages: messages.slice(at, at + 100).map((one) => ({ type: 'car.chosen', ...one })) };
    const path = `/v1/topics/${topicId}/messages/batch`;
    const answer = await scene.client.call('POST', path, { token: scene.owner.token, body });
    ids.push(...answer.body.items.map(({ id }: { id: string }) => id));
  }
  return ids;
}

function findings(stored: Contents, wanted: RegExp): string[] {
  return [...stored].flatMap(([place, texts]) =>
    texts.filter((text) => wanted.test(text)).map((text) => `${place}: ${text}`),
  );
}

/** The chain that the contract describes, over messages in their order. */
function proofOf(erasureId: string, messages: readonly { id: string; data: string }[]): string {
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  return messages.reduce((hash, { id, data }) => sha256(`${hash}\n${id} ${sha256(data)}`), sha256(erasureId));
}

describe('one person among others', () => {
  const secret = /секретныйклиент|79161234567/;
  let mine: string[];
  let others: string[];

  beforeAll(async () => {
    mine = [
      ...(await publishAll([{ key: 'секретныйклиент', data: { phone: '79161234567', car: 'Веста' } }])),
      ...(await publishAll([{ key: 'другой', data: { people: [{ phone: 1 }, { phone: '79161234567' }] } }])),
    ];
    others = await publishAll([{ key: 'другой', data: { phone: '70000000000', car: 'Веста' } }]);
    await receiver.waitFor(3);
    await scene.allDelivered(3);
    expect(findings(await readEverything(databases), secret)).not.toEqual([]);
  });

  it('by key, then by a value at a path: what is theirs is gone, with a proof, and nothing else', async () => {
    const reason = 'asked for by the person';
    const byKey = await done(await erase({ key: 'секретныйклиент', reason, topicId: scene.topicId }));
    expect(byKey).toMatchObject({ matched: 1, erased: 1, by: 'key' });
    const data = '{"phone":"79161234567","car":"Веста"}';
    expect(byKey.proof).toEqual({
      at: expect.any(String),
      count: 1,
      hash: proofOf(byKey.id, [{ id: mine[0] ?? '', data }]),
    });
    const byPath = await done(await erase({ path: 'data.people.phone', value: '79161234567', reason }));
    expect(byPath).toMatchObject({ matched: 1, erased: 1, proof: { count: 1 } });
    for (const id of mine) expect(await ask(`/v1/messages/${id}`)).toMatchObject({ status: 410 });
    for (const id of others) expect((await ask(`/v1/messages/${id}`)).status).toBe(200);
    const again = await done(await erase({ key: 'секретныйклиент', reason }));
    expect(again).toMatchObject({ matched: 0, erased: 0, proof: { count: 0 } });
  });

  it('who had them is told, and keeps the deliveries without answers', async () => {
    await eventually(() => {
      const told = receiver.received.flatMap(({ body }) => {
        const { type, data } = body as { type: string; data: { messageId: string } };
        return type === 'anika.message.recalled' ? [data.messageId] : [];
      });
      return told.sort().join() === mine.toSorted().join();
    });
    const { body } = await ask('/v1/deliveries?limit=200', scene.reader.token);
    expect(body.items.filter(({ type }: { type: string }) => type === 'car.chosen')).toHaveLength(3);
  });

  it('nothing of them is in any store, log or answer, nor what was looked for', async () => {
    expect(findings(await readEverything(databases), secret)).toEqual([]);
    const logs = () => programs.map((program) => program.output()).join('\n');
    await eventually(() => logs().includes('erasure finished'));
    expect(secret.exec(logs())).toBeNull();
    const paths = [
      '/v1/erasures',
      '/v1/audit?limit=200',
      '/v1/messages?limit=200',
      '/v1/deliveries?limit=200',
    ];
    for (const { token } of [scene.owner, scene.reader]) {
      for (const path of paths) expect(secret.exec(JSON.stringify((await ask(path, token)).body))).toBeNull();
      const { items } = (await ask('/v1/deliveries?limit=200', token)).body;
      for (const { id } of items) {
        expect(secret.exec(JSON.stringify((await ask(`/v1/deliveries/${id}`, token)).body))).toBeNull();
      }
    }
  });
});

it('dispatchers that are killed in the midst of it: it goes on, and counts each message once', async () => {
  const count = 1500;
  const ids = await publishAll(
    Array.from({ length: count }, (_, n) => ({ key: 'много', data: { word: `многослов${n}` } })),
  );
  await eventually(
    async () => {
      const { body } = await ask(`/v1/receipts?topicId=${scene.topicId}&${today()}`);
      return body.deliveries.delivered >= count;
    },
    { timeoutMs: 90_000, everyMs: 200 },
  );
  const id = await erase({ key: 'много', reason: 'all of it' });
  for (let kills = 0; kills < 3; kills += 1) {
    const before = (await ask(`/v1/erasures/${id}`)).body.erased;
    await eventually(async () => {
      const { erased, state } = (await ask(`/v1/erasures/${id}`)).body;
      return erased > before || state === 'done';
    }, PATIENTLY);
    await Promise.all(programs.splice(1).map((program) => program.kill()));
    programs.push(await startDispatcher());
  }
  const { erased, matched, proof } = await done(id, 100_000);
  expect([matched, erased, proof.count]).toEqual([count, count, count]);
  expect(await ask(`/v1/messages/${ids[count - 1]}`)).toMatchObject({ status: 410 });
  await eventually(
    async () => expect(findings(await readEverything(databases), /многослов/)).toEqual([]) ?? true,
    {
      timeoutMs: 30_000,
      everyMs: 500,
    },
  );
}, 240_000);

it('a topic that is deleted takes its messages and the answers to them with it', async () => {
  const { client, owner, reader } = scene;
  const topic = await client.call('POST', '/v1/topics', { token: owner.token, body: { name: 'На время' } });
  const topicId: string = topic.body.id;
  await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token, body: {} });
  const body = { topicId, url: receiver.url };
  await client.call('POST', '/v1/subscriptions', { token: reader.token, body });
  const [first = '', last] = await publishAll(
    Array.from({ length: 30 }, () => ({ data: { word: 'временноеслово' } })),
    topicId,
  );
  await eventually(async () => {
    const { body } = await ask(`/v1/receipts?topicId=${topicId}&${today()}`);
    return body.deliveries.delivered === 30;
  });
  expect(findings(await readEverything(databases), /временноеслово/)).not.toEqual([]);
  expect((await client.call('DELETE', `/v1/topics/${topicId}`, { token: owner.token })).status).toBe(204);
  const { items } = (await ask('/v1/erasures')).body;
  const { id } = items.find((one: { topicId: string }) => one.topicId === topicId);
  expect(await done(id)).toMatchObject({ by: 'topic', erased: 30, proof: { count: 30 } });
  expect(findings(await readEverything(databases), /временноеслово/)).toEqual([]);
  for (const message of [first, last]) expect((await ask(`/v1/messages/${message}`)).status).toBe(410);
});
