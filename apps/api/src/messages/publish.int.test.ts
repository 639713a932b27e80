import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { CallOptions } from '../testing/test-client.ts';

const MAX_BYTES = 262_144;

let api: TestApi;
let parties: Parties;

beforeAll(async () => {
  api = await startTestApi();
  parties = await openParties(api);
});

afterAll(() => api.close());

function publish(topicId: string, options: CallOptions) {
  return api.call('POST', `/v1/topics/${topicId}/messages`, { token: parties.owner.token, ...options });
}

function publishBatch(topicId: string, options: CallOptions) {
  return api.call('POST', `/v1/topics/${topicId}/messages/batch`, { token: parties.owner.token, ...options });
}

/** The stored text of a message as its owner reads it. */
async function rawMessage(id: string): Promise<string> {
  const response = await fetch(`${api.url}/v1/messages/${id}`, {
    headers: { authorization: `Bearer ${parties.owner.token}` },
  });
  return response.text();
}

async function idsIn(topicId: string): Promise<string[]> {
  const { body } = await api.call('GET', `/v1/messages?topicId=${topicId}&limit=200`, {
    token: parties.owner.token,
  });
  return body.items.map((item: { id: string }) => item.id);
}

function nested(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels);
}

const bodyOf = (dataText: string) => `{"type":"a","data":${dataText}}`;

