import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import type { TestPartner } from '../testing/test-client.ts';

type Parameter = { readonly in: string; readonly name: string; readonly example?: unknown };
type Operation = {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
};
type Example = { readonly method: string; readonly path: string; readonly operation: Operation };

let api: TestApi;
let receiver: Receiver;
let owner: TestPartner;
let examples: ReadonlyMap<string, Example>;

beforeAll(async () => {
  api = await startTestApi();
  receiver = await startReceiver();
  owner = await api.createPartner();
  const { body: document } = await api.call('GET', '/openapi.json');
  const all = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method, path, operation })),
  );
  const withExample = all.filter(({ operation }) => bodyOf(operation) !== undefined || hasQuery(operation));
  examples = new Map(withExample.map((example) => [example.operation.operationId, example]));
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

function bodyOf({ requestBody }: Operation, mediaType = 'application/json'): unknown {
  return requestBody?.content[mediaType]?.example;
}

function hasQuery({ parameters = [] }: Operation): boolean {
  return parameters.some(({ in: place, example }) => place === 'query' && example !== undefined);
}

function queryOf({ parameters = [] }: Operation): URLSearchParams {
  const given = parameters.filter(({ in: place, example }) => place === 'query' && example !== undefined);
  return new URLSearchParams(given.map(({ name, example }) => [name, String(example)]));
}

type Own = {
  /** Default: the owner's. */
  readonly token?: string;
  readonly topicId?: string;
  readonly partnerId?: string;
  readonly id?: string;
  /** Of its body, if not JSON. */
  readonly mediaType?: string;
};

