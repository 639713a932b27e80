import { createNoticeKeeper } from '@anika/broker/keep-notices';
import type { PartnerId, TopicId } from '@anika/core/ids';
import { noticesTopicOf } from '@anika/core/notice/notice';
import { connectMongo } from '@anika/stores/mongo/client';
import { createMessageStore } from '@anika/stores/mongo/messages';
import { connectPostgres } from '@anika/stores/postgres/client';
import { createNoticeStore } from '@anika/stores/postgres/notices';
import { type Receiver, startReceiver } from '@anika/testkit/receiver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openParties, type Parties } from '../testing/parties.ts';
import { startTestApi, type TestApi } from '../testing/test-api.ts';

let api: TestApi;
let parties: Parties;
let receiver: Receiver;
let tell: () => Promise<void>;
let close: () => Promise<void>;

/** Nobody dispatches in these tests: notices are made as a dispatcher would. */
beforeAll(async () => {
  [api, receiver] = await Promise.all([startTestApi(), startReceiver()]);
  parties = await openParties(api);
  const mongo = connectMongo({ url: api.databases.mongodbUrl });
  const postgres = connectPostgres({ url: api.databases.databaseUrl });
  const messages = createMessageStore(mongo);
  const keeper = createNoticeKeeper({
    insert: async (batch) => {
      await messages.insert(batch);
      return batch;
    },
    fanOut: async () => undefined,
    order: () => 0,
    failed: () => undefined,
    clock: { now: Date.now },
  });
  const store = createNoticeStore(postgres, {
    keep: keeper.keep,
    putDown: (_, reason) => {
      throw reason;
    },
    mails: false,
  });
  tell = async () => {
    while (await store.tellAudit(Date.now()));
  };
  close = async () => {
    await postgres.close();
    await mongo.close();
  };
});

afterAll(async () => {
  await close();
  await Promise.all([api.close(), receiver.close()]);
});

const get = (path: string, token: string) => api.call('GET', path, { token });
const listed = async (token: string, query = '') => (await get(`/v1/notices${query}`, token)).body.items;

