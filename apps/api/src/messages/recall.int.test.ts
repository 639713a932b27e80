import { createHash } from 'node:crypto';
import type { DeliveryId } from '@anika/core/ids';
import { connectMongo, type Mongo } from '@anika/stores/mongo/client';
import { readEverything } from '@anika/testkit/contents';
import { eventually } from '@anika/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWorld, createWorld, newSubscription, newTopic, type World } from '../testing/world.ts';

let world: World;
let mongo: Mongo;

beforeAll(async () => {
  world = await createWorld();
  mongo = connectMongo({ url: world.api.databases.mongodbUrl });
});

afterAll(async () => {
  await mongo.close();
  await closeWorld(world);
});

const REASON = { reason: 'Опубликовано по ошибке' };
type Sent = {
  readonly data: unknown;
  readonly type?: string;
  readonly key?: string;
  readonly audience?: string[];
};

async function publish(sent: Sent, headers: Record<string, string> = {}, topicId = world.topicId) {
  const body = { type: 'car.chosen', ...sent };
  return world.api.call('POST', `/v1/topics/${topicId}/messages`, {
    token: world.owner.token,
    body,
    headers,
  });
}

async function settled(sent: Sent, topicId = world.topicId): Promise<string> {
  const { body } = await publish(sent, {}, topicId);
  await eventually(async () => {
    const open = await mongo.messages.countDocuments({ pendingSince: { $exists: true } });
    return open === 0 ? true : undefined;
  });
  return body.id;
}

function recall(id: string, token = world.owner.token, body: object = REASON) {
  return world.api.call('DELETE', `/v1/messages/${id}`, { token, body });
}

function read(id: string, token: string) {
  return world.api.call('GET', `/v1/messages/${id}`, { token });
}

async function deliveriesOf(id: string, token = world.owner.token) {
  return (await world.api.call('GET', `/v1/messages/${id}/deliveries?limit=200`, { token })).body.items;
}

async function everything(): Promise<string> {
  const contents = await readEverything(world.api.databases);
  return JSON.stringify([...contents]);
}

/** As a dispatcher would write it down. */
async function noteDelivered(id: string, answer: string): Promise<void> {
  await mongo.deliveries.updateOne(
    { _id: id as DeliveryId },
    {
      $set: {
        state: 'delivered',
        finishedAt: new Date(),
        attemptCount: 1,
        attempts: [
          {
            ...{
              n: 1,
              at: new Date(),
              durationMs: 1,
              status: 200,
              errorClass: undefined,
              errorMessage: undefined,
            },
            ...{ responseStart: answer, bodyHash: 'aa', signature: 'v1,x' },
          },
        ],
      },
      $unset: { nextAttemptAt: 1, sweepAt: 1 },
    },
  );
}

