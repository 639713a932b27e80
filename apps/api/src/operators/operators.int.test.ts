import { ALL_ROUTES } from '@anika/contracts/all-routes';
import type { Attempt } from '@anika/core/delivery/delivery';
import type { DeliveryId, PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { floorTo, NO_FIGURES } from '@anika/core/stats/figures';
import { bucketOf } from '@anika/core/stats/histogram';
import { connectMongo, type Mongo } from '@anika/stores/mongo/client';
import { createDeliveryStore } from '@anika/stores/mongo/deliveries';
import { createStatStore } from '@anika/stores/mongo/stats';
import { recordIn } from '@anika/testkit/delivery-records';
import { eventually } from '@anika/testkit/eventually';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CALLS } from '../testing/every-route.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';
import { closeWorld, createWorld, type World } from '../testing/world.ts';

const MINUTE = 60_000;
const SECRET = /zzz[a-z]+zzz/;

let world: World;
let mongo: Mongo;
let receiver: Receiver;
let subscriptionId: string;
let messageId: string;
let deliveryId: string;

const ATTEMPT: Attempt = {
  n: 1,
  atMs: Date.now(),
  durationMs: 7,
  status: 500,
  errorClass: undefined,
  errorMessage: 'zzzerrorzzz',
  responseStart: 'zzzanswerzzz',
  bodyHash: 'zzzhashzzz',
  signature: 'zzzsignaturezzz',
};

beforeAll(async () => {
  world = await createWorld();
  receiver = await startReceiver();
  mongo = connectMongo({ url: world.api.databases.mongodbUrl });
  const { api, owner, reader, topicId } = world;
  const subscription = await api.call('POST', '/v1/subscriptions', {
    token: reader.token,
    body: {
      topicId,
      url: `${receiver.url}/zzzpathzzz?key=zzzqueryzzz`,
      description: 'zzzdescriptionzzz',
      filter: { 'data.secret': 'zzzdatazzz' },
      headers: { 'x-key': 'zzzheaderzzz' },
    },
  });
  subscriptionId = subscription.body.id;
  const body = { type: 'car.chosen', key: 'zzzkeyzzz', data: { secret: 'zzzdatazzz' } };
  const message = await api.call('POST', `/v1/topics/${topicId}/messages`, { token: owner.token, body });
  messageId = message.body.id;
  deliveryId = await eventually(async () => {
    const path = `/v1/messages/${messageId}/deliveries`;
    const answer = await api.call('GET', path, { token: reader.token });
    return answer.body.items.find((one: { subscriptionId: string }) => one.subscriptionId === subscriptionId)
      ?.id;
  });
  const store = createDeliveryStore(mongo, { graceMs: 0 });
  await store.record([
    recordIn(deliveryId as DeliveryId, 'retrying', {
      attempt: ATTEMPT,
      nextAttemptAtMs: Date.now() + 3_600_000,
    }),
  ]);
  await countFigures();
});
afterAll(async () => {
  await Promise.all([mongo.close(), receiver.close()]);
  await closeWorld(world);
});

/** As a dispatcher would have counted them. */
async function countFigures(): Promise<void> {
  const at = floorTo('minute', Date.now()) - 2 * MINUTE;
  const scope = { kind: 'subscription', subscriptionId: subscriptionId as SubscriptionId } as const;
  const other = { kind: 'subscription', subscriptionId: world.subscriptionId as SubscriptionId } as const;
  const [topicId, ownerId] = [world.topicId as TopicId, world.owner.id as PartnerId];
  const partnerId = world.reader.id as PartnerId;
  const failing = { ...NO_FIGURES, failed: 9, delivered: 1, times: new Map([[bucketOf(50), 1]]) };
  const slow = { ...NO_FIGURES, delivered: 5, times: new Map([[bucketOf(60_000), 5]]) };
  const rows = [
    { scope, atMs: at, figures: failing, about: { subscriptionId: scope.subscriptionId } },
    { scope: other, atMs: at, figures: slow, about: { subscriptionId: other.subscriptionId } },
    {
      scope: { kind: 'installation' as const },
      atMs: at,
      figures: { ...NO_FIGURES, accepted: 300 },
      about: {},
    },
    {
      scope: { kind: 'topic' as const, topicId },
      atMs: at,
      figures: { ...NO_FIGURES, accepted: 300 },
      about: { topicId, ownerId },
    },
    {
      scope: { kind: 'pair' as const, topicId, partnerId },
      atMs: at,
      figures: failing,
      about: { topicId, partnerId },
    },
  ];
  await createStatStore(mongo).replace('minute', { fromMs: at, toMs: at + MINUTE }, rows, Date.now());
}

