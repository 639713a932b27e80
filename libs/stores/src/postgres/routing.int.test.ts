import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGrantStore } from './grants.ts';
import { createRoutingStore, type RoutingStore } from './routing.ts';
import { change, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';

let stores: TestStores;
let routing: RoutingStore;

beforeAll(async () => {
  stores = await openTestStores();
  routing = createRoutingStore(stores.postgres);
});

afterAll(() => stores.close());

async function granted() {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topic = await stores.topic(owner);
  const grants = createGrantStore(stores.postgres);
  const ownerChange = { ...change(), ownerId: owner, id: id('grt') };
  const grant = await grants.put(topic.id, reader, { types: ['car.chosen'] }, ownerChange);
  const own = await stores.subscription(owner, topic.id);
  const read = await stores.subscription(reader, topic.id);
  return { owner, reader, topic, grants, grant, own, read, ownerChange };
}

test('loadRoute() gives the topic with all its grants and subscriptions', async () => {
  const { owner, reader, topic, grants, grant, own, read, ownerChange } = await granted();
  const route = await routing.loadRoute(topic.id);
  expect(route?.topic).toEqual({
    id: topic.id,
    name: topic.name,
    ownerId: owner,
    ownerName: 'АвтоЭкспресс',
    ownerActive: true,
    retentionDays: 30,
    schema: undefined,
    routingVersion: await stores.routingVersion(topic.id),
  });
  expect(route?.grants).toEqual(new Map([[reader, grant]]));
  const subscriptions = [
    await stores.subscriptions.find(own, owner),
    await stores.subscriptions.find(read, reader),
  ];
  expect(route?.subscriptions).toHaveLength(2);
  expect(route?.subscriptions).toEqual(expect.arrayContaining(subscriptions));
  await grants.revoke(topic.id, reader, ownerChange);
  expect((await routing.loadRoute(topic.id))?.grants.get(reader)).toMatchObject({ revokedAtMs: NOW_MS });
});

test('loadRoute() names suspended partners, and is undefined for deleted topics', async () => {
  const { owner, reader, topic } = await granted();
  await stores.partners.update(reader, { status: 'suspended' }, change());
  expect((await routing.loadRoute(topic.id))?.suspendedPartners).toEqual(new Set([reader]));
  await stores.partners.update(owner, { status: 'suspended' }, change());
  expect((await routing.loadRoute(topic.id))?.topic.ownerActive).toBe(false);
  await stores.topics.remove(topic.id, { ...change(), ownerId: owner });
  expect(await routing.loadRoute(topic.id)).toBeUndefined();
  expect(await routing.routingVersions([topic.id])).toEqual(new Map());
});

test('loadTargets() gives each subscription with its topic, partners and grant', async () => {
  const { owner, reader, topic, grant, own, read } = await granted();
  const targets = await routing.loadTargets([own, read, id('sub')], NOW_MS);
  expect([...targets.keys()].sort()).toEqual([own, read].sort());
  expect(targets.get(own)?.grant).toBeUndefined();
  expect(targets.get(read)).toEqual({
    subscription: await stores.subscriptions.find(read, reader),
    sealedSecrets: ['sealed-1'],
    topic: {
      id: topic.id,
      name: topic.name,
      ownerId: owner,
      ownerName: 'АвтоЭкспресс',
      deleted: false,
      ownerActive: true,
    },
    readerActive: true,
    grant,
  });
  await stores.partners.update(reader, { status: 'suspended' }, change());
  expect((await routing.loadTargets([read], NOW_MS)).get(read)?.readerActive).toBe(false);
});

test('loadTargets() leaves out deleted subscriptions, and says when a topic is deleted', async () => {
  const { reader, topic, own, read } = await granted();
  await stores.subscriptions.remove(read, { ...change(), partnerId: reader });
  expect([...(await routing.loadTargets([own, read], NOW_MS)).keys()]).toEqual([own]);
  await stores.postgres.db.topic.update({ where: { id: topic.id }, data: { deletedAt: new Date(NOW_MS) } });
  expect((await routing.loadTargets([own], NOW_MS)).get(own)?.topic.deleted).toBe(true);
  expect((await routing.retentions()).map((kept) => kept.id)).toContain(topic.id);
});

test('loadRoute() takes 10,000 subscriptions', async () => {
  const { reader, topic, read } = await granted();
  await stores.postgres.db.$executeRaw`
    INSERT INTO subscriptions (id, partner_id, topic_id, url, event_types, filter, secret)
    SELECT 'sub_many' || n, ${reader}, ${topic.id}, 'https://bank.example/' || n, '{car.chosen}', '{"data.n":{"gt":1}}', 's'
    FROM generate_series(1, 10000) n`;
  const route = await routing.loadRoute(topic.id);
  expect(route?.subscriptions).toHaveLength(10_002);
  expect(route?.subscriptions.some((subscription) => subscription.id === read)).toBe(true);
});