describe('publishing a message', () => {
  it('answers 202 with its id once it can be read', async () => {
    const topicId = await parties.topic();
    const before = Date.now();
    const { status, body, headers } = await publish(topicId, {
      body: { type: 'car.chosen', key: 'C-17', data: { car: 'Лада' } },
    });
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^msg_[0-9a-z]{26}$/),
      topicId,
      type: 'car.chosen',
      acceptedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    });
    expect(Date.parse(body.acceptedAt)).toBeGreaterThanOrEqual(before);
    expect(headers.get('idempotency-replayed')).toBeNull();
    const read = await api.call('GET', `/v1/messages/${body.id}`, { token: parties.owner.token });
    expect(read).toMatchObject({
      status: 200,
      body: { ...body, key: 'C-17', data: { car: 'Лада' }, audience: null },
    });
  });

  it('keeps the data as it was written: big numbers, order, spelling, odd names', async () => {
    const topicId = await parties.topic();
    const dataText =
      '{"z":12345678901234567890.10,"a":-0.0,"e":1e400,"10":1,"2":1,"":0,"a.b":1,"$set":1,"__proto__":{"x":1},"s":"\\u0416\\/"}';
    const { body } = await publish(topicId, { rawBody: bodyOf(dataText) });
    expect(await rawMessage(body.id)).toContain(`"data":${dataText}}`);
  });

  it.each(['null', 'false', '0', '""', '"text"', '[]', '{}', '[1,[2]]'])(
    'takes %s as data',
    async (dataText) => {
      const { status, body } = await publish(await parties.topic(), { rawBody: bodyOf(dataText) });
      expect(status).toBe(202);
      expect(await rawMessage(body.id)).toContain(`"data":${dataText}}`);
    },
  );

  it.each<[string, CallOptions, number, string, string?]>([
    ['no type', { body: { data: 1 } }, 422, 'validation-failed', 'type'],
    ['a type with a space', { body: { type: 'a b', data: 1 } }, 422, 'validation-failed', 'type'],
    ['a type too long', { body: { type: 'a'.repeat(129), data: 1 } }, 422, 'validation-failed', 'type'],
    ...['anika.grant.expiring', 'ANIKA.x', 'Anika.', 'anika', 'aNiKa'].map(
      (type): [string, CallOptions, number, string, string] => [
        `the type ${type}`,
        { body: { type, data: 1 } },
        422,
        'validation-failed',
        'type',
      ],
    ),
    ['no data', { body: { type: 'a' } }, 422, 'validation-failed', 'data'],
    ['an empty key', { body: { type: 'a', data: 1, key: '' } }, 422, 'validation-failed', 'key'],
    ['a field more', { body: { type: 'a', data: 1, more: 1 } }, 422, 'validation-failed'],
    ['an array', { body: [] }, 422, 'validation-failed'],
    ['broken JSON', { rawBody: '{"type":"a","data":' }, 400, 'invalid-json'],
    ['nothing', { rawBody: '' }, 422, 'validation-failed'],
    ['half a surrogate pair', { rawBody: bodyOf('"\\ud800"') }, 422, 'validation-failed', 'data'],
    [
      'an empty audience',
      { body: { type: 'a', data: 1, audience: [] } },
      422,
      'validation-failed',
      'audience',
    ],
    [
      'another media type',
      { rawBody: bodyOf('1'), headers: { 'content-type': 'text/plain' } },
      415,
      'unsupported-media-type',
    ],
  ])('refuses %s', async (_, options, status, code, path) => {
    const topicId = await parties.topic();
    const answer = await publish(topicId, options);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    if (path !== undefined) expect(answer.body.errors[0].path).toBe(path);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await idsIn(topicId)).toEqual([]);
  });

  it('takes 32 levels of data and no 33rd', async () => {
    const topicId = await parties.topic();
    expect((await publish(topicId, { rawBody: bodyOf(nested(32)) })).status).toBe(202);
    const { status, body } = await publish(topicId, { rawBody: bodyOf(nested(33)) });
    expect({ status, path: body.errors[0].path }).toEqual({ status: 422, path: 'data' });
    expect((await publish(topicId, { rawBody: bodyOf(nested(50_000)) })).status).toBe(422);
  });

  it('takes a body of 256 KiB and not a byte more', async () => {
    const topicId = await parties.topic();
    const room = MAX_BYTES - bodyOf('""').length;
    expect((await publish(topicId, { rawBody: bodyOf(`"${'x'.repeat(room)}"`) })).status).toBe(202);
    const { status, body } = await publish(topicId, { rawBody: bodyOf(`"${'x'.repeat(room + 1)}"`) });
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'payload-too-large' });
    // Counted in bytes, not in characters.
    const cyrillic = 'я'.repeat(Math.floor(room / 2) + 1);
    expect((await publish(topicId, { rawBody: bodyOf(`"${cyrillic}"`) })).status).toBe(413);
  });

  it('is for the owner alone', async () => {
    const topicId = await parties.grantedTopic();
    const body = { type: 'a', data: 1 };
    const statusFor = async (token: string) => (await publish(topicId, { token, body })).status;
    const { owner, reader, stranger } = parties;
    expect(await statusFor(reader.token)).toBe(403);
    expect(await statusFor(stranger.token)).toBe(404);
    expect(await statusFor(await owner.userToken('viewer'))).toBe(403);
    expect(await statusFor(await owner.userToken('developer'))).toBe(202);
    expect(await statusFor(await owner.apiKey(['publish']))).toBe(202);
    expect(await statusFor(await owner.apiKey(['read', 'manage']))).toBe(403);
    expect((await api.call('POST', `/v1/topics/${topicId}/messages`, { body })).status).toBe(401);
  });

  it('answers 404 for a topic that is not there or no more', async () => {
    const topicId = await parties.topic();
    expect((await api.call('DELETE', `/v1/topics/${topicId}`, { token: parties.owner.token })).status).toBe(
      204,
    );
    for (const id of [topicId, 'top_0123456789abcdef', 'nonsense']) {
      expect((await publish(id, { body: { type: 'a', data: 1 } })).status).toBe(404);
    }
  });
});

describe('an audience', () => {
  it('may name partners with an active grant, and the owner reads it back', async () => {
    const topicId = await parties.grantedTopic();
    const id = await parties.publish(topicId, 1, { audience: [parties.reader.id] });
    const { body } = await api.call('GET', `/v1/messages/${id}`, { token: parties.owner.token });
    expect(body.audience).toEqual([parties.reader.id]);
    const seen = await api.call('GET', `/v1/messages/${id}`, { token: parties.reader.token });
    expect(seen.status).toBe(200);
    expect(seen.body).not.toHaveProperty('audience');
  });

  it('may name nobody else', async () => {
    const topicId = await parties.grantedTopic();
    const body = { type: 'a', data: 1, audience: [parties.reader.id, parties.stranger.id] };
    const refused = await publish(topicId, { body });
    expect({ status: refused.status, path: refused.body.errors[0].path }).toEqual({
      status: 422,
      path: 'audience.1',
    });
    await parties.revoke(topicId);
    const revoked = await publish(topicId, { body: { ...body, audience: [parties.reader.id] } });
    expect(revoked.status).toBe(422);
  });
});