const operator = (path: string) => world.api.call('GET', path, { token: world.api.operatorToken });

describe('what operators see', () => {
  it('a delivery: names, states and times, and where its job is', async () => {
    // A delivery is stored before its job is there.
    const body = await eventually(async () => {
      const answer = await operator(`/v1/ops/deliveries/${deliveryId}`);
      return answer.body.job?.state === 'waiting' ? answer.body : undefined;
    });
    expect(body).toMatchObject({
      id: deliveryId,
      messageId,
      ownerName: world.owner.name,
      partnerName: world.reader.name,
      host: new URL(receiver.url).host,
      state: 'retrying',
      attemptCount: 1,
      attempts: [{ n: 1, durationMs: 7, status: 500, errorClass: null }],
      job: { queue: 'deliver', state: 'waiting' },
    });
    expect(body.job.url).toContain(`/admin/queues/queue/deliver/${deliveryId}_g1`);
  });

  it('a message with its deliveries', async () => {
    const { body } = await operator(`/v1/ops/messages/${messageId}`);
    expect(body).toMatchObject({ id: messageId, ownerName: world.owner.name, type: 'car.chosen' });
    expect(body.deliveries).toContainEqual(expect.objectContaining({ id: deliveryId, state: 'retrying' }));
  });

  it('the endpoints that fail most and those that are slowest, and their hosts', async () => {
    const failing = (await operator('/v1/ops/endpoints')).body;
    expect(failing.subscriptions[0]).toMatchObject({
      subscriptionId,
      partnerName: world.reader.name,
      host: new URL(receiver.url).host,
      failed: 9,
      failedShare: 0.9,
    });
    expect(failing.hosts[0]).toMatchObject({ host: new URL(receiver.url).host, subscriptions: 1, failed: 9 });
    const slow = (await operator('/v1/ops/endpoints?order=slow&limit=1')).body;
    expect(slow.subscriptions).toHaveLength(1);
    expect(slow.subscriptions[0]).toMatchObject({ subscriptionId: world.subscriptionId, failed: 0 });
    expect(slow.subscriptions[0].p95Ms).toBeGreaterThan(50_000);
  });

  it('the installation: figures, queues, stores and processes', async () => {
    const overview = await eventually(async () => {
      const { body } = await operator('/v1/ops/overview');
      return body.processes.length > 0 ? body : undefined;
    });
    expect(overview).toMatchObject({
      acceptedPerSecond: 1,
      stores: { postgres: 'ok', mongodb: 'ok', redis: 'ok' },
      processes: [{ program: 'api', pid: process.pid }],
    });
    expect(overview.queues.map(({ queue }: { queue: string }) => queue)).toEqual([
      'deliver',
      'dead-letter',
      'maintenance',
    ]);
    expect(overview.queues[0].jobs.waiting).toBeGreaterThan(0);
  });

  it('figures of the companies with most', async () => {
    const { body } = await operator('/metrics');
    expect(body).toContain(
      `anika_company_per_minute{company="${world.owner.id}",what="accepted",app="api"} 300`,
    );
    expect(body).toContain(
      `anika_company_per_minute{company="${world.reader.id}",what="failed",app="api"} 9`,
    );
  });

  it('titles of jobs that say topic, reader and host, a link to the delivery, and no false alarm', async () => {
    const cookie = await signIn(world.api);
    const board = (path: string) =>
      world.api.call('GET', `/admin/queues/api${path}`, { headers: { cookie } });
    const { body } = await board('/queues?activeQueue=deliver&status=waiting&page=1&jobsPerPage=100');
    const queues: {
      name: string;
      jobs: { id: string; name: string; externalUrl: unknown }[];
      hasWorkers: unknown;
    }[] = body.queues;
    const job = queues[0]?.jobs.find(({ id }) => id === `${deliveryId}_g1`);
    const topic = await world.api.call('GET', `/v1/topics/${world.topicId}`, { token: world.owner.token });
    expect(job?.name).toBe(`${topic.body.name} → ${world.reader.name} · ${new URL(receiver.url).host}`);
    expect(job?.externalUrl).toMatchObject({ href: `/console/deliveries/${deliveryId}` });
    expect((await board(`/queues/deliver/${deliveryId}_g1`)).body.job.name).toBe(job?.name);
    expect(queues.find(({ name }) => name === 'dead-letter')?.hasWorkers).toBeNull();
    const shown = await world.api.call('GET', `/admin/deliveries/${deliveryId}`, { headers: { cookie } });
    expect(shown).toMatchObject({ status: 200, body: { id: deliveryId, state: 'retrying' } });
    expect((await world.api.call('GET', `/admin/deliveries/${deliveryId}`)).status).not.toBe(200);
    const unknown = await world.api.call('GET', `/admin/deliveries/nonsense`, { headers: { cookie } });
    expect(unknown.status).toBe(404);
  });

  it('nothing that a company has written into messages, endpoints, headers, secrets or answers, wherever they look', async () => {
    const secret = await world.api.call('GET', `/v1/subscriptions/${subscriptionId}/secret`, {
      token: world.reader.token,
    });
    const texts: string[] = [];
    for (const contract of ALL_ROUTES) {
      if (contract.access === 'public' || !contract.access.roles.includes('operator')) continue;
      const call = await CALLS[contract.id]?.(world);
      if (call === undefined || contract.method !== 'get') continue;
      texts.push(JSON.stringify((await operator(call.path)).body));
    }
    texts.push(JSON.stringify((await operator(`/v1/ops/deliveries/${deliveryId}`)).body));
    texts.push(JSON.stringify((await operator(`/v1/ops/messages/${messageId}`)).body));
    const cookie = await signIn(world.api);
    for (const path of [
      `/admin/deliveries/${deliveryId}`,
      `/admin/messages/${messageId}`,
      '/admin/queues/api/queues?activeQueue=deliver&page=1&jobsPerPage=100',
      `/admin/queues/api/queues/deliver/${deliveryId}_g1`,
    ]) {
      const answer = await world.api.call('GET', path, { headers: { cookie } });
      expect(answer.status, path).toBe(200);
      texts.push(JSON.stringify(answer.body));
    }
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      expect(text).not.toMatch(SECRET);
      for (const one of secret.body.secrets ?? [secret.body.secret])
        expect(text).not.toContain(one.secret ?? one);
    }
  });
});

