import type { PartnerId, SubscriptionId, TopicId } from '@anika/core/ids';
import { floorTo, NO_FIGURES, type StatScope } from '@anika/core/stats/figures';
import { bucketOf } from '@anika/core/stats/histogram';
import { connectMongo, type Mongo } from '@anika/stores/mongo/client';
import { createStatStore } from '@anika/stores/mongo/stats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeWorld, createWorld, newTopic, type World } from '../testing/world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = floorTo('minute', Date.now());

let world: World;
let mongo: Mongo;
beforeAll(async () => {
  world = await createWorld();
  mongo = connectMongo({ url: world.api.databases.mongodbUrl });
  const [topicId, partnerId] = [world.topicId as TopicId, world.reader.id as PartnerId];
  const subscriptionId = world.subscriptionId as SubscriptionId;
  const scopes: StatScope[] = [
    { kind: 'installation' },
    { kind: 'topic', topicId },
    { kind: 'pair', topicId, partnerId },
    { kind: 'subscription', subscriptionId },
  ];
  // As a dispatcher has counted them: another number for each, to see which is answered.
  const rows = scopes.map((scope, index) => ({
    scope,
    about: {},
    atMs: NOW - 2 * MINUTE,
    figures: { ...NO_FIGURES, accepted: index + 1, delivered: 1, times: new Map([[bucketOf(200), 1]]) },
  }));
  await createStatStore(mongo).replace('minute', { fromMs: NOW - HOUR, toMs: NOW }, rows, Date.now());
});
afterAll(async () => {
  await mongo.close();
  await closeWorld(world);
});

const iso = (ms: number) => new Date(ms).toISOString();
const HOUR_AGO = { from: iso(NOW - HOUR), to: iso(NOW) };

function ask(token: string, query: Readonly<Record<string, string>>) {
  return world.api.call('GET', `/v1/stats?${new URLSearchParams({ ...HOUR_AGO, ...query })}`, { token });
}

const sum = (column: readonly number[]) => column.reduce((a, b) => a + b, 0);

describe('GET /v1/stats', () => {
  it('answers each side its scopes, and both sides of a pair the same', async () => {
    const { api, owner, reader, topicId, subscriptionId } = world;
    const ofTopic = await ask(owner.token, { scope: 'topic', id: topicId });
    expect(ofTopic).toMatchObject({ status: 200 });
    expect(ofTopic.body.t).toHaveLength(60);
    expect(ofTopic.body.t.slice(0, 2)).toEqual([iso(NOW - HOUR), iso(NOW - 59 * MINUTE)]);
    expect(sum(ofTopic.body.accepted)).toBe(2);
    const ofOwner = await ask(owner.token, { scope: 'pair', id: topicId, partnerId: reader.id });
    const ofReader = await ask(reader.token, { scope: 'pair', id: topicId });
    expect(sum(ofOwner.body.accepted)).toBe(3);
    expect(ofReader.body).toEqual(ofOwner.body);
    for (const side of [
      owner.token,
      reader.token,
      await reader.apiKey(['read']),
      await owner.userToken('viewer'),
    ]) {
      const { body } = await ask(side, { scope: 'subscription', id: subscriptionId });
      expect(sum(body.accepted)).toBe(4);
    }
    const { body } = await ask(api.operatorToken, { scope: 'installation' });
    expect(sum(body.accepted)).toBe(1);
    expect(body.p50.filter((ms: number | null) => ms !== null)).toHaveLength(1);
  });

  it('refuses who is no side of it', async () => {
    const { api, owner, reader, stranger, topicId, subscriptionId } = world;
    const hidden = await newTopic(api, owner.token);
    const cases: [string, Record<string, string>, number][] = [
      [owner.token, { scope: 'installation' }, 403],
      [await owner.apiKey(['read']), { scope: 'installation' }, 403],
      [api.operatorToken, { scope: 'topic', id: topicId }, 403],
      [reader.token, { scope: 'topic', id: topicId }, 403],
      [stranger.token, { scope: 'topic', id: topicId }, 403],
      [stranger.token, { scope: 'pair', id: topicId }, 403],
      [reader.token, { scope: 'pair', id: topicId, partnerId: stranger.id }, 403],
      [stranger.token, { scope: 'topic', id: hidden }, 404],
      [stranger.token, { scope: 'pair', id: hidden }, 404],
      [stranger.token, { scope: 'subscription', id: subscriptionId }, 404],
      [owner.token, { scope: 'topic', id: 'nonsense' }, 404],
      [owner.token, { scope: 'subscription', id: topicId }, 404],
    ];
    for (const [token, query, status] of cases) {
      expect((await ask(token, query)).status, JSON.stringify(query)).toBe(status);
    }
  });

  it.each([
    ['no scope', {}],
    ['another scope', { scope: 'everything' }],
    ['no id', { scope: 'topic' }],
    ['a pair without its reader', { scope: 'pair', id: 'TOPIC' }],
    ['a reader where there is none', { scope: 'topic', id: 'TOPIC', partnerId: 'READER' }],
    ['an id of the installation', { scope: 'installation', id: 'TOPIC' }],
    ['the end before the beginning', { scope: 'topic', id: 'TOPIC', from: iso(NOW), to: iso(NOW - 1) }],
    ['two days by minute', { scope: 'topic', id: 'TOPIC', from: iso(NOW - 2 * DAY) }],
    ['40 days by hour', { scope: 'topic', id: 'TOPIC', step: 'hour', from: iso(NOW - 40 * DAY) }],
    ['400 days by day', { scope: 'topic', id: 'TOPIC', step: 'day', from: iso(NOW - 400 * DAY) }],
    [
      'a minute of long ago',
      { scope: 'topic', id: 'TOPIC', from: iso(NOW - 9 * DAY), to: iso(NOW - 9 * DAY + HOUR) },
    ],
    ['another step', { scope: 'topic', id: 'TOPIC', step: 'week' }],
    ['a time without a zone', { scope: 'topic', id: 'TOPIC', from: '2026-01-01' }],
  ])('says what is wrong with %s', async (_name, query) => {
    const given = Object.entries(query).map(([name, value]): [string, string] => [
      name,
      value.replace('TOPIC', world.topicId).replace('READER', world.reader.id),
    ]);
    expect(await ask(world.owner.token, Object.fromEntries(given))).toMatchObject({ status: 422 });
  });
});
