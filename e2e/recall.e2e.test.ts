import { readEverything } from '@anika/testkit/contents';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type ReceivedRequest, type Receiver, startReceiver } from '@anika/testkit/receiver';
import { until } from '@anika/testkit/until';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Program, startProgram } from './support/program.ts';
import { createScene, today } from './support/scene.ts';

type Scene = Awaited<ReturnType<typeof createScene>>;

let databases: TestDatabases;
let programs: Program[] = [];
let scene: Scene;
const receivers: Receiver[] = [];

const SECRET = /тайноеслово|tajnoeslovo/i;
const REASON = 'sent by mistake';

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_LOG_LEVEL: 'trace', ANIKA_RETRY_SCHEDULE: '0s,3s,30s' };
  programs = await Promise.all([
    startProgram('api', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
    startProgram('dispatcher', { databases, settings }),
  ]);
  scene = await createScene(programs[0]?.url ?? '');
});

afterAll(async () => {
  await Promise.all([...programs, ...receivers].map((one) => ('stop' in one ? one.stop() : one.close())));
  await databases.drop();
});

/** An endpoint whose answer repeats what it was sent. */
async function echo(status: number): Promise<Receiver> {
  const receiver = await startReceiver({ respond: ({ rawBody }) => ({ status, body: rawBody }) });
  receivers.push(receiver);
  return receiver;
}

function ask(path: string, token: string) {
  return scene.client.call('GET', path, { token });
}

function recall(id: string) {
  return scene.client.call('DELETE', `/v1/messages/${id}`, {
    token: scene.owner.token,
    body: { reason: REASON },
  });
}

async function deliveriesOf(id: string) {
  return (await ask(`/v1/messages/${id}/deliveries?limit=200`, scene.owner.token)).body.items;
}

/** All that both sides can read, with every list and every delivery. */
async function allAnswers(messageId: string): Promise<string> {
  const texts: string[] = [];
  for (const { token } of [scene.owner, scene.reader]) {
    const paths = [
      '/v1/messages?limit=200',
      `/v1/messages?q=${encodeURIComponent('тайноеслово')}`,
      '/v1/messages?key=tajnoeslovo',
      `/v1/messages/${messageId}`,
      `/v1/messages/${messageId}/deliveries`,
      '/v1/deliveries?limit=200',
      '/v1/audit?limit=200',
      `/v1/receipts?topicId=${scene.topicId}&${today()}`,
    ];
    const { items } = (await ask('/v1/deliveries?limit=200', token)).body;
    paths.push(
      ...items.flatMap(({ id }: { id: string }) => [`/v1/deliveries/${id}`, `/v1/deliveries/${id}/receipt`]),
    );
    for (const path of paths) texts.push(JSON.stringify((await ask(path, token)).body));
  }
  return texts.join('\n');
}

function logs(): string {
  return programs.map((program) => program.output()).join('\n');
}

const idOf = ({ headers }: ReceivedRequest) => headers['webhook-id'];

