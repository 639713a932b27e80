import { createHash } from 'node:crypto';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { until } from '@anika/testkit/until';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, type TestPartner } from '../apps/api/src/testing/test-client.ts';
import { type Program, startProgram } from './support/program.ts';
import { today } from './support/scene.ts';

let databases: TestDatabases;
const programs: Program[] = [];
let client: ReturnType<typeof createClient>;
let owner: TestPartner;
let reader: TestPartner;

beforeAll(async () => {
  databases = await createTestDatabases();
  const settings = { ANIKA_RETRY_SCHEDULE: '0s,200ms,200ms' };
  programs.push(
    ...(await Promise.all([
      startProgram('api', { databases }),
      startProgram('dispatcher', { databases, settings }),
      startProgram('dispatcher', { databases, settings }),
    ])),
  );
  client = createClient(programs[0]?.url ?? '');
  owner = await client.createPartner('АвтоЭкспресс');
  reader = await client.createPartner('ЭкспоБанк');
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await databases.drop();
});

async function grantedTopic(name: string): Promise<string> {
  const topic = await client.call('POST', '/v1/topics', { token: owner.token, body: { name } });
  await client.call('PUT', `/v1/topics/${topic.body.id}/grants/${reader.id}`, {
    token: owner.token,
    body: {},
  });
  return topic.body.id;
}

async function subscribe(topicId: string, receiver: Receiver, more: object = {}) {
  const { body } = await client.call('POST', '/v1/subscriptions', {
    token: reader.token,
    body: { topicId, url: receiver.url, ...more },
  });
  expect(body.state).toBe('active');
  return body as { id: string; secret: string };
}

async function publish(topicId: string, data: unknown, type = 'car.chosen'): Promise<string> {
  const answer = await client.call('POST', `/v1/topics/${topicId}/messages`, {
    token: owner.token,
    body: { type, data },
  });
  expect(answer.status).toBe(202);
  return answer.body.id;
}

async function deliveryOf(messageId: string) {
  const { body } = await client.call('GET', `/v1/messages/${messageId}/deliveries`, { token: owner.token });
  return body.items[0];
}

describe('two dispatchers', () => {
  it('deliver every message exactly once and share the work', async () => {
    const receiver = await startReceiver();
    const topicId = await grantedTopic('Выбор машины');
    const { secret } = await subscribe(topicId, receiver);
    const ids = await Promise.all(Array.from({ length: 200 }, (_, n) => publish(topicId, { n })));
    await receiver.waitFor(200, 20_000);
    await eventually(async () => {
      const { body } = await client.call('GET', `/v1/receipts?topicId=${topicId}&${today()}`, {
        token: owner.token,
      });
      return body.deliveries.delivered === 200;
    });
    expect(receiver.received.map((request) => request.headers['webhook-id']).sort()).toEqual(ids.sort());
    for (const request of receiver.received) {
      new Webhook(secret).verify(request.rawBody, request.headers as Record<string, string>);
    }
    await receiver.close();
    // Counted after it is stored, and what is answered may be a second old.
    const delivered = await eventually(async () => {
      const counts = await Promise.all(programs.slice(1).map(deliveredBy));
      return counts.reduce((sum, n) => sum + n, 0) >= 200 && counts;
    });
    expect(delivered.reduce((sum, n) => sum + n, 0)).toBe(200);
    expect(Math.min(...delivered)).toBeGreaterThan(0);
  });
});

async function deliveredBy(program: Program): Promise<number> {
  const text = await (await fetch(`${program.url}/metrics`)).text();
  return Number(/anika_deliveries_total\{[^}]*outcome="delivered"[^}]*\} (\d+)/.exec(text)?.[1] ?? 0);
}

/** Its first answer, which is no, comes when something has changed; the next attempt is due a second later. */
async function refusingUntilChanged() {
  let changed: () => void = () => undefined;
  const change = new Promise<void>((resolve) => {
    changed = resolve;
  });
  const respond = () => change.then(() => ({ status: 503, headers: { 'retry-after': '1' } }));
  return { changed, receiver: await startReceiver({ respond }) };
}

