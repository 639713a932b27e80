import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type ReceivedRequest, type Receiver, startReceiver } from '@anika/testkit/receiver';
import { until } from '@anika/testkit/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene } from './support/scene.ts';

let databases: TestDatabases;
let programs: Program[];

beforeAll(async () => {
  databases = await createTestDatabases();
  programs = await Promise.all([
    startProgram('api', { databases }),
    startProgram('dispatcher', { databases, settings: { ANIKA_RETRY_SCHEDULE: '0s,3s' } }),
  ]);
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await databases.drop();
});

type Scene = Awaited<ReturnType<typeof createScene>>;
type Delivery = { id: string; state: string; reason: string | null };

async function deliveryOf({ client, owner }: Scene, messageId: string): Promise<Delivery | undefined> {
  const { body } = await client.call('GET', `/v1/messages/${messageId}/deliveries`, { token: owner.token });
  return body.items[0];
}

function inState(scene: Scene, messageId: string, state: string): Promise<Delivery> {
  return eventually(async () => {
    const found = await deliveryOf(scene, messageId);
    if (found?.state === state) return found;
    throw new Error(`the delivery is ${JSON.stringify(found)}`);
  });
}

function putGrant({ client, owner, reader, topicId }: Scene, body: object) {
  return client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token, body });
}

/** A reader with a dead delivery, and one that failed once and waits for its next attempt. */
async function openScene(receiver: Receiver) {
  const scene = await createScene(programs[0]?.url ?? '');
  const subscription = await scene.subscribe(receiver);
  receiver.respondWith(({ rawBody }) => ({ status: rawBody.includes('мёртвое') ? 413 : 500 }));
  const dead = await scene.publish({ текст: 'мёртвое' });
  const deadDelivery = await inState(scene, dead, 'dead');
  const waiting = await scene.publish({ текст: 'ждёт' });
  await inState(scene, waiting, 'retrying');
  return { ...scene, subscription, dead, waiting, deadDelivery };
}

/** What the reader gets where it was let in before. */
async function statuses({ client, reader, topicId, subscription, dead, deadDelivery }: Opened) {
  const call = async (method: string, path: string) =>
    (await client.call(method, path, { token: reader.token })).status;
  return {
    read: await call('GET', `/v1/messages/${dead}`),
    search: await call('GET', `/v1/messages?topicId=${topicId}`),
    deliveries: await call('GET', `/v1/messages/${dead}/deliveries`),
    retry: await call('POST', `/v1/deliveries/${deadDelivery.id}/retry`),
    redrive: await call('POST', `/v1/subscriptions/${subscription.id}/redrive`),
  };
}

type Opened = Awaited<ReturnType<typeof openScene>>;

const SHUT = { read: 404, search: 404, deliveries: 404, retry: 409, redrive: 409 };

const endings: [string, (scene: Opened) => Promise<unknown>][] = [
  [
    'revoked',
    ({ client, owner, reader, topicId }) =>
      client.call('DELETE', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token }),
  ],
  [
    'declined',
    async ({ client, reader, topicId }) => {
      const { body } = await client.call('GET', '/v1/grants', { token: reader.token });
      const mine: { id: string; topicId: string }[] = body.items;
      const id = mine.find((grant) => grant.topicId === topicId)?.id;
      return client.call('DELETE', `/v1/grants/${id}`, { token: reader.token });
    },
  ],
  ['expired', (scene) => putGrant(scene, { expiresAt: new Date(Date.now() + 400).toISOString() })],
];

const isOf =
  (messageId: string) =>
  ({ headers }: ReceivedRequest) =>
    headers['webhook-id'] === messageId;

describe('a grant that is over', () => {
  it.each(endings)('shuts its reader out at once and cancels what waits: %s', async (how, end) => {
    const receiver = await startReceiver();
    const scene = await openScene(receiver);
    await end(scene);
    const endedAtMs = Date.now() + (how === 'expired' ? 400 : 0);
    const { client, reader, dead } = scene;
    await eventually(
      async () => (await client.call('GET', `/v1/messages/${dead}`, { token: reader.token })).status === 404,
    );
    expect(await statuses(scene)).toEqual(SHUT);
    // A second, and what a busy machine adds to six requests.
    expect(Date.now() - endedAtMs).toBeLessThan(4000);
    const cancelled = await inState(scene, scene.waiting, 'cancelled');
    expect(cancelled.reason).toBe(how === 'expired' ? 'grant-expired' : 'grant-revoked');
    expect((await deliveryOf(scene, dead))?.state).toBe('dead');
    const tooLate = await scene.publish({ текст: 'после' });

    receiver.respondWith(() => ({ status: 204 }));
    await putGrant(scene, { history: true });
    const welcome = await scene.publish({ текст: 'снова' });
    await inState(scene, welcome, 'delivered');
    expect(await deliveryOf(scene, tooLate)).toBeUndefined();
    expect(await deliveryOf(scene, scene.waiting)).toEqual(cancelled);
    // By now its second attempt would have been due: three seconds, and a fifth of them.
    const first = receiver.received.find(isOf(scene.waiting));
    if (first === undefined) throw new Error('its first attempt is not there');
    await until(first.atMs + 3900);
    const sent = receiver.received.map((request) => request.headers['webhook-id']);
    expect(sent).toEqual([dead, scene.waiting, welcome]);
    const retried = await client.call('POST', `/v1/deliveries/${cancelled.id}/retry`, {
      token: reader.token,
    });
    expect(retried.status).toBe(409);
    await receiver.close();
  });
});