describe('a message that one endpoint took, one refuses and one is to get later', () => {
  let id: string;
  let good: Receiver;
  let failing: Receiver;
  let secret: string;
  /** How often each endpoint had it when it was taken back: a slow machine has tried again by then. */
  let before: number[];

  const counts = () =>
    [good, failing].map(({ received }) => received.filter((request) => idOf(request) === id).length);

  beforeAll(async () => {
    // Terms and wishes that would keep a notice out, were it a message like any other.
    await scene.client.call('PUT', `/v1/topics/${scene.topicId}/grants/${scene.reader.id}`, {
      token: scene.owner.token,
      body: {
        types: ['car.chosen'],
        fields: { include: ['data.word'] },
        filter: { 'data.word': { exists: true } },
      },
    });
    [good, failing] = [await echo(200), await echo(500)];
    const wishes = { eventTypes: ['car.chosen'], filter: { 'data.word': { exists: true } } };
    ({ secret } = await scene.subscribe(good, wishes));
    await scene.subscribe(failing);
    const paused = await scene.subscribe(await echo(200));
    await scene.client.call('POST', `/v1/subscriptions/${paused.id}/pause`, { token: scene.reader.token });
    const answer = await scene.client.call('POST', `/v1/topics/${scene.topicId}/messages`, {
      token: scene.owner.token,
      body: { type: 'car.chosen', key: 'tajnoeslovo', data: { word: 'тайноеслово' } },
      headers: { 'idempotency-key': 'recalled' },
    });
    id = answer.body.id;
    await good.waitFor((request) => idOf(request) === id);
    await failing.waitFor((request) => idOf(request) === id);
    await eventually(async () => {
      const states = (await deliveriesOf(id)).map(({ state }: { state: string }) => state).sort();
      expect(states).toEqual(['delivered', 'held', 'retrying']);
      return true;
    });
    expect(JSON.stringify([...(await readEverything(databases))])).toMatch(SECRET);
  });

  it('is cancelled where it waits, and told, signed, to whom it reached', async () => {
    expect(await recall(id)).toMatchObject({ status: 202, body: { cancelled: 2, notified: 1 } });
    before = counts();
    const [notice] = await good.waitFor(
      ({ body }) => (body as { type?: string }).type === 'anika.message.recalled',
    );
    const headers = notice?.headers as Record<string, string>;
    const body = new Webhook(secret).verify(notice?.rawBody ?? '', headers);
    expect(body).toMatchObject({
      type: 'anika.message.recalled',
      data: { messageId: id, topicId: scene.topicId, reason: REASON, recalledAt: expect.any(String) },
    });
    expect(headers['webhook-id']).not.toBe(id);
    await eventually(async () => {
      const { items } = (await ask('/v1/deliveries?limit=200', scene.reader.token)).body;
      const notices = items.filter(({ type }: { type: string }) => type === 'anika.message.recalled');
      expect(notices).toEqual([expect.objectContaining({ state: 'delivered' })]);
      return true;
    });
  });

  it('is not sent once more, neither when its retry is due nor when it is redriven', async () => {
    const { items } = (await ask('/v1/deliveries?limit=200', scene.reader.token)).body;
    const delivered = items.find(
      (one: { messageId: string; state: string }) => one.messageId === id && one.state === 'delivered',
    );
    const path = `/v1/deliveries/${delivered.id}/resend`;
    expect((await scene.client.call('POST', path, { token: scene.reader.token })).status).toBe(202);
    await eventually(async () => {
      const states = (await deliveriesOf(id)).map(({ state, reason }: { state: string; reason: string }) => [
        state,
        reason,
      ]);
      expect(states).toEqual(Array(3).fill(['cancelled', 'recalled']));
      return true;
    });
    // Its second attempt is due three seconds after the first, and a fifth of them.
    const first = failing.received.find((request) => idOf(request) === id);
    if (first === undefined) throw new Error('its first attempt is not there');
    await until(first.atMs + 3900);
    expect(counts()).toEqual(before);
  });

  it('is nowhere any more: stores, logs and answers, byte by byte', async () => {
    const stored = await readEverything(databases);
    for (const [place, texts] of stored) {
      for (const text of texts) expect(SECRET.test(text) ? `${place}: ${text}` : 'nothing').toBe('nothing');
    }
    expect(logs().length).toBeGreaterThan(1000);
    expect(SECRET.exec(logs())).toBeNull();
    // What a caller asks for is in no answer either.
    expect(SECRET.exec(await allAnswers(id))).toBeNull();
  });
});

it('many that are taken back as they come: each ends cancelled, or delivered and told, and nothing of them stays', async () => {
  const receiver = await echo(200);
  await scene.subscribe(receiver);
  const ids = await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const id = await scene.publish({ word: `тайноеслово${n}` });
      await recall(id);
      return id;
    }),
  );
  await eventually(
    async () => {
      const stored = JSON.stringify([...(await readEverything(databases))]);
      expect(SECRET.exec(stored)).toBeNull();
      const told = new Set(
        receiver.received.map(({ body }) => (body as { data?: { messageId?: string } }).data?.messageId),
      );
      for (const id of ids) {
        const states = (await deliveriesOf(id)).map(({ state }: { state: string }) => state);
        expect(['pending', 'retrying', 'held'].some((open) => states.includes(open))).toBe(false);
        const came = receiver.received.some((request) => idOf(request) === id);
        expect([id, told.has(id)]).toEqual([id, came]);
      }
      return true;
    },
    { timeoutMs: 30_000, everyMs: 500 },
  );
});
