import { connectMongo, type Mongo } from '@anika/stores/mongo/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { Answer } from '../testing/test-client.ts';

let api: TestApi;
let parties: Parties;
let topicId: string;
let mongo: Mongo;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
  topicId = await parties.grantedTopic();
  mongo = connectMongo({ url: api.databases.mongodbUrl });
});

afterAll(async () => {
  await mongo.close();
  await api.close();
});

const HOUR_MS = 3_600_000;
const inHours = (hours: number) => new Date(Date.now() + hours * HOUR_MS).toISOString();

function publish(body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const path = `/v1/topics/${topicId}/messages`;
  return api.call('POST', path, {
    token: parties.owner.token,
    body: { type: 'car.chosen', data: { word: 'завтра' }, ...body },
    headers,
  });
}

function get(path: string, token = parties.owner.token): Promise<Answer> {
  return api.call('GET', path, { token });
}

async function idsOf(query: string, token = parties.owner.token): Promise<string[]> {
  const { status, body } = await get(`/v1/messages?${query}`, token);
  expect(status).toBe(200);
  return body.items.map(({ id }: { id: string }) => id);
}

describe('a message for later', () => {
  let id: string;
  const deliverAt = inHours(5);

  beforeAll(async () => {
    const answer = await publish({ deliverAt, key: 'K-1' });
    expect(answer).toMatchObject({ status: 202, body: { deliverAt, topicId } });
    expect(Date.parse(answer.body.acceptedAt)).toBeLessThanOrEqual(Date.now());
    id = answer.body.id;
  });

  it('is there for its owner, with its time, and for nobody else', async () => {
    const { body } = await get(`/v1/messages/${id}`);
    expect(body).toMatchObject({ id, deliverAt, data: { word: 'завтра' } });
    expect(Date.parse(body.acceptedAt)).toBeLessThanOrEqual(Date.now());
    for (const path of [`/v1/messages/${id}`, `/v1/messages/${id}/deliveries`]) {
      expect((await get(path, parties.reader.token)).status).toBe(404);
      expect((await get(path, parties.stranger.token)).status).toBe(404);
    }
    expect((await get(`/v1/messages/${id}/deliveries`)).body.items).toEqual([]);
  });

  it('is in no search, but in that for what is scheduled', async () => {
    const far = `to=${inHours(24 * 365)}`;
    for (const token of [parties.owner.token, parties.reader.token]) {
      for (const query of [`topicId=${topicId}`, `topicId=${topicId}&${far}`, 'key=K-1', far]) {
        expect(await idsOf(query, token)).not.toContain(id);
      }
    }
    const q = encodeURIComponent('завтра');
    for (const query of ['', `&topicId=${topicId}`, '&key=K-1', `&q=${q}`]) {
      expect(await idsOf(`state=scheduled${query}`)).toContain(id);
    }
    expect(await idsOf(`state=scheduled&q=${encodeURIComponent('вчера')}`)).toEqual([]);
    expect(await idsOf('state=scheduled', parties.reader.token)).toEqual([]);
    expect((await get(`/v1/messages?state=scheduled&topicId=${topicId}`, parties.reader.token)).status).toBe(
      403,
    );
  });

  it('is not counted as accepted before its time', async () => {
    const range = `from=${inHours(-1)}&to=${inHours(24)}`;
    const messages = async () => (await get(`/v1/receipts?topicId=${topicId}&${range}`)).body.messages;
    const before = await messages();
    await publish({ deliverAt: inHours(2) });
    expect(await messages()).toBe(before);
    await publish({});
    expect(await messages()).toBe(before + 1);
  });

  it('is cancelled by taking it back: 410 for its owner, and never was there for a reader', async () => {
    const path = `/v1/messages/${id}`;
    const body = { reason: 'not needed' };
    expect((await api.call('DELETE', path, { token: parties.reader.token, body })).status).toBe(404);
    const answer = await api.call('DELETE', path, { token: parties.owner.token, body });
    expect(answer).toMatchObject({ status: 202, body: { state: 'recalled', cancelled: 0, notified: 0 } });
    expect((await get(path)).status).toBe(410);
    expect((await get(path, parties.reader.token)).status).toBe(404);
    expect(await idsOf('state=scheduled')).not.toContain(id);
    expect(await mongo.messages.countDocuments({ _id: id as never, dueAt: { $exists: true } })).toBe(0);
  });
});

it('the same key gives the first answer again, another time is another message', async () => {
  const deliverAt = inHours(3);
  const headers = { 'idempotency-key': 'later-1' };
  const first = await publish({ deliverAt }, headers);
  const again = await publish({ deliverAt }, headers);
  expect(again.headers.get('idempotency-replayed')).toBe('true');
  expect(again.body).toEqual(first.body);
  for (const other of [inHours(4), undefined]) {
    const body = other === undefined ? {} : { deliverAt: other };
    expect(await publish(body, headers)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-mismatch' },
    });
  }
});

it('in a batch each has its own time', async () => {
  const deliverAt = inHours(1);
  const messages = [
    { type: 'a', data: 1, deliverAt },
    { type: 'a', data: 2 },
    { type: 'a', data: 3, deliverAt: 'tomorrow' },
  ];
  const { body } = await api.call('POST', `/v1/topics/${topicId}/messages/batch`, {
    token: parties.owner.token,
    body: { messages },
  });
  expect(body.items).toEqual([
    { status: 202, id: expect.any(String), deliverAt },
    { status: 202, id: expect.any(String) },
    expect.objectContaining({ status: 422, code: 'validation-failed' }),
  ]);
  expect(await idsOf('state=scheduled&type=a')).toEqual([body.items[0].id]);
});

it('a time that has passed is now; one with another offset is the same time', async () => {
  const past = await publish({ deliverAt: inHours(-1) });
  expect(past.status).toBe(202);
  expect(past.body.deliverAt).toBeUndefined();
  expect((await get(`/v1/messages/${past.body.id}`, parties.reader.token)).status).toBe(200);
  const utc = new Date(Math.ceil(Date.now() / 1000) * 1000 + HOUR_MS);
  const moscow = new Date(utc.getTime() + 3 * HOUR_MS).toISOString().replace('.000Z', '+03:00');
  expect((await publish({ deliverAt: moscow })).body.deliverAt).toBe(utc.toISOString());
});

it.each(['2027', '2027-01-01', 'tomorrow', 1_900_000_000, '2027-01-01T00:00:00', null])(
  'a time like %j is refused',
  async (deliverAt) => {
    const answer = await publish({ deliverAt });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'deliverAt' }] } });
  },
);

it('more than 90 days ahead is refused, and so is one more than a company may have waiting', async () => {
  expect((await publish({ deliverAt: inHours(90 * 24 - 1) })).status).toBe(202);
  const late = await publish({ deliverAt: inHours(90 * 24 + 1) });
  expect(late).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'deliverAt', rule: 'too-far-ahead', values: { count: 90 } }] },
  });
  const [one] = await mongo.messages.find({ dueAt: { $exists: true } }).toArray();
  if (one === undefined) throw new Error('nothing is scheduled');
  const copies = Array.from({ length: 10_000 }, (_, n) => ({
    ...one,
    _id: `msg_copy${n}` as typeof one._id,
  }));
  await mongo.messages.insertMany(copies);
  expect(await publish({ deliverAt: inHours(1) })).toMatchObject({
    status: 422,
    body: { code: 'limit-reached' },
  });
  expect((await publish({})).status).toBe(202);
  await mongo.messages.deleteMany({ _id: { $in: copies.map(({ _id }) => _id) } });
});