describe('a delivery', () => {
  it('is seen from both sides, each with its own, and both have one receipt of it', async () => {
    const receiver = await startReceiver();
    const topicId = await grantedTopic('С двух сторон');
    // A second version of the grant.
    await client.call('PUT', `/v1/topics/${topicId}/grants/${reader.id}`, {
      token: owner.token,
      body: { fields: { exclude: ['data.secret'] } },
    });
    const subscription = await subscribe(topicId, receiver);
    for (const n of [1, 2]) {
      await publish(topicId, { n, secret: 'x' });
      await receiver.waitFor(n);
    }
    const read = async (path: string, by: TestPartner) =>
      (await client.call('GET', path, { token: by.token })).body;
    const items = await eventually(async () => {
      const page = await read(`/v1/topics/${topicId}/deliveries?state=delivered`, owner);
      return page.items.length === 2 && page.items;
    });
    const [second, first] = items;
    const bodies = receiver.received.map(({ rawBody }) => createHash('sha256').update(rawBody).digest('hex'));
    expect([first.attempts[0].bodySha256, second.attempts[0].bodySha256]).toEqual(bodies);
    expect(first.attempts[0]).toMatchObject({ status: 204, grantVersion: 2 });

    const seen = await read(`/v1/deliveries/${second.id}`, reader);
    const { host } = new URL(receiver.url);
    expect(seen.attempts[0]).toMatchObject({ address: host, phases: { dns: null, tls: null } });
    expect(seen.attempts[0].phases.firstByte).toBeGreaterThan(0);
    const ofOwner = await read(`/v1/deliveries/${second.id}`, owner);
    expect(ofOwner.attempts).toEqual(second.attempts);
    expect(JSON.stringify(ofOwner)).not.toContain(host);

    const range = `topicId=${topicId}&${today()}`;
    const [given, taken] = [
      await read(`/v1/receipts?${range}&partnerId=${reader.id}`, owner),
      await read(`/v1/receipts?${range}`, reader),
    ];
    expect(given).toMatchObject({ accepted: 2, messages: 2, deliveredAtFirstAttempt: 2, underWay: 0 });
    expect(taken.fingerprint).toBe(given.fingerprint);
    expect((await read(`/v1/subscriptions/${subscription.id}`, reader)).health).toMatchObject({
      state: 'healthy',
    });
    await receiver.close();
  });

  it('is retried after a failure, with the same webhook-id, and recorded attempt by attempt', async () => {
    const receiver = await startReceiver({ respond: () => ({ status: 500, body: 'внутренняя ошибка' }) });
    const topicId = await grantedTopic('Повторы');
    await subscribe(topicId, receiver);
    const id = await publish(topicId, { amount: 1 });
    await receiver.waitFor(1);
    receiver.respondWith(() => ({ status: 204 }));
    await receiver.waitFor(2);
    const delivery = await eventually(async () => {
      const found = await deliveryOf(id);
      return found.state === 'delivered' ? found : undefined;
    });
    const detail = await client.call('GET', `/v1/deliveries/${delivery.id}`, { token: reader.token });
    expect(detail.body.attempts.map((attempt: { status: number }) => attempt.status)).toEqual([500, 204]);
    expect(detail.body.attempts[0].response).toBe('внутренняя ошибка');
    expect(receiver.received.map((request) => request.headers['anika-attempt'])).toEqual(['1', '2']);
    await receiver.close();
  });

  it('is dead when its attempts are used up, and is delivered after a redrive', async () => {
    const receiver = await startReceiver({ respond: () => ({ status: 503 }) });
    const topicId = await grantedTopic('Мёртвые письма');
    const { id: subscriptionId } = await subscribe(topicId, receiver);
    const id = await publish(topicId, { amount: 2 });
    await eventually(async () => (await deliveryOf(id))?.state === 'dead');
    expect((await deliveryOf(id)).reason).toBe('attempts-exhausted');
    expect(receiver.received).toHaveLength(3);
    receiver.respondWith(() => ({ status: 204 }));
    const redriven = await client.call('POST', `/v1/subscriptions/${subscriptionId}/redrive`, {
      token: reader.token,
    });
    expect(redriven).toMatchObject({ status: 202, body: { redriven: 1 } });
    await eventually(async () => (await deliveryOf(id)).state === 'delivered');
    await receiver.close();
  });

  it('that was taken is sent again when its company asks for it', async () => {
    const receiver = await startReceiver();
    const topicId = await grantedTopic('Ещё раз');
    const { id: subscriptionId } = await subscribe(topicId, receiver);
    const id = await publish(topicId, { n: 1 });
    const delivered = async (attempts: number) => {
      const { body } = await client.call('GET', `/v1/deliveries/${(await deliveryOf(id))?.id}`, {
        token: reader.token,
      });
      return body.state === 'delivered' && body.attempts.length === attempts ? body.id : undefined;
    };
    const deliveryId = await eventually(() => delivered(1));
    const resend = `/v1/deliveries/${deliveryId}/resend`;
    expect((await client.call('POST', resend, { token: reader.token })).status).toBe(202);
    await eventually(() => delivered(2));
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([id, id]);
    expect(receiver.received.map(({ headers }) => headers['anika-subscription-id'])).toEqual([
      subscriptionId,
      subscriptionId,
    ]);
    await receiver.close();
  });

  it.each<[string, (of: { deliveryId: string; topicId: string }) => Promise<unknown>, string]>([
    [
      'is not started again',
      async ({ deliveryId }) => {
        const retry = () =>
          client.call('POST', `/v1/deliveries/${deliveryId}/retry`, { token: reader.token });
        expect((await Promise.all([retry(), retry()])).map(({ status }) => status)).toEqual([409, 409]);
      },
      'delivered',
    ],
    [
      'ends cancelled with what left on record',
      ({ topicId }) =>
        client.call('DELETE', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token }),
      'cancelled',
    ],
  ])('whose request is under way %s', async (_, meanwhile, ends) => {
    let answer: () => void = () => undefined;
    const mayAnswer = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const receiver = await startReceiver({ respond: () => ({ status: 500 }) });
    const topicId = await grantedTopic(`Под запросом: ${ends}`);
    await subscribe(topicId, receiver);
    const id = await publish(topicId, { n: 1 });
    await receiver.waitFor(1);
    receiver.respondWith(() => mayAnswer.then(() => ({ status: ends === 'delivered' ? 204 : 500 })));
    await receiver.waitFor(2);
    const waiting = await eventually(async () => {
      const found = await deliveryOf(id);
      return found?.state === 'retrying' ? found : undefined;
    });
    await meanwhile({ deliveryId: waiting.id, topicId });
    const detail = () => client.call('GET', `/v1/deliveries/${waiting.id}`, { token: reader.token });
    if (ends === 'cancelled') await eventually(async () => (await detail()).body.state === 'cancelled');
    answer();
    await eventually(async () => (await detail()).body.attempts.length === 2);
    expect((await detail()).body).toMatchObject({ state: ends, attempts: [{ status: 500 }, {}] });
    expect(receiver.received).toHaveLength(2);
    await receiver.close();
  });

  it.each<[string, object, { state: string; reason: string | null; sent: number }]>([
    [
      'its eventTypes leave it out',
      { eventTypes: ['car.sold'] },
      { state: 'cancelled', reason: 'not-wanted', sent: 1 },
    ],
    [
      'its filter leaves it out',
      { filter: { 'data.n': { gt: 7 } } },
      { state: 'cancelled', reason: 'not-wanted', sent: 1 },
    ],
    [
      'its filter still lets it in',
      { filter: { 'data.n': 7 } },
      { state: 'delivered', reason: null, sent: 2 },
    ],
  ])('that waits is judged by what its subscriber wants by then: %s', async (_, patch, expected) => {
    const { changed, receiver } = await refusingUntilChanged();
    const topicId = await grantedTopic(`Передумал: ${JSON.stringify(patch)}`);
    const { id: subscriptionId } = await subscribe(topicId, receiver);
    const id = await publish(topicId, { n: 7 });
    await receiver.waitFor(1);
    receiver.respondWith(() => ({ status: 204 }));
    await client.call('PATCH', `/v1/subscriptions/${subscriptionId}`, { token: reader.token, body: patch });
    changed();
    const { state, reason } = await eventually(async () => {
      const found = await deliveryOf(id);
      return found?.finishedAt == null ? undefined : found;
    });
    expect({ state, reason, sent: receiver.received.length }).toEqual(expected);
    await receiver.close();
  });

  it('that waits goes to the address its subscriber has by then', async () => {
    const [{ changed, receiver: before }, after] = [await refusingUntilChanged(), await startReceiver()];
    const topicId = await grantedTopic('Переехал');
    const { id: subscriptionId } = await subscribe(topicId, before);
    const id = await publish(topicId, { n: 7 });
    await before.waitFor(1);
    const body = { url: after.url };
    const moved = await client.call('PATCH', `/v1/subscriptions/${subscriptionId}`, {
      token: reader.token,
      body,
    });
    expect(moved.body.state).toBe('active');
    changed();
    await after.waitFor(1);
    await eventually(async () => (await deliveryOf(id)).state === 'delivered');
    expect([before.received.length, after.received.length]).toEqual([1, 1]);
    await Promise.all([before.close(), after.close()]);
  });

  it('is not sent when its grant is revoked between publish and delivery', async () => {
    // The second attempt is not due before the grant is revoked.
    const receiver = await startReceiver({
      respond: () => ({ status: 500, headers: { 'retry-after': '3' } }),
    });
    const topicId = await grantedTopic('Отозванный доступ');
    await subscribe(topicId, receiver);
    const id = await publish(topicId, { secret: true });
    const [first] = await receiver.waitFor(1);
    await client.call('DELETE', `/v1/topics/${topicId}/grants/${reader.id}`, { token: owner.token });
    const delivery = await eventually(async () => {
      const found = await deliveryOf(id);
      return found.state === 'cancelled' ? found : undefined;
    });
    expect(delivery.reason).toBe('grant-revoked');
    await publish(topicId, { after: true });
    const other = await grantedTopic('Отозванный доступ, проверка');
    await subscribe(other, receiver);
    await publish(other, { control: true });
    await receiver.waitFor((request) => request.rawBody.includes('control'));
    if (first === undefined) throw new Error('its first attempt is not there');
    await until(first.atMs + 3500);
    expect(receiver.received.filter((request) => !request.rawBody.includes('control'))).toHaveLength(1);
    expect(receiver.received.some((request) => request.rawBody.includes('after'))).toBe(false);
    await receiver.close();
  });

  it('waits while its subscription is paused and goes out in order when it is resumed', async () => {
    const receiver = await startReceiver();
    const topicId = await grantedTopic('Пауза');
    const { id } = await subscribe(topicId, receiver);
    await client.call('POST', `/v1/subscriptions/${id}/pause`, { token: reader.token });
    for (let n = 0; n < 50; n += 1) await publish(topicId, { n });
    await eventually(async () => {
      const { body } = await client.call('GET', `/v1/deliveries?subscriptionId=${id}&state=held&limit=200`, {
        token: reader.token,
      });
      return body.items.length === 50;
    });
    expect(receiver.received).toHaveLength(0);
    await client.call('POST', `/v1/subscriptions/${id}/resume`, { token: reader.token });
    const received = await receiver.waitFor(50, 20_000);
    const order = received.map((request) => (request.body as { data: { n: number } }).data.n);
    expect(order).toEqual(Array.from({ length: 50 }, (_, n) => n));
    await receiver.close();
  });

  it('ends the subscription when the endpoint answers 410', async () => {
    const receiver = await startReceiver({ respond: () => ({ status: 410 }) });
    const topicId = await grantedTopic('Ушёл');
    const { id: subscriptionId } = await subscribe(topicId, receiver);
    const id = await publish(topicId, {});
    await eventually(async () => (await deliveryOf(id))?.state === 'dead');
    const subscription = await eventually(async () => {
      const { body } = await client.call('GET', `/v1/subscriptions/${subscriptionId}`, {
        token: reader.token,
      });
      return body.state === 'disabled' ? body : undefined;
    });
    expect(subscription.stateReason).toContain('410');
    await receiver.close();
  });
});
