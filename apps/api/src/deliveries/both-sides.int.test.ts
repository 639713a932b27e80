import type { Attempt, DeliveryState } from '@anika/core/delivery/delivery';
import { TIMING } from '@anika/core/delivery/timing';
import type { DeliveryId } from '@anika/core/ids';
import { traceparentOf } from '@anika/core/trace';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { recordIn } from '@anika/testkit/delivery-records';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer, TestPartner } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;
let mongo: ReturnType<typeof connectMongo>;

beforeAll(async () => {
  api = await startTestApi();
  [parties, receiver] = await Promise.all([openParties(api), startReceiver()]);
  mongo = connectMongo({ url: api.databases.mongodbUrl });
});

afterAll(async () => {
  await Promise.all([mongo.close(), receiver.close()]);
  await api.close();
});

type Item = { id: string; partnerId: string; acceptedAt: string; attempts: { status: number | null }[] };

const get = (path: string, by: TestPartner = parties.owner) => api.call('GET', path, { token: by.token });
const itemsOf = async (path: string, by?: TestPartner): Promise<Item[]> => (await get(path, by)).body.items;

/** What only the endpoint's own company may know of an attempt. */
const SECRETS = {
  errorMessage: 'inner-7.bank.example refused',
  responseStart: 'ответ банка',
  address: '192.0.2.7:443',
};

function attempt(more: Partial<Attempt> = {}): Attempt {
  const none = { status: undefined, errorClass: undefined };
  const phases = { dns: 3.1, connect: 4.2, tls: 5.3, firstByte: 6.4 };
  const sent = {
    bodyHash: 'ab12',
    signature: 'v1,c2ln',
    spanId: '36b8f84ddf4e4d49',
    grantVersion: 3,
    phases,
  };
  return { n: 1, atMs: Date.now(), durationMs: 21.7, ...none, ...SECRETS, ...sent, ...more };
}

/** Writes what a dispatcher would have found out. */
async function found(id: string, state: DeliveryState, more: Partial<Attempt> = {}): Promise<void> {
  const store = createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs });
  if (state === 'pending') return;
  await store.record([
    recordIn(id as DeliveryId, state, { attempt: attempt(more), finishedAtMs: Date.now() }),
  ]);
}

/** A topic of two readers, and what became of a message at both. */
async function scene(ofReader: DeliveryState = 'retrying', ofStranger: DeliveryState = 'delivered') {
  const topicId = await parties.grantedTopic();
  await parties.grant(topicId, {}, parties.stranger);
  await parties.subscribe(topicId, receiver.url);
  await parties.subscribe(topicId, receiver.url, {}, parties.stranger);
  const path = `/v1/topics/${topicId}/deliveries`;
  const publish = async () => {
    const messageId = await parties.publish(topicId, { n: 1 });
    const items = await eventually(async () => {
      const all = (await itemsOf(`/v1/messages/${messageId}/deliveries`)) ?? [];
      return all.length === 2 ? all : undefined;
    });
    const [own, other] = [parties.reader, parties.stranger].map(
      ({ id }) => items.find((one) => one.partnerId === id)?.id ?? expect.unreachable(),
    );
    return { messageId, own: own ?? '', other: other ?? '' };
  };
  const ids = await publish();
  await found(ids.own, ofReader, { errorClass: 'refused' });
  await found(ids.other, ofStranger, { status: 204 });
  return { topicId, path, publish, ...ids };
}

function expectNoSecrets(answer: Answer): void {
  const text = JSON.stringify(answer.body);
  expect(answer.status).toBe(200);
  for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  for (const name of ['response', 'error"', 'address', 'phases', 'url', 'headers']) {
    expect(text).not.toContain(`"${name}`);
  }
}

