import { CloudEvent, HTTP, type Message } from 'cloudevents';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPullers, type Pullers } from '../testing/pullers.ts';
import { sendRaw } from '../testing/raw-request.ts';
import type { Answer } from '../testing/test-client.ts';

const EVENTS = 'application/cloudevents+json';
const BATCH = 'application/cloudevents-batch+json';
const EVENT = { specversion: '1.0', id: 'e-1', source: '/orders', type: 'car.chosen' };

let world: Pullers;

beforeAll(async () => {
  world = await openPullers();
});
afterAll(() => world.close());

function send(
  topicId: string,
  message: Message | { headers: object; body?: unknown },
  batch = '',
): Promise<Answer> {
  const { api, parties } = world;
  return api.call('POST', `/v1/topics/${topicId}/messages${batch}`, {
    token: parties.owner.token,
    headers: Object.fromEntries(
      Object.entries(message.headers).map(([name, value]) => [name, String(value)]),
    ),
    ...(message.body !== undefined && { rawBody: String(message.body) }),
  });
}

const structured = (event: object, type = EVENTS) => ({
  headers: { 'content-type': type },
  body: JSON.stringify(event),
});

async function stored(id: string) {
  const { token } = world.parties.owner;
  return (await world.api.call('GET', `/v1/messages/${id}`, { token })).body;
}

async function idsIn(topicId: string): Promise<string[]> {
  const { token } = world.parties.owner;
  const { body } = await world.api.call('GET', `/v1/messages?topicId=${topicId}&limit=200`, { token });
  return body.items.map(({ id }: { id: string }) => id);
}

describe('a CloudEvent', () => {
  const modes = [
    ['structured', HTTP.structured],
    ['binary', HTTP.binary],
  ] as const;
  const formats = ['cloudevents-structured', 'cloudevents-binary'] as const;
  const ways = modes.flatMap((mode) => formats.map((format) => [mode[0], format, mode[1]] as const));

  it.each(ways)('of the SDK in %s mode comes out as the same event: %s', async (_mode, format, write) => {
    const { subscribed, published, pull, parties } = world;
    const { topicId, id } = await subscribed({}, { format });
    const event = new CloudEvent({ ...EVENT, subject: 'order-7', data: { model: 'Лада', tags: [1, null] } });
    const accepted = await send(topicId, write(event));
    expect(accepted).toMatchObject({ status: 202, body: { topicId, type: event.type } });
    // One after it, whose delivery says that those before have been fanned out.
    await published(topicId, [1]);
    const items = await pull(id, { max: 10 });
    const item = items.find(({ headers }) => headers['webhook-id'] === accepted.body.id);
    const out = HTTP.toEvent({ headers: item?.headers ?? {}, body: item?.body });
    expect(out).toMatchObject({
      id: accepted.body.id,
      source: `urn:anika:topic:${topicId}`,
      type: event.type,
      subject: event.subject,
      data: event.data,
      anikapublisher: parties.owner.id,
    });
  });

  it('that comes again, in whichever mode, is the same message', async () => {
    const topicId = await world.parties.topic();
    const event = new CloudEvent({ ...EVENT, data: { n: 1 } });
    const first = await send(topicId, HTTP.structured(event));
    const again = await send(topicId, HTTP.binary(event));
    expect(again).toMatchObject({ status: 202, body: first.body });
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const batch = await send(topicId, structured([event.toJSON()], BATCH), '/batch');
    expect(batch.body.items).toEqual([{ status: 202, id: first.body.id, replayed: true }]);
    const other = await send(topicId, HTTP.structured(event.cloneWith({ data: { n: 2 } })));
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-mismatch' } });
    const elsewhere = await send(topicId, HTTP.structured(event.cloneWith({ source: '/returns' })));
    expect(elsewhere.status).toBe(202);
    expect(elsewhere.body.id).not.toBe(first.body.id);
    expect(await idsIn(topicId)).toHaveLength(2);
  });

  it('has a key that no Idempotency-Key is, and takes none beside it', async () => {
    const topicId = await world.parties.topic();
    const key = 'ce /orders e-1';
    const event = structured({ ...EVENT, data: 1 });
    expect((await send(topicId, event)).status).toBe(202);
    const { token } = world.parties.owner;
    const keyed = { token, headers: { 'idempotency-key': key }, body: { type: 'car.chosen', data: 1 } };
    const own = await world.api.call('POST', `/v1/topics/${topicId}/messages`, keyed);
    expect(own.headers.get('idempotency-replayed')).toBeNull();
    const both = { ...event, headers: { ...event.headers, 'idempotency-key': key } };
    expect(await send(topicId, both)).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'Idempotency-Key' }] },
    });
  });

  it('goes to its audience at its time', async () => {
    const { parties } = world;
    const topicId = await parties.grantedTopic();
    const at = new Date(Date.now() + 3_600_000).toISOString();
    const event = { ...EVENT, data: 1, anikaaudience: parties.reader.id, anikadeliverat: at };
    const { status, body } = await send(topicId, structured(event));
    expect({ status, deliverAt: body.deliverAt }).toEqual({ status: 202, deliverAt: at });
    expect((await stored(body.id)).audience).toEqual([parties.reader.id]);
  });

  it('is judged like any message: schema, depth, names that come twice, size', async () => {
    const schema = { type: 'object', required: ['n'] };
    const topicId = await world.parties.topic({ schema });
    const refusal = async (body: string) => {
      const answer = await send(topicId, { headers: { 'content-type': EVENTS }, body });
      return [answer.status, answer.body.code];
    };
    const withData = (data: string) => JSON.stringify(EVENT).replace(/}$/, `,"data":${data}}`);
    expect(await refusal(withData('{}'))).toEqual([422, 'schema-mismatch']);
    expect(await refusal(withData('{"n":1,"n":2}'))).toEqual([422, 'validation-failed']);
    expect(await refusal(withData(`${'['.repeat(33)}${']'.repeat(33)}`))).toEqual([422, 'validation-failed']);
    expect(await refusal(withData(`"${'x'.repeat(262_144)}"`))).toEqual([413, 'payload-too-large']);
    expect(await refusal(withData('{"n":1}').replace('{', '{"id":"other",'))).toEqual([
      422,
      'validation-failed',
    ]);
    expect(await refusal(withData('{"n":1'))).toEqual([400, 'invalid-json']);
    expect(await idsIn(topicId)).toEqual([]);
  });

  it('is refused where an attribute comes twice as a header', async () => {
    const topicId = await world.parties.topic();
    const lines = [
      `POST /v1/topics/${topicId}/messages HTTP/1.1`,
      'Host: x',
      `Authorization: Bearer ${world.parties.owner.token}`,
      'Content-Type: application/json',
      'Content-Length: 1',
      ...Object.entries(EVENT).map(([name, value]) => `ce-${name}: ${value}`),
      'CE-Type: car.returned',
      'Connection: close',
    ];
    const answer = await sendRaw(world.api.url, `${lines.join('\r\n')}\r\n\r\n1`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('The header ce-type was sent more than once');
  });

  it('is 415 where another form is taken, which the answer names', async () => {
    const topicId = await world.parties.topic();
    const batchAsOne = await send(topicId, structured([EVENT], BATCH));
    expect(batchAsOne).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
    expect(batchAsOne.headers.get('accept')).toBe(`application/json, ${EVENTS}`);
    const oneAsBatch = await send(topicId, structured(EVENT, EVENTS), '/batch');
    expect(oneAsBatch.headers.get('accept')).toBe(`application/json, ${BATCH}`);
    const { parties, api } = world;
    const elsewhere = { token: parties.owner.token, headers: { 'content-type': EVENTS }, rawBody: '{}' };
    expect((await api.call('POST', '/v1/topics', elsewhere)).status).toBe(415);
  });
});

