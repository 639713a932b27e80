import { createHash, createPublicKey, verify } from 'node:crypto';
import { startReceiver } from '@anika/testkit/receiver';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { numbersOf, openPullers, type PulledItem, type Pullers } from '../testing/pullers.ts';

let world: Pullers;

beforeAll(async () => {
  world = await openPullers({ ANIKA_RETRY_SCHEDULE: '0s,1h,1h' });
});
afterAll(() => world.close());

const HOUR_MS = 3_600_000;
const n = (count: number) => Array.from({ length: count }, (_, index) => ({ n: index + 1 }));

async function one(items: Promise<PulledItem[]>): Promise<PulledItem> {
  const [first, ...others] = await items;
  if (first === undefined || others.length > 0) throw new Error('not exactly one');
  return first;
}

describe('a subscription that pulls', () => {
  it('has no url, is active at once, and is shown as what it is', async () => {
    const { api, parties, post } = world;
    const topicId = await parties.grantedTopic();
    const made = await post('/v1/subscriptions', { topicId, delivery: { type: 'pull' } });
    const shown = { delivery: { type: 'pull' }, url: null, state: 'active', stateReason: null };
    expect(made).toMatchObject({ status: 201, body: { ...shown, secret: expect.stringMatching(/^whsec_/) } });
    const path = `/v1/subscriptions/${made.body.id}`;
    const { token } = parties.reader;
    expect((await api.call('GET', path, { token })).body).toMatchObject(shown);
    const { body } = await api.call('GET', '/v1/audit?limit=5', { token: parties.owner.token });
    expect(body.items).toContainEqual(
      expect.objectContaining({
        action: 'subscription.created',
        after: { delivery: 'pull', eventTypes: [], state: 'active' },
      }),
    );
  });

  it.each([
    ['url', { url: 'https://bank.example/x' }],
    ['headers', { headers: { 'x-a': 'b' } }],
    ['timeoutMs', { timeoutMs: 2000 }],
    ['maxConcurrency', { maxConcurrency: 2 }],
    ['rateLimitPerSecond', { rateLimitPerSecond: 2 }],
  ])('takes no %s, when it is made or changed', async (path, more) => {
    const { api, parties, post, subscribed } = world;
    const refused = { status: 422, body: { code: 'validation-failed', errors: [{ path }] } };
    const { topicId, id } = await subscribed();
    expect(await post('/v1/subscriptions', { topicId, delivery: { type: 'pull' }, ...more })).toMatchObject(
      refused,
    );
    const patch = { token: parties.reader.token, body: more };
    expect(await api.call('PATCH', `/v1/subscriptions/${id}`, patch)).toMatchObject(refused);
  });

  it('stays one: neither it nor a webhook can become the other, and a webhook needs a url', async () => {
    const { api, parties, post, subscribed } = world;
    const { topicId, id } = await subscribed();
    const body = { delivery: { type: 'webhook' }, url: 'https://bank.example/x' };
    const patched = await api.call('PATCH', `/v1/subscriptions/${id}`, { token: parties.reader.token, body });
    expect(patched).toMatchObject({ status: 422 });
    for (const delivery of [undefined, { type: 'webhook' }]) {
      const made = await post('/v1/subscriptions', { topicId, delivery });
      expect(made).toMatchObject({ status: 422, body: { errors: [{ path: 'url' }] } });
    }
    for (const delivery of ['pull', { type: 'post' }, { type: 'pull', url: 'x' }, null]) {
      expect((await post('/v1/subscriptions', { topicId, delivery })).status).toBe(422);
    }
  });

  it('has no endpoint to verify or to test', async () => {
    const { post, subscribed } = world;
    const { id } = await subscribed();
    for (const act of ['verify', 'test']) {
      expect(await post(`/v1/subscriptions/${id}/${act}`)).toMatchObject({ status: 409 });
    }
  });
});