describe('a message that its owner takes back', () => {
  let id: string;
  let deliveryId: string;
  const data = { text: 'Сокровенноеслово', note: 'общееслово' };
  const text = JSON.stringify(data);

  beforeAll(async () => {
    await settled({ data: { text: 'общееслово' } });
    id = await settled({ data, key: 'клиент-сокровенный' });
    const own = (await deliveriesOf(id, world.reader.token)).find(
      (one: { subscriptionId: string }) => one.subscriptionId === world.subscriptionId,
    );
    deliveryId = own.id;
    await newSubscription(world, world.topicId, world.reader.token);
    await noteDelivered(deliveryId, `got Сокровенноеслово`);
    expect(await everything()).toContain('окровенноеслово');
  });

  it('is gone for all, while what became of it stays', async () => {
    const answer = await recall(id);
    expect(answer).toMatchObject({ status: 202, body: { id, state: 'recalled', cancelled: 0, notified: 1 } });
    const hash = createHash('sha256').update(text).digest('hex');
    const owner = await read(id, world.owner.token);
    expect(owner).toMatchObject({ status: 410, body: { code: 'recalled' } });
    expect(owner.body.detail).toContain(REASON.reason);
    expect(owner.body.detail).toContain(hash);
    expect(owner.body.recalled).toMatchObject({ ...REASON, dataSha256: hash });
    const reader = await read(id, world.reader.token);
    expect(reader).toMatchObject({ status: 410, body: { code: 'recalled' } });
    expect(reader.body.detail).not.toContain(hash);
    expect(reader.body.recalled).toEqual({ ...REASON, at: owner.body.recalled.at });
    expect((await read(id, world.stranger.token)).status).toBe(404);
    expect((await deliveriesOf(id)).map((one: { state: string }) => one.state)).toEqual(['delivered']);
    expect(await deliveriesOf(id, world.reader.token)).toHaveLength(1);
    const delivery = await world.api.call('GET', `/v1/deliveries/${deliveryId}`, {
      token: world.reader.token,
    });
    expect(delivery.body.attempts).toEqual([expect.objectContaining({ n: 1, status: 200, response: null })]);
    const receipt = `/v1/deliveries/${deliveryId}/receipt`;
    expect((await world.api.call('GET', receipt, { token: world.owner.token })).status).toBe(200);
  });

  it('is found by nobody, nowhere, byte by byte; a word that others have stays', async () => {
    const all = await everything();
    expect(all).not.toMatch(/сокровенн/i);
    expect(all).toContain('общееслово');
    for (const q of ['сокровенноеслово', 'общееслово']) {
      const path = `/v1/messages?q=${encodeURIComponent(q)}&topicId=${world.topicId}`;
      const { body } = await world.api.call('GET', path, { token: world.owner.token });
      expect(body.items.map((one: { id: string }) => one.id)).not.toContain(id);
      expect(body.items).toHaveLength(q.startsWith('о') ? 1 : 0);
    }
  });

  it('is told to whoever had it, in a message that holds nothing of it', async () => {
    const { body } = await world.api.call('GET', '/v1/deliveries?limit=200', { token: world.reader.token });
    const [notice, ...more] = body.items.filter(
      (one: { type: string }) => one.type === 'anika.message.recalled',
    );
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ subscriptionId: world.subscriptionId, state: 'pending' });
    for (const { token } of [world.owner, world.reader]) {
      const message = (await read(notice.messageId, token)).body;
      expect(message.data).toEqual({
        messageId: id,
        topicId: world.topicId,
        recalledAt: expect.any(String),
        ...REASON,
      });
    }
    expect((await read(notice.messageId, world.stranger.token)).status).toBe(404);
    expect(await recall(notice.messageId)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  it('is taken back once: again gives the same answer, and one entry in the log of both', async () => {
    expect(await recall(id)).toMatchObject({ status: 202, body: { cancelled: 0, notified: 1 } });
    for (const { token } of [world.owner, world.reader]) {
      const { body } = await world.api.call('GET', '/v1/audit?action=message.recalled', { token });
      const entries = body.items.filter((one: { subjectId: string }) => one.subjectId === id);
      expect(entries).toEqual([expect.objectContaining({ topicId: world.topicId, after: REASON })]);
    }
  });
});

it('what waits is cancelled, its jobs are gone, and nobody is told of what never came', async () => {
  const id = await settled({ data: { text: 'ждущее' } });
  const waiting = await deliveriesOf(id);
  expect(waiting.length).toBeGreaterThan(0);
  expect(await everything()).toContain(`${waiting[0].id}_g1`);
  const { body } = await recall(id);
  expect(body).toMatchObject({ cancelled: waiting.length, notified: 0 });
  for (const one of await deliveriesOf(id))
    expect(one).toMatchObject({ state: 'cancelled', reason: 'recalled' });
  const placesOfJob = async () =>
    [...(await readEverything(world.api.databases)).keys()].filter((place) =>
      place.includes(`:${waiting[0].id}`),
    );
  await expect.poll(placesOfJob).toEqual([]);
});

it('a message taken back in the moment of its fan-out is not delivered, and no word of it comes after', async () => {
  const recalled: string[] = [];
  for (let n = 0; n < 10; n += 1) {
    const { body } = await publish({ data: { text: `мгновенноеслово${n}` } });
    expect((await recall(body.id)).status).toBe(202);
    recalled.push(body.id);
  }
  await eventually(async () => {
    const left = await mongo.deliveries.countDocuments({
      messageId: { $in: recalled as never[] },
      state: { $ne: 'cancelled' },
    });
    return left === 0 ? true : undefined;
  });
  const documents = await mongo.messages.find({ _id: { $in: recalled as never[] } }).toArray();
  expect(documents).toHaveLength(10);
  expect(JSON.stringify(documents)).not.toContain('мгновенное');
});

it('its idempotency key gives neither the first answer nor a second message', async () => {
  const headers = { 'idempotency-key': 'recalled-1' };
  const first = await publish({ data: 1 }, headers);
  await recall(first.body.id);
  for (const data of [1, 2]) {
    expect(await publish({ data }, headers)).toMatchObject({ status: 410, body: { code: 'recalled' } });
  }
});

describe('who may take a message back', () => {
  it('is its owner alone, with a key that publishes, for a reason', async () => {
    const id = await settled({ data: 'nobody takes it' });
    const [viewer, developer] = await Promise.all(
      (['viewer', 'developer'] as const).map((role) => world.owner.userToken(role)),
    );
    const reading = await world.owner.apiKey(['read', 'manage']);
    for (const token of [viewer, reading, world.reader.token, world.api.operatorToken]) {
      expect(await recall(id, token)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    }
    expect(await recall(id, world.stranger.token)).toMatchObject({ status: 404 });
    for (const body of [{}, { reason: ' ' }, { reason: 'x'.repeat(501) }, { reason: 'x', more: 1 }]) {
      expect((await recall(id, developer, body)).status).toBe(422);
    }
    expect((await read(id, world.reader.token)).status).toBe(200);
    expect((await recall(id, developer)).status).toBe(202);
    const other = await settled({ data: 'a key takes it' });
    expect((await recall(other, await world.owner.apiKey(['publish']))).status).toBe(202);
  });

  it('two at once are one recall', async () => {
    const id = await settled({ data: 'twice' });
    const answers = await Promise.all([recall(id), recall(id), recall(id)]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect((await mongo.messages.findOne({ _id: id as never }))?.recalled?.reason).toBe(REASON.reason);
  });
});

describe('a reader to whom a message was never shown', () => {
  it.each<[string, object, Sent]>([
    ['of another audience', {}, { data: 1, audience: [] }],
    ['of another type', { types: ['car.returned'] }, { data: 1 }],
    ['that its filter hides', { filter: { 'data.city': 'Омск' } }, { data: { city: 'Тверь' } }],
  ])('does not learn that one %s was taken back', async (_title, grant, sent) => {
    const { api, owner, reader, stranger } = world;
    const topicId = await newTopic(api, owner.token);
    for (const [partner, terms] of [
      [reader, grant],
      [stranger, {}],
    ] as const) {
      await api.call('PUT', `/v1/topics/${topicId}/grants/${partner.id}`, {
        token: owner.token,
        body: terms,
      });
    }
    const audience = sent.audience === undefined ? {} : { audience: [stranger.id] };
    const id = await settled({ ...sent, ...audience }, topicId);
    expect((await read(id, reader.token)).status).toBe(404);
    await recall(id);
    expect((await read(id, reader.token)).status).toBe(404);
    expect((await read(id, stranger.token)).status).toBe(410);
  });
});