describe('a batch of CloudEvents', () => {
  it('has an outcome for each, in the order sent', async () => {
    const topicId = await world.parties.topic();
    const texts = [
      JSON.stringify({ ...EVENT, data: 1 }),
      JSON.stringify({ ...EVENT, id: 'e-2', unknown: 1 }),
      '7',
      JSON.stringify({ ...EVENT, id: 'e-3' }).replace('{', '{"id":"e-4",'),
      JSON.stringify({ ...EVENT, id: 'e-5', data: 'x'.repeat(262_144) }),
      JSON.stringify({ ...EVENT, id: 'e-6', data: 1.0 }),
    ];
    const message = { headers: { 'content-type': `${BATCH}; charset=UTF-8` }, body: `[${texts}]` };
    const { status, body } = await send(topicId, message, '/batch');
    expect(status).toBe(202);
    expect(body.items.map((item: { code?: string }) => item.code)).toEqual([
      undefined,
      'validation-failed',
      'validation-failed',
      'validation-failed',
      'payload-too-large',
      undefined,
    ]);
    expect(body.items[1].errors).toEqual([{ path: 'unknown', message: expect.any(String) }]);
    expect(body.items[3].errors).toEqual([
      { path: 'id', message: 'comes twice in one object', rule: 'repeated-name' },
    ]);
    expect(await idsIn(topicId)).toHaveLength(2);
  });

  it.each([['{}'], ['[]'], ['"x"'], [`[${Array.from({ length: 101 }, () => '{}')}]`]])(
    'is 422 as %s',
    async (body) => {
      const topicId = await world.parties.topic();
      const answer = await send(topicId, { headers: { 'content-type': BATCH }, body }, '/batch');
      expect(answer.status).toBe(422);
    },
  );

  it('takes no attributes as headers, of whichever form it is', async () => {
    const topicId = await world.parties.topic();
    const message = {
      headers: { 'content-type': 'application/json', 'ce-id': '1' },
      body: '{"messages":[{}]}',
    };
    const answer = await send(topicId, message, '/batch');
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'ce-id' }] } });
  });
});