async function signIn(api: TestApi): Promise<string> {
  const form = await api.call('GET', '/admin/login');
  const csrf = /name="csrf" value="([^"]+)"/.exec(String(form.body))?.[1] ?? '';
  const pair = (cookie = '') => cookie.split(';', 1)[0] ?? '';
  const credentials = { email: 'operator@anika.test', password: 'operator-password-1', csrf };
  const { headers } = await api.call('POST', '/admin/login', {
    rawBody: new URLSearchParams(credentials).toString(),
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      cookie: pair(form.headers.getSetCookie()[0]),
    },
  });
  return pair(headers.getSetCookie().find((one) => one.startsWith('anika_admin=')));
}

describe('limits of one company', () => {
  it('hold for it instead of the defaults, are audited, and go back with null', async () => {
    const api = await startTestApi({ ANIKA_MAX_TOPICS: '2', ANIKA_EGRESS_ADDRESSES: '192.0.2.1, 192.0.2.2' });
    try {
      const company = await api.createPartner();
      const patch = (limits: object) =>
        api.call('PATCH', `/v1/partners/${company.id}`, { token: api.operatorToken, body: { limits } });
      const create = async () => {
        const body = { name: `T ${Math.random()}` };
        return (await api.call('POST', '/v1/topics', { token: company.token, body })).status;
      };
      expect(await patch({ topics: 3 })).toMatchObject({
        status: 200,
        body: { limits: { topics: 3, keys: null } },
      });
      expect([await create(), await create(), await create(), await create()]).toEqual([201, 201, 201, 422]);
      const meta = (await api.call('GET', '/v1/meta', { token: company.token })).body;
      expect(meta).toMatchObject({
        limits: { company: { topics: 3, keys: 500 } },
        retrySchedule: null,
        egressAddresses: ['192.0.2.1', '192.0.2.2'],
      });
      expect(await patch({ topics: null, users: 0 })).toMatchObject({
        body: { limits: { topics: null, users: 0 } },
      });
      expect(await create()).toBe(422);
      const { body: log } = await api.call('GET', '/v1/audit?action=partner.updated', {
        token: api.operatorToken,
      });
      expect(log.items[0]).toMatchObject({
        before: { limits: { topics: 3 } },
        after: { limits: { users: 0 } },
      });
      for (const limits of [{ topics: -1 }, { topics: 1.5 }, { rockets: 1 }, { topics: '3' }]) {
        expect((await patch(limits)).status).toBe(422);
      }
      const own = await api.call('PATCH', `/v1/partners/${company.id}`, {
        token: company.token,
        body: { limits: {} },
      });
      expect(own.status).toBe(403);
    } finally {
      await api.close();
    }
  });
});