describe('what is pulled', () => {
  it('is the very body and headers of a webhook, signed at that moment, in the order of acceptance', async () => {
    const { subscribed, published, pull } = world;
    const { topicId, id, secret } = await subscribed();
    const ids = await published(topicId, n(12), { key: 'k' });
    const before = Math.floor(Date.now() / 1000);
    const items = [...(await pull(id)), ...(await pull(id, { max: 100 }))];
    expect(numbersOf(items)).toEqual(n(12).map((each) => each.n));
    for (const [index, { deliveryId, attempt, headers, body }] of items.entries()) {
      new Webhook(secret).verify(body, headers);
      expect(attempt).toBe(1);
      expect(headers).toEqual({
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^ANIKA\//),
        'webhook-id': ids[index],
        'webhook-timestamp': expect.any(String),
        'webhook-signature': expect.stringMatching(/^v1,/),
        'anika-subscription-id': id,
        'anika-delivery-id': deliveryId,
        'anika-attempt': '1',
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      });
      expect(Number(headers['webhook-timestamp'])).toBeGreaterThanOrEqual(before);
      const { type, key, topic } = JSON.parse(body);
      expect({ type, key, topic: topic.id }).toEqual({ type: 'car.chosen', key: 'k', topic: topicId });
    }
    expect(await pull(id)).toEqual([]);
  });

  it('comes in the form and with the signature that were asked for', async () => {
    const { api, subscribed, published, pull } = world;
    const asymmetric = await subscribed({}, { signature: 'ed25519' });
    await published(asymmetric.topicId, n(1));
    const { headers, body } = await one(pull(asymmetric.id));
    const { keys } = (await api.call('GET', '/.well-known/anika-webhook-keys.json')).body;
    const content = Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`);
    const [, signature = ''] = headers['webhook-signature']?.split(',') ?? [];
    const publicKey = createPublicKey({ key: keys[0], format: 'jwk' });
    expect(verify(null, content, publicKey, Buffer.from(signature, 'base64'))).toBe(true);
    for (const format of ['cloudevents-structured', 'cloudevents-binary']) {
      const { topicId, id } = await subscribed({}, { format });
      const [messageId] = await published(topicId, n(1));
      const event = await one(pull(id));
      expect(HTTP.toEvent({ headers: event.headers, body: event.body })).toMatchObject({
        id: messageId,
        data: { n: 1 },
      });
    }
  });

  it('shows no more than the grant does, and is only what the subscription asks for', async () => {
    const { subscribed, published, pull } = world;
    const hidden = { fields: { exclude: ['data.phone', 'key'] } };
    const { topicId, id } = await subscribed(hidden, { filter: { 'data.n': { gte: 2 } } });
    const data = n(3).map((each) => ({ ...each, phone: '+7 900' }));
    await world.parties.publish(topicId, data[0]);
    await published(topicId, data.slice(1), { key: 'secret key' });
    const items = await pull(id);
    expect(items.map(({ body }) => JSON.parse(body))).toEqual([
      expect.objectContaining({ data: { n: 2 } }),
      expect.objectContaining({ data: { n: 3 } }),
    ]);
    expect(JSON.stringify(items)).not.toMatch(/phone|secret key/);
  });

  it('is about 1 MB together, or one that is larger', async () => {
    const { subscribed, published, pull } = world;
    const { topicId, id } = await subscribed();
    const large = 'x'.repeat(250_000);
    await published(
      topicId,
      n(9).map((each) => ({ ...each, large })),
    );
    const counts: number[] = [];
    for (let items = await pull(id, { max: 100 }); items.length > 0; items = await pull(id, { max: 100 })) {
      counts.push(items.length);
    }
    expect(counts).toEqual([3, 3, 3]);
  });

  it('is on record with what was given, for both sides', async () => {
    const { api, parties, subscribed, published, pull, ack, read } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(1));
    const given = await one(pull(id, { leaseSeconds: 60 }));
    expect(await read(given.deliveryId)).toMatchObject({ state: 'retrying', attempts: [] });
    expect(await ack(id, [given])).toEqual([200]);
    const { traceparent } = given.headers;
    const attempt = { n: 1, grantVersion: 1, traceparent, status: null, errorClass: null, error: null };
    expect(await read(given.deliveryId)).toMatchObject({
      state: 'delivered',
      attemptCount: 1,
      nextAttemptAt: null,
      attempts: [attempt],
    });
    for (const { token } of [parties.owner, parties.reader]) {
      const { body } = await api.call('GET', `/v1/deliveries/${given.deliveryId}/receipt`, { token });
      expect(body.attempts).toEqual([
        expect.objectContaining({
          bodySha256: createHash('sha256').update(given.body).digest('hex'),
          signature: given.headers['webhook-signature'],
        }),
      ]);
    }
    const [from, to] = [-HOUR_MS, HOUR_MS].map((ms) => new Date(Date.now() + ms).toISOString());
    const receipts = await api.call('GET', `/v1/receipts?topicId=${topicId}&from=${from}&to=${to}`, {
      token: parties.owner.token,
    });
    expect(receipts.body).toMatchObject({ accepted: 1, deliveries: { delivered: 1, retrying: 0 } });
  });
});

describe('nothing is given that may not be', () => {
  it('after the grant was revoked, narrowed or masked anew: each pull is judged anew', async () => {
    const { parties, subscribed, published, pull, read } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(4));
    const first = await one(pull(id, { max: 1 }));
    await parties.grant(topicId, { filter: { 'data.n': { gte: 3 } }, fields: { include: ['data.n'] } });
    expect(numbersOf([await one(pull(id, { max: 1 }))])).toEqual([3]);
    await parties.revoke(topicId);
    expect(await pull(id, { max: 100 })).toEqual([]);
    await world.lapse(id);
    expect(await pull(id, { max: 100 })).toEqual([]);
    expect(await read(first.deliveryId)).toMatchObject({ state: 'cancelled', reason: 'grant-revoked' });
  });

  it('while it is paused: what waits is held, and comes in its order when it is resumed', async () => {
    const { post, subscribed, published, pull, read } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(2));
    await post(`/v1/subscriptions/${id}/pause`);
    await published(topicId, [{ n: 3 }]);
    expect(await pull(id)).toEqual([]);
    const { body } = await world.api.call('GET', `/v1/deliveries?subscriptionId=${id}&state=held`, {
      token: world.parties.reader.token,
    });
    expect(body.items).toHaveLength(3);
    expect(await read(body.items[0].id)).toMatchObject({ reason: 'subscription-paused' });
    expect(await post(`/v1/subscriptions/${id}/resume`)).toMatchObject({ body: { state: 'active' } });
    expect(numbersOf(await pull(id))).toEqual([1, 2, 3]);
  });

  it('that its reader does not want any more, however much of it there is', async () => {
    const { api, parties, subscribed, published, pull } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(150));
    const patch = { token: parties.reader.token, body: { filter: { 'data.n': 150 } } };
    await api.call('PATCH', `/v1/subscriptions/${id}`, patch);
    expect(numbersOf([await one(pull(id, { max: 1 }))])).toEqual([150]);
  });

  it('of a deleted subscription or topic', async () => {
    const { api, parties, post, subscribed, published } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(1));
    await api.call('DELETE', `/v1/topics/${topicId}`, { token: parties.owner.token });
    expect(await post(`/v1/subscriptions/${id}/pull`)).toMatchObject({ status: 404 });
    const other = await subscribed();
    await published(other.topicId, n(1));
    await api.call('DELETE', `/v1/subscriptions/${other.id}`, { token: parties.reader.token });
    expect(await post(`/v1/subscriptions/${other.id}/pull`)).toMatchObject({ status: 404 });
  });

  it('to a stranger, a viewer, a key without the scope, or for a webhook', async () => {
    const { parties, post, subscribed, published, pull } = world;
    const { topicId, id } = await subscribed();
    await published(topicId, n(1));
    for (const { token } of [parties.stranger, parties.owner]) {
      for (const act of ['pull', 'ack']) {
        const body = act === 'ack' ? { items: [{ deliveryId: 'dlv_x', lease: 'x', outcome: 'done' }] } : {};
        expect(await post(`/v1/subscriptions/${id}/${act}`, body, token)).toMatchObject({ status: 404 });
      }
    }
    const { reader } = parties;
    for (const token of [
      await reader.userToken('viewer'),
      await reader.apiKey(['read', 'manage', 'publish']),
    ]) {
      expect(await post(`/v1/subscriptions/${id}/pull`, {}, token)).toMatchObject({ status: 403 });
    }
    for (const token of [await reader.userToken('developer'), await reader.apiKey(['receive'])]) {
      expect((await post(`/v1/subscriptions/${id}/pull`, { max: 1 }, token)).status).toBe(200);
    }
    expect(await pull(id)).toEqual([]); // the first of them has it
    const receiver = await startReceiver();
    const webhook = await parties.subscribe(topicId, receiver.url);
    expect(await post(`/v1/subscriptions/${webhook.id}/pull`)).toMatchObject({ status: 409 });
    await receiver.close();
  });
});