describe('GET /v1/notices', () => {
  it('what a subscription to them would get can be previewed', async () => {
    const { reader, grantedTopic } = parties;
    await grantedTopic();
    await tell();
    const eventTypes = ['anika.grant.given', 'anika.delivery.dead', 'anika.x'];
    const { body } = await api.call('POST', '/v1/subscriptions/preview', {
      token: reader.token,
      body: { topicId: 'notices', eventTypes },
    });
    expect(body.samples[0]).toMatchObject({ type: 'anika.grant.given' });
    expect(body.warnings).toEqual([{ path: 'type', reason: expect.stringContaining('is of type anika.x') }]);
  });

  it('both sides of a grant are told, nobody else, and newest first', async () => {
    const { owner, reader, stranger, topic, grant, revoke } = parties;
    const topicId = await topic();
    await grant(topicId, { purpose: 'Скоринг', filter: { 'data.phone': '+7 900' } });
    await revoke(topicId);
    await tell();
    for (const { token } of [owner, reader]) {
      const items = (await listed(token)).filter(
        (one: { data: { topicId: string } }) => one.data.topicId === topicId,
      );
      expect(items.map((one: { type: string }) => one.type).sort()).toEqual([
        'anika.grant.given',
        'anika.grant.revoked',
      ]);
      expect(JSON.stringify(items)).not.toContain('+7 900');
    }
    expect(await listed(stranger.token)).toEqual([]);
  });

  it('pages, types and times', async () => {
    const { reader, grantedTopic } = parties;
    for (let n = 0; n < 5; n += 1) await grantedTopic();
    await tell();
    const seen: string[] = [];
    let cursor = '';
    do {
      const { body } = await get(`/v1/notices?type=anika.grant.given&limit=2${cursor}`, reader.token);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.length).toBeGreaterThanOrEqual(5);
    expect(await listed(reader.token, '?type=anika.key.made')).toEqual([]);
    expect(await listed(reader.token, `?from=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect((await get('/v1/notices?type=car.chosen', reader.token)).status).toBe(422);
  });

  it('a viewer and a key that reads may, one that publishes may not', async () => {
    const { reader } = parties;
    expect((await get('/v1/notices', await reader.userToken('viewer'))).status).toBe(200);
    expect((await get('/v1/notices', await reader.apiKey(['read']))).status).toBe(200);
    expect((await get('/v1/notices', await reader.apiKey(['publish']))).status).toBe(403);
    expect((await get('/v1/notices', api.operatorToken)).status).toBe(403);
  });

  it('a secret that is read is told, and not each time', async () => {
    const { reader, grantedTopic, subscribe } = parties;
    const { id } = await subscribe(await grantedTopic(), receiver.url);
    for (let n = 0; n < 3; n += 1) await get(`/v1/subscriptions/${id}/secret`, reader.token);
    await get(`/v1/subscriptions/${id}/secret`, await reader.apiKey(['manage']));
    await tell();
    const items = (await listed(reader.token, '?type=anika.secret.read')).filter(
      (one: { data: { subscriptionId: string } }) => one.data.subscriptionId === id,
    );
    expect(items).toHaveLength(2);
  });
});

describe('a subscription to notices', () => {
  it('is made without a grant, listed under its name, and its topic is in no list', async () => {
    const { reader } = parties;
    const { token } = reader;
    const made = await api.call('POST', '/v1/subscriptions', {
      token,
      body: { topicId: 'notices', url: receiver.url, eventTypes: ['anika.delivery.dead'] },
    });
    const topicId = noticesTopicOf(reader.id as PartnerId);
    expect(made).toMatchObject({ status: 201, body: { state: 'active', topicId } });
    const found = await get('/v1/subscriptions?topicId=notices', token);
    expect(found.body.items.map(({ id }: { id: string }) => id)).toEqual([made.body.id]);
    expect((await get(`/v1/topics/${topicId}`, token)).body).toMatchObject({ name: 'notices' });
    for (const path of ['/v1/topics', '/v1/catalog']) {
      expect(JSON.stringify((await get(path, token)).body)).not.toContain(topicId);
    }
    const own = await api.call('POST', '/v1/topics', { token, body: { name: 'notices' } });
    expect(own.status).toBe(201);
  });

  it('nobody can publish to it, share it, change it, delete it or search it', async () => {
    const { reader, owner } = parties;
    const { token } = reader;
    await tell();
    const topicId: TopicId = noticesTopicOf(reader.id as PartnerId);
    const at = `/v1/topics/${topicId}`;
    const tries = [
      ['POST', `${at}/messages`, { type: 'car.chosen', data: 1 }],
      ['POST', `${at}/messages`, { type: 'anika.grant.given', data: 1 }],
      ['PUT', `${at}/grants/${owner.id}`, {}],
      ['POST', `${at}/grants/${owner.id}/preview`, {}],
      ['GET', `${at}/grants`, undefined],
      ['PATCH', at, { visibility: 'listed', retentionDays: 1 }],
      ['DELETE', at, undefined],
      ['GET', `/v1/messages?topicId=${topicId}`, undefined],
    ] as const;
    for (const [method, path, body] of tries) {
      const answer = await api.call(method, path, { token, body });
      // The published type is refused for itself first.
      expect([method, path, answer.status]).toEqual([
        method,
        path,
        body && 'type' in body && body.type !== 'car.chosen' ? 422 : 404,
      ]);
    }
    expect(JSON.stringify((await get('/v1/messages?limit=200', token)).body)).not.toContain(topicId);
  });

  it("another company's is not there", async () => {
    const { reader, stranger } = parties;
    const topicId = noticesTopicOf(reader.id as PartnerId);
    const body = { topicId, url: receiver.url };
    const made = await api.call('POST', '/v1/subscriptions', { token: stranger.token, body });
    expect(made.status).toBe(404);
    expect((await get(`/v1/topics/${topicId}`, stranger.token)).status).toBe(404);
    await tell();
    const [notice] = await listed(reader.token);
    expect((await get(`/v1/messages/${notice.id}`, stranger.token)).status).toBe(404);
    expect((await get(`/v1/messages/${notice.id}`, reader.token)).status).toBe(200);
    const asked = await api.call('POST', `/v1/topics/${topicId}/access-requests`, {
      token: stranger.token,
      body: { purpose: 'посмотреть' },
    });
    expect(asked.status).toBe(404);
  });
});

describe('notice-settings', () => {
  it('everybody says so for themselves, an admin for the company, nobody for others', async () => {
    const { reader, stranger } = parties;
    const password = 'correct horse battery';
    const viewer = await api.createUser(reader.token, { email: 'v@bank.example', role: 'viewer', password });
    const token = await api.login(viewer.email, password);
    const path = `/v1/users/${viewer.id}/notice-settings`;
    expect((await get(path, token)).body).toMatchObject({ email: 'none', language: null });
    const patch = (by: string, body: object, at = path) => api.call('PATCH', at, { token: by, body });
    const types = ['anika.delivery.dead', 'anika.delivery.dead'];
    expect((await patch(token, { email: 'daily', types, language: 'ru' })).body).toEqual({
      email: 'daily',
      types: ['anika.delivery.dead'],
      language: 'ru',
    });
    expect((await patch(reader.token, { email: 'each' })).body).toMatchObject({
      email: 'each',
      language: 'ru',
    });
    const other = await reader.userToken('developer');
    for (const by of [other, stranger.token]) {
      expect((await get(path, by)).status).toBe(404);
      expect((await patch(by, { email: 'none' })).status).toBe(404);
    }
    expect((await patch(token, { email: 'hourly' })).status).toBe(422);
    expect((await patch(token, { types: ['car.chosen'] })).status).toBe(422);
    const me = (await get('/v1/auth/me', reader.token)).body;
    const admins = await get(`/v1/users/${me.userId}/notice-settings`, reader.token);
    expect(admins.body.email).toBe('each');
  });
});
