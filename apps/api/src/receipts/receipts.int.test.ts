import { createHash, createPublicKey } from 'node:crypto';
import { TIMING } from '@anika/core/delivery/timing';
import type { FoundState } from '@anika/core/delivery/transition';
import type { DeliveryId } from '@anika/core/ids';
import { connectMongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { recordIn } from '@anika/testkit/delivery-records';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { withClient } from '@anika/testkit/template';
import jsonwebtoken from 'jsonwebtoken';
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

type Item = { id: string; partnerId: string; acceptedAt: string };

const get = (path: string, by: TestPartner = parties.reader) => api.call('GET', path, { token: by.token });

/** The deliveries of a new message, once they are written, by partner. */
async function publish(topicId: string, count: number, more: object = {}): Promise<Map<string, Item>> {
  const id = await parties.publish(topicId, { n: 1 }, more);
  return eventually(async () => {
    const { body } = await get(`/v1/messages/${id}/deliveries`, parties.owner);
    const items: Item[] = body.items;
    return items.length === count && new Map(items.map((item) => [item.partnerId, item]));
  });
}

/** Writes what a dispatcher would have found out. */
async function end(item: Item | undefined, state: FoundState, afterMs = 0): Promise<string> {
  if (item === undefined) throw new Error('no delivery');
  const store = createDeliveryStore(mongo, { graceMs: TIMING.sweepGraceMs });
  const atMs = Date.parse(item.acceptedAt) + afterMs;
  const times = { atMs, durationMs: 5, bodyHash: 'c0ffee', signature: 'v1,c2lnbmF0dXJl' };
  const answer = { status: 204, errorClass: undefined, errorMessage: undefined, responseStart: 'тело' };
  await store.record([
    recordIn(item.id as DeliveryId, state, {
      finishedAtMs: atMs,
      attempt: { n: 1, ...times, ...answer, grantVersion: 1, address: '192.0.2.7:443' },
    }),
  ]);
  return item.id;
}

/** All but the JWS, which has the time at which it was signed. */
function said({ body: { jws: _, ...facts } }: Answer): unknown {
  return facts;
}

/** By a library that knows nothing of receipts, with what is published. */
async function verified(jws: string) {
  const { keys } = (await api.call('GET', '/.well-known/jwks.json')).body;
  const { header } = jsonwebtoken.decode(jws, { complete: true }) ?? expect.unreachable();
  const jwk = keys.find((key: { kid: string }) => key.kid === header.kid);
  jsonwebtoken.verify(jws, createPublicKey({ key: jwk, format: 'jwk' }), { algorithms: ['ES256'] });
  return { payload: Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString(), header };
}

/** Names at any depth, sorted: what `JSON.stringify` needs to write them in that order. */
function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...new Set([...own, ...Object.values(value).flatMap(namesIn)])].sort();
}

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();
const DAYS = `from=${inDays(-45)}&to=${inDays(45)}`;