describe('a topic with a schema', () => {
  const schema = {
    type: 'object',
    required: ['vin'],
    properties: { vin: { type: 'string', minLength: 3 }, price: { type: 'number' } },
  };

  it('takes data that fits and refuses other data with the place', async () => {
    const topicId = await parties.topic({ schema });
    expect((await publish(topicId, { body: { type: 'a', data: { vin: 'abc' } } })).status).toBe(202);
    const { status, body } = await publish(topicId, {
      body: { type: 'a', data: { vin: 'abc', price: '1' } },
    });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'schema-mismatch' });
    expect(body.errors).toMatchObject([{ path: 'data.price' }]);
  });

  it('refuses by the new schema as soon as it is changed', async () => {
    const topicId = await parties.topic();
    expect((await publish(topicId, { body: { type: 'a', data: 5 } })).status).toBe(202);
    await api.call('PATCH', `/v1/topics/${topicId}`, { token: parties.owner.token, body: { schema } });
    expect((await publish(topicId, { body: { type: 'a', data: 5 } })).status).toBe(422);
  });
});

describe('publishing a batch', () => {
  it('gives each message its own outcome, in the order sent', async () => {
    const topicId = await parties.topic();
    const { status, body } = await publishBatch(topicId, {
      body: {
        messages: [
          { type: 'a', data: 1 },
          { type: 'not ok', data: 2 },
          { type: 'a', data: 3, idempotencyKey: 'k' },
          { type: 'a', data: 3, idempotencyKey: 'k' },
          { type: 'a', data: 4, idempotencyKey: 'k' },
          { type: 'a', data: 'x'.repeat(MAX_BYTES) },
          5,
          { type: 'a', data: JSON.parse(nested(33)) },
          { type: 'a', data: 6, audience: [parties.stranger.id] },
          { type: 'b', data: 7 },
        ],
      },
    });
    expect(status).toBe(202);
    const items: { status: number; id?: string; code?: string }[] = body.items;
    expect(items.map((item) => item.code ?? item.status)).toEqual([
      202,
      'validation-failed',
      202,
      202,
      'idempotency-mismatch',
      'payload-too-large',
      'validation-failed',
      'validation-failed',
      'validation-failed',
      202,
    ]);
    expect(items[1]).toEqual({
      status: 422,
      code: 'validation-failed',
      detail: expect.any(String),
      errors: [{ path: 'type', message: expect.any(String) }],
    });
    expect(items[5]?.status).toBe(413);
    expect(items[3]).toMatchObject({ replayed: true });
    expect(items[2]).not.toHaveProperty('replayed');
    expect(items[3]?.id).toBe(items[2]?.id);
    expect((await idsIn(topicId)).sort()).toEqual([items[0]?.id, items[2]?.id, items[9]?.id].sort());
  });

  it('keeps the data of each as it was written', async () => {
    const topicId = await parties.topic();
    const { body } = await publishBatch(topicId, {
      rawBody:
        '{"messages":[{"data":{"b":1e2,"a":98765432109876543210},"type":"a"},{"type":"a","data":-0.0}]}',
    });
    expect(await rawMessage(body.items[0].id)).toContain('"data":{"b":1e2,"a":98765432109876543210}}');
    expect(await rawMessage(body.items[1].id)).toContain('"data":-0.0}');
  });

  it('keeps the order of its messages on a page that has them all', async () => {
    const topicId = await parties.topic();
    const messages = Array.from({ length: 100 }, (_, n) => ({ type: 'a', data: n }));
    const { body } = await publishBatch(topicId, { body: { messages } });
    const ids = body.items.map((item: { id: string }) => item.id);
    expect(await idsIn(topicId)).toEqual([...ids].reverse());
  });

  it.each([
    ['no messages', { messages: [] }],
    ['101 messages', { messages: Array(101).fill({ type: 'a', data: 1 }) }],
    ['something else', { items: [] }],
  ])('refuses %s', async (_, body) => {
    expect((await publishBatch(await parties.topic(), { body })).status).toBe(422);
  });

  it('is for the owner alone', async () => {
    const topicId = await parties.grantedTopic();
    const body = { messages: [{ type: 'a', data: 1 }] };
    expect((await publishBatch(topicId, { token: parties.reader.token, body })).status).toBe(403);
    expect((await publishBatch('top_0123456789abcdef', { body })).status).toBe(404);
  });
});