describe('the deliveries of a topic', () => {
  it('are shown to its owner for all readers, with what both sides see of each attempt', async () => {
    const { path, messageId, own, other, topicId } = await scene();
    const answer = await get(path);
    expectNoSecrets(answer);
    expect(answer.body.nextCursor).toBeNull();
    const byId = new Map(answer.body.items.map((item: Item) => [item.id, item]));
    expect(byId.size).toBe(2);
    expect(byId.get(own)).toEqual({
      id: own,
      messageId,
      topicId,
      subscriptionId: expect.stringMatching(/^sub_/),
      partnerId: parties.reader.id,
      type: 'car.chosen',
      state: 'retrying',
      reason: null,
      attemptCount: 1,
      nextAttemptAt: expect.any(String),
      acceptedAt: expect.any(String),
      createdAt: expect.any(String),
      finishedAt: null,
      attempts: [
        {
          n: 1,
          at: expect.any(String),
          durationMs: 21.7,
          status: null,
          errorClass: 'refused',
          bodySha256: 'ab12',
          traceparent: traceparentOf(messageId, '36b8f84ddf4e4d49'),
          grantVersion: 3,
        },
      ],
    });
    expect(byId.get(other)).toMatchObject({
      state: 'delivered',
      attempts: [{ status: 204, errorClass: null }],
    });
  });

  it('are filtered by reader, state and time', async () => {
    const { path, own, other, publish } = await scene('dead');
    const later = await publish();
    const idsOf = async (query: string) => (await itemsOf(`${path}?${query}`)).map(({ id }) => id);
    expect(await idsOf(`partnerId=${parties.reader.id}`)).toEqual([later.own, own]);
    expect(await idsOf('state=dead')).toEqual([own]);
    expect(await idsOf('state=delivered')).toEqual([other]);
    expect((await idsOf('state=pending')).sort()).toEqual([later.own, later.other].sort());
    expect(await idsOf('state=held')).toEqual([]);
    const { body } = await get(`/v1/deliveries/${later.own}`);
    expect((await idsOf(`from=${body.acceptedAt}`)).sort()).toEqual([later.own, later.other].sort());
    expect((await idsOf(`to=${body.acceptedAt}`)).sort()).toEqual([own, other].sort());
    const { id: nobody } = await api.createPartner();
    expect(await idsOf(`partnerId=${nobody}`)).toEqual([]);
  });

  it('are visited once each, page by page, newest first', async () => {
    const { path, publish } = await scene();
    for (let n = 0; n < 4; n += 1) await publish();
    const all = await itemsOf(`${path}?limit=200`);
    expect(all).toHaveLength(10);
    const visited: Item[] = [];
    for (let more = ''; more !== 'end'; ) {
      const { body }: Answer = await get(`${path}?limit=3${more}`);
      visited.push(...body.items);
      more = body.nextCursor === null ? 'end' : `&cursor=${body.nextCursor}`;
    }
    expect(visited).toEqual(all);
    expect(all.map(({ acceptedAt }) => acceptedAt)).toEqual(
      all
        .map(({ acceptedAt }) => acceptedAt)
        .sort()
        .reverse(),
    );
  });

  it('are for its owner: a reader hears why not, for others the topic is not there', async () => {
    const { path } = await scene();
    expect((await get(path, parties.reader)).body).toMatchObject({ status: 403, code: 'forbidden' });
    const outsider = await api.createPartner();
    expect((await get(path, outsider)).body).toMatchObject({ status: 404, code: 'not-found' });
    const key = await parties.owner.apiKey(['publish']);
    expect((await api.call('GET', path, { token: key })).status).toBe(403);
  });

  it('of a subscription that is gone are shown all the same', async () => {
    const { path, topicId, own } = await scene();
    const { items } = (await get(`/v1/subscriptions?topicId=${topicId}`, parties.reader)).body;
    const gone = await api.call('DELETE', `/v1/subscriptions/${items[0].id}`, {
      token: parties.reader.token,
    });
    expect(gone.status).toBe(204);
    expect((await itemsOf(path)).map(({ id }) => id)).toContain(own);
  });

  it.each(['state=done', 'partnerId=x', 'limit=0', 'cursor=x', 'from=x', 'topicId=x'])(
    'are refused for ?%s',
    async (query) => {
      const { path } = await scene();
      expect((await get(`${path}?${query}`)).status).toBe(422);
    },
  );
});

describe('one delivery', () => {
  it('is shown to its subscriber with its endpoint, what that said and the way there', async () => {
    const { own } = await scene();
    const { body } = await get(`/v1/deliveries/${own}`, parties.reader);
    expect(body.attempts).toEqual([
      {
        n: 1,
        at: expect.any(String),
        durationMs: 21.7,
        status: null,
        errorClass: 'refused',
        bodySha256: 'ab12',
        traceparent: traceparentOf(body.messageId, '36b8f84ddf4e4d49'),
        grantVersion: 3,
        error: SECRETS.errorMessage,
        response: SECRETS.responseStart,
        address: SECRETS.address,
        phases: { dns: 3.1, connect: 4.2, tls: 5.3, firstByte: 6.4, body: null },
      },
    ]);
    expect(body.lastAttempt).toEqual({ n: 1, at: body.attempts[0].at, status: null, errorClass: 'refused' });
  });

  it('is shown to the owner of its topic without them', async () => {
    const { own } = await scene();
    const answer = await get(`/v1/deliveries/${own}`);
    expectNoSecrets(answer);
    expect(answer.body).toMatchObject({
      id: own,
      state: 'retrying',
      attempts: [{ n: 1, status: null, errorClass: 'refused', bodySha256: 'ab12', grantVersion: 3 }],
    });
  });

  it('is not there for another reader of the topic, and nobody else starts it again', async () => {
    const { own } = await scene('dead');
    expect((await get(`/v1/deliveries/${own}`, parties.stranger)).status).toBe(404);
    for (const verb of ['retry', 'resend']) {
      for (const by of [parties.owner, parties.stranger]) {
        const { status } = await api.call('POST', `/v1/deliveries/${own}/${verb}`, { token: by.token });
        expect(status).toBe(404);
      }
    }
  });
});

describe('lists of deliveries', () => {
  it('carry the last attempt, and no answer of an endpoint', async () => {
    const { own, topicId, messageId } = await scene();
    await found(own, 'dead', { n: 2, status: 503 });
    for (const path of [`/v1/deliveries?topicId=${topicId}`, `/v1/messages/${messageId}/deliveries`]) {
      const answer = await get(path, parties.reader);
      expectNoSecrets(answer);
      expect(answer.body.items).toEqual([
        expect.objectContaining({
          id: own,
          lastAttempt: expect.objectContaining({ n: 2, status: 503, errorClass: null }),
        }),
      ]);
    }
    const { items } = (await get(`/v1/messages/${messageId}/deliveries`)).body;
    expect(items.map((one: { lastAttempt: { status: number } }) => one.lastAttempt.status).sort()).toEqual([
      204, 503,
    ]);
  });
});