describe('receipts', () => {
  let topicId: string;
  let thirdAt: string;

  beforeAll(async () => {
    topicId = await parties.grantedTopic();
    await parties.grant(topicId, {}, parties.stranger);
    await parties.subscribe(topicId, receiver.url);
    await parties.subscribe(topicId, receiver.url, {}, parties.stranger);
    const [reader, stranger] = [parties.reader.id, parties.stranger.id];
    const first = await publish(topicId, 2);
    await end(first.get(reader), 'delivered', 10);
    await end(first.get(stranger), 'dead');
    const second = await publish(topicId, 2);
    await end(second.get(reader), 'delivered', 30);
    await end(second.get(stranger), 'delivered', 900);
    const third = await publish(topicId, 1, { audience: [reader] });
    thirdAt = third.get(reader)?.acceptedAt ?? '';
    const silent = await api.createPartner();
    await parties.grant(topicId, {}, silent);
    await parties.publish(topicId, 1, { audience: [silent.id] });
  });

  const none = { pending: 0, retrying: 0, delivered: 0, dead: 0, cancelled: 0, held: 0 };

  it('count for the owner all that was accepted and what became of it', async () => {
    const { status, body } = await get(`/v1/receipts?${DAYS}&topicId=${topicId}`, parties.owner);
    expect(status).toBe(200);
    expect(body).toMatchObject({ kind: 'topic', partnerId: null, oldestUndeliveredAt: thirdAt });
    expect(body.deliveries).toEqual({ ...none, delivered: 3, dead: 1, pending: 1 });
    // Five deliveries of three messages, and a message that nobody was to get.
    expect(body).toMatchObject({ accepted: 5, underWay: 1, messages: 4, withoutDelivery: 1 });
    expect(body.timeToDeliveryMs.median).toBeGreaterThanOrEqual(10);
  });

  it('say the same to both sides of a pair, and nothing of others', async () => {
    const mine = await get(`/v1/receipts?${DAYS}&topicId=${topicId}`);
    const theirs = await get(
      `/v1/receipts?${DAYS}&topicId=${topicId}&partnerId=${parties.reader.id}`,
      parties.owner,
    );
    expect(said(mine)).toEqual(said(theirs));
    expect(mine.body).toMatchObject({
      kind: 'pair',
      partnerId: parties.reader.id,
      ownerId: parties.owner.id,
      accepted: 3,
      messages: 3,
      withoutDelivery: 0,
      deliveries: { ...none, delivered: 2, pending: 1 },
    });
    expect(mine.body.timeToDeliveryMs.p95).toBeLessThan(100);
    const named = await get(`/v1/receipts?${DAYS}&topicId=${topicId}&partnerId=${parties.reader.id}`);
    expect(said(named)).toEqual(said(mine));
    // Each other pair, time and moment has a fingerprint of its own.
    const other = await get(`/v1/receipts?${DAYS}&topicId=${topicId}`, parties.stranger);
    expect(other.body.fingerprint).not.toBe(mine.body.fingerprint);
  });

  it('are signed: what is published verifies them, and whoever has the answer makes the same text of it', async () => {
    const { body } = await get(`/v1/receipts?${DAYS}&topicId=${topicId}`);
    const { jws, fingerprint, ...facts } = body;
    const { payload, header } = await verified(jws);
    expect(header).toEqual({ alg: 'ES256', iat: expect.any(Number), kid: header.kid, typ: 'anika-receipt' });
    expect(JSON.parse(payload)).toEqual(facts);
    expect(payload).toBe(JSON.stringify(facts, namesIn(facts)));
    const hash = createHash('sha256').update(payload).digest('hex');
    expect(fingerprint.replaceAll('-', '').toLowerCase()).toBe(hash.slice(0, 16));
  });

  it('are no access tokens', async () => {
    const { body } = await get(`/v1/receipts?${DAYS}&topicId=${topicId}`);
    const { status } = await api.call('GET', '/v1/auth/me', { token: body.jws });
    expect(status).toBe(401);
  });

  it('say when a part of the time is not kept any more', async () => {
    const completeSince = async (days: number, until = 1) => {
      const path = `/v1/receipts?from=${inDays(days)}&to=${inDays(until)}&topicId=${topicId}`;
      return (await get(path)).body.complete;
    };
    expect(await completeSince(-31)).toBe(true); // it was made today
    await withClient(api.databases.databaseUrl, (client) =>
      client.query(`update topics set created_at = now() - interval '40 days' where id = '${topicId}'`),
    );
    expect(await completeSince(-29)).toBe(true);
    expect(await completeSince(-31)).toBe(false);
    expect(await completeSince(-60, -45)).toBe(true); // nothing was there to keep
  });

  it('are of a time, from and not to', async () => {
    const path = `/v1/receipts?topicId=${topicId}`;
    expect((await get(`${path}&from=${thirdAt}&to=${inDays(1)}`)).body).toMatchObject({
      accepted: 1,
      deliveries: { pending: 1 },
    });
    expect((await get(`${path}&from=${inDays(-1)}&to=${thirdAt}`)).body).toMatchObject({
      accepted: 2,
      deliveries: { ...none, delivered: 2 },
      oldestUndeliveredAt: null,
    });
    const later = await get(`${path}&from=2999-01-01T00:00:00Z&to=2999-04-03T00:00:00Z`);
    expect(later.body).toMatchObject({
      accepted: 0,
      messages: 0,
      deliveries: none,
      timeToDeliveryMs: { median: null, p95: null, p99: null },
      oldestUndeliveredAt: null,
    });
  });

  it.each([
    ['a third company', () => parties.stranger.id],
    ['the owner', () => parties.owner.id],
    ['nobody', () => `par_${'0'.repeat(26)}`],
  ])('are refused to a reader who asks for those of %s', async (_whose, id) => {
    const { status, body } = await get(`/v1/receipts?${DAYS}&topicId=${topicId}&partnerId=${id()}`);
    expect({ status, code: body.code }).toEqual({ status: 403, code: 'forbidden' });
  });

  it.each([
    ['no time at all', '', 'from'],
    ['no end', `from=${inDays(-1)}`, 'to'],
    ['no beginning', `to=${inDays(1)}`, 'from'],
    ['more than 92 days', `from=${inDays(-93)}&to=${inDays(0)}`, 'to'],
    ['an end before the beginning', `from=${inDays(0)}&to=${inDays(-1)}`, 'to'],
    ['no time between', 'from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'to'],
  ])('are refused for %s', async (_what, range, path) => {
    const { status, body } = await get(`/v1/receipts?topicId=${topicId}&${range}`);
    expect(status).toBe(422);
    expect(body.errors[0].path).toBe(path);
  });

  it('count what a subscription got before it was deleted', async () => {
    const again = await parties.grantedTopic();
    const subscription = await parties.subscribe(again, receiver.url);
    await end((await publish(again, 1)).get(parties.reader.id), 'delivered', 5);
    await api.call('DELETE', `/v1/subscriptions/${subscription.id}`, { token: parties.reader.token });
    for (const by of [parties.owner, parties.reader]) {
      const { body } = await get(`/v1/receipts?${DAYS}&topicId=${again}`, by);
      expect(body).toMatchObject({ accepted: 1, deliveries: { ...none, delivered: 1 } });
    }
  });

  it('are not for others, nor without a topic', async () => {
    const outsider = await api.createPartner();
    expect((await get(`/v1/receipts?${DAYS}&topicId=${topicId}`, outsider)).status).toBe(404);
    expect((await get(`/v1/receipts?${DAYS}`)).status).toBe(422);
  });
});

describe('the receipt of a delivery', () => {
  it('proves to both sides what was sent, without what the endpoint answered', async () => {
    const topicId = await parties.grantedTopic();
    await parties.subscribe(topicId, receiver.url);
    const delivery = (await publish(topicId, 1)).get(parties.reader.id);
    const id = await end(delivery, 'delivered', 7);
    const path = `/v1/deliveries/${id}/receipt`;
    const [mine, theirs] = [await get(path), await get(path, parties.owner)];
    expect(said(mine)).toEqual(said(theirs));
    const { payload } = await verified(theirs.body.jws);
    expect(JSON.parse(payload)).toEqual(expect.objectContaining({ deliveryId: id, state: 'delivered' }));
    expect(mine.body).toMatchObject({
      kind: 'delivery',
      deliveryId: id,
      topicId,
      ownerId: parties.owner.id,
      partnerId: parties.reader.id,
      state: 'delivered',
    });
    expect(mine.body.attempts).toEqual([
      {
        n: 1,
        at: expect.any(String),
        bodySha256: 'c0ffee',
        signature: 'v1,c2lnbmF0dXJl',
        status: 204,
        errorClass: null,
        grantVersion: 1,
      },
    ]);
    expect(JSON.stringify(mine.body)).not.toContain('тело');
    expect(JSON.stringify(mine.body)).not.toContain('192.0.2.7');
    expect((await get(path, parties.stranger)).status).toBe(404);
  });
});