/** Sends the example of an operation as it stands in the document, but for ids and the address of an endpoint. */
async function tryOut(operationId: string, own: Own = {}) {
  const example = examples.get(operationId);
  if (example === undefined) throw new Error(`${operationId} has no example`);
  const { method, operation } = example;
  const path = example.path
    .replace('{id}', own.id ?? own.topicId ?? '')
    .replace('{partnerId}', own.partnerId ?? '');
  const withOwn = (text: string) => text.replaceAll(/top_[0-9a-z]{26}/g, own.topicId ?? '');
  const body = bodyOf(operation, own.mediaType);
  const text =
    body === undefined
      ? undefined
      : withOwn(JSON.stringify(body)).replaceAll(/https:\/\/[^"]+/g, receiver.url);
  const query = withOwn(queryOf(operation).toString());
  return api.call(method.toUpperCase(), `${path}?${query}`, {
    token: own.token ?? owner.token,
    ...(text !== undefined && { rawBody: text }),
    ...(own.mediaType !== undefined && { headers: { 'content-type': own.mediaType } }),
  });
}

describe('the examples of the document', () => {
  it('are accepted one after the other as they stand, and find what they published', async () => {
    const topic = await tryOut('createTopic');
    expect(topic).toMatchObject({ status: 201 });
    const topicId = topic.body.id;
    const { id: partnerId } = await api.createPartner();
    const { token } = await api.createPartner();
    const request = { token, body: { purpose: 'Предложить кредит' } };
    const asked = await api.call('POST', `/v1/topics/${topicId}/access-requests`, request);
    expect(await tryOut('approveAccessRequest', { id: asked.body.id })).toMatchObject({ status: 200 });

    const published = await tryOut('publishMessage', { topicId });
    expect(published).toMatchObject({ status: 202 });
    const explained = await tryOut('explainMessage', { id: published.body.id });
    expect(explained).toMatchObject({ status: 200, body: { messageId: published.body.id } });
    const batch = await tryOut('publishBatch', { topicId });
    expect(batch.status).toBe(202);
    expect(batch.body.items.map(({ status }: { status: number }) => status)).toEqual([202, 202]);

    const preview = await tryOut('previewGrant', { topicId, partnerId });
    expect(preview).toMatchObject({ status: 200, body: { considered: 3, matching: 2 } });
    expect(preview.body.samples[0].before.data).toHaveProperty('customer.phone');
    expect(preview.body.samples[0].after.data).not.toHaveProperty('customer.phone');
    expect(await tryOut('putGrant', { topicId, partnerId })).toMatchObject({
      status: 200,
      body: { state: 'active', warnings: [] },
    });

    const subscription = await tryOut('createSubscription', { topicId });
    expect(subscription).toMatchObject({ status: 201, body: { state: 'active' } });
    const updated = await tryOut('updateSubscription', { id: subscription.body.id });
    expect(updated).toMatchObject({ status: 200, body: { rateLimitPerSecond: 50 } });

    expect(await tryOut('previewSubscription', { topicId })).toMatchObject({ status: 200 });
    expect(await tryOut('startReplay', { id: subscription.body.id })).toMatchObject({ status: 202 });

    const pulling = { topicId, delivery: { type: 'pull' } };
    const { token: own } = owner;
    const { body: pull } = await api.call('POST', '/v1/subscriptions', { token: own, body: pulling });
    expect(await tryOut('pullDeliveries', { id: pull.id })).toMatchObject({
      status: 200,
      body: { items: [] },
    });
    // The lease of the example is none that was given.
    expect(await tryOut('ackDeliveries', { id: pull.id })).toMatchObject({
      status: 200,
      body: { items: [{ status: 409, code: 'lease-lapsed' }] },
    });

    const found = await tryOut('searchMessages');
    expect(found.status).toBe(200);
    expect(found.body.items).toHaveLength(2);
    expect(await tryOut('listTopicDeliveries', { id: topicId })).toMatchObject({ status: 200 });
    expect(await tryOut('receipts', { topicId })).toMatchObject({ status: 200 });

    expect(await tryOut('stats', { topicId })).toMatchObject({ status: 200 });
    expect(await tryOut('stream')).toMatchObject({ status: 200 });

    const operator = { token: api.operatorToken };
    expect(await tryOut('opsEndpoints', operator)).toMatchObject({ status: 200 });
    expect(await tryOut('updatePartner', { ...operator, id: partnerId })).toMatchObject({
      status: 200,
      body: { limits: { topics: 5000 } },
    });
    expect(await tryOut('forgotPassword')).toMatchObject({ status: 202 });

    expect(await tryOut('listNotices')).toMatchObject({ status: 200 });
    const me = await api.call('GET', '/v1/auth/me', { token: owner.token });
    expect(await tryOut('updateNoticeSettings', { id: me.body.userId })).toMatchObject({
      status: 200,
      body: { email: 'daily', language: 'ru' },
    });
    expect(await tryOut('recallMessage', { id: published.body.id })).toMatchObject({ status: 202 });
    expect(await tryOut('createErasure', { topicId })).toMatchObject({ status: 202 });
  });

  it('are accepted in each other form that a body may have', async () => {
    const { token } = await api.createPartner();
    const { body: topic } = await tryOut('createTopic', { token });
    const forms = [...examples].flatMap(([id, { operation }]) =>
      Object.keys(operation.requestBody?.content ?? {})
        .filter((mediaType) => mediaType !== 'application/json')
        .map((mediaType) => ({ id, mediaType })),
    );
    expect(forms).toHaveLength(2);
    for (const { id, mediaType } of forms) {
      const { status, body } = await tryOut(id, { token, topicId: topic.id, mediaType });
      expect({ id, status }).toEqual({ id, status: 202 });
      for (const item of body.items ?? []) expect(item.status).toBe(202);
    }
  });

  it('are all sent by the test before', () => {
    expect([...examples.keys()].toSorted()).toEqual([
      'ackDeliveries',
      'approveAccessRequest',
      'createErasure',
      'createSubscription',
      'createTopic',
      'explainMessage',
      'forgotPassword',
      'listNotices',
      'listTopicDeliveries',
      'opsEndpoints',
      'previewGrant',
      'previewSubscription',
      'publishBatch',
      'publishMessage',
      'pullDeliveries',
      'putGrant',
      'recallMessage',
      'receipts',
      'searchMessages',
      'startReplay',
      'stats',
      'stream',
      'updateNoticeSettings',
      'updatePartner',
      'updateSubscription',
    ]);
  });
});
