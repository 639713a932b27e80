import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let programs: Program[];
let scene: Awaited<ReturnType<typeof createScene>>;

beforeAll(async () => {
  databases = await createTestDatabases();
  programs = await Promise.all([
    startProgram('api', { databases }),
    startProgram('dispatcher', { databases, settings: { ANIKA_RETRY_SCHEDULE: '0s,500ms,500ms' } }),
  ]);
});

beforeEach(async () => {
  scene = await createScene(programs[0]?.url ?? '');
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await databases.drop();
});

async function endpoint(options?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(options);
  onTestFinished(() => receiver.close());
  return receiver;
}

async function grantFields(fields: object): Promise<void> {
  const { client, owner, reader, topicId } = scene;
  const path = `/v1/topics/${topicId}/grants/${reader.id}`;
  const { status } = await client.call('PUT', path, { token: owner.token, body: { fields } });
  expect(status).toBe(200);
}

const order = {
  машина: { модель: 'Лада Веста', цена: 1_290_000 },
  клиент: { имя: 'тайна-имя', телефон: '+7 тайна-телефон' },
  позиции: [
    { n: 1, маржа: 'тайна-1' },
    { n: 2, маржа: 'тайна-2' },
  ],
};
const shown = { машина: order.машина, позиции: [{ n: 1 }, { n: 2 }] };
const dataOf = ({ body }: { body: unknown }) => (body as { data: unknown }).data;

describe('the webhook of a masked reader', () => {
  it.each([
    { exclude: ['data.клиент', 'data.позиции.*.маржа'] },
    { include: ['data.машина', 'data.позиции.*.n'] },
  ])('holds and signs only what %j leaves', async (fields) => {
    await grantFields(fields);
    const receiver = await endpoint();
    const { secret } = await scene.subscribe(receiver);
    await scene.publish(order);
    const [request] = await receiver.waitFor(1);
    if (request === undefined) throw new Error('nothing came');
    expect(request.rawBody).not.toContain('тайна');
    expect(JSON.stringify(request.headers)).not.toContain('тайна');
    new Webhook(secret).verify(request.rawBody, request.headers as Record<string, string>);
    expect(dataOf(request)).toEqual(shown);
  });

  it('holds no key that the grant hides, and one that it shows', async () => {
    const [receiver, path] = [await endpoint(), `/v1/topics/${scene.topicId}/messages`];
    await scene.subscribe(receiver);
    const publish = (key: string) =>
      scene.client.call('POST', path, { token: scene.owner.token, body: { type: 'x', data: order, key } });
    const keys: unknown[] = [];
    for (const fields of [
      { exclude: ['key'] },
      { include: ['data.машина'] },
      { include: ['key'] },
      { exclude: [] },
    ]) {
      await grantFields(fields);
      await publish('ключ');
      const request = (await receiver.waitFor(keys.length + 1)).at(-1);
      const body = request?.body as { key?: unknown } | undefined;
      keys.push(body?.key);
    }
    expect(keys).toEqual([undefined, undefined, 'ключ', 'ключ']);
  });

  it('does not come by a filter on what is hidden, and comes by one on what is shown', async () => {
    await grantFields({ exclude: ['data.клиент'] });
    const [byHidden, byAbsence, byShown] = [await endpoint(), await endpoint(), await endpoint()];
    await scene.subscribe(byHidden, { filter: { 'data.клиент.имя': { prefix: 'тайна' } } });
    await scene.subscribe(byAbsence, { filter: { 'data.клиент': { exists: false } } });
    await scene.subscribe(byShown, { filter: { 'data.машина.цена': { gt: 1_000_000 } } });
    await scene.publish(order);
    await scene.publish({ машина: order.машина });
    await Promise.all([byAbsence.waitFor(2), byShown.waitFor(2)]);
    await scene.allDelivered(4);
    expect(byHidden.received).toEqual([]);
  });

  it('is masked by what the grant says at each attempt', async () => {
    const receiver = await endpoint({
      async respond() {
        receiver.respondWith(() => ({ status: 204 }));
        await grantFields({ exclude: ['data.клиент', 'data.позиции.*.маржа'] });
        return { status: 500 };
      },
    });
    await scene.subscribe(receiver);
    await scene.publish(order);
    const [first, second] = await receiver.waitFor(2);
    expect(first && dataOf(first)).toEqual(order);
    if (second === undefined) throw new Error('no second attempt');
    expect(dataOf(second)).toEqual(shown);
    await scene.allDelivered(1);
  });

  it('leaves the endpoint of the owner all of it', async () => {
    await grantFields({ include: [] });
    const [readers, owners] = [await endpoint(), await endpoint()];
    await scene.subscribe(readers);
    const { client, owner, topicId } = scene;
    await client.call('POST', '/v1/subscriptions', {
      token: owner.token,
      body: { topicId, url: owners.url, filter: { 'data.клиент.имя': 'тайна-имя' } },
    });
    await scene.publish(order);
    const [[own], [read]] = await Promise.all([owners.waitFor(1), readers.waitFor(1)]);
    expect(own && dataOf(own)).toEqual(order);
    expect(read && dataOf(read)).toEqual({});
  });
});
