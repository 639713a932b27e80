import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuditLog } from './audit-log.ts';
import { createGrantEndStore, type GrantEndStore } from './grant-ends.ts';
import { createGrantStore, type GrantStore } from './grants.ts';
import { change, DAY_MS, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';

let stores: TestStores;
let grants: GrantStore;
let ends: GrantEndStore;

beforeAll(async () => {
  stores = await openTestStores();
  grants = createGrantStore(stores.postgres);
  ends = createGrantEndStore(stores.postgres);
});

afterAll(() => stores.close());

async function grantUntil(expiresAtMs: number) {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topic = (await stores.topic(owner)).id;
  const put = (until: number | undefined, atMs: number) =>
    grants.put(topic, reader, { expiresAtMs: until }, { ...change(atMs), ownerId: owner, id: id('grt') });
  const grant = await put(expiresAtMs, NOW_MS);
  if (grant === undefined) throw new Error('not given');
  const audited = async () => {
    const rows = await createAuditLog(stores.postgres).list({ partnerId: reader, topicId: topic, limit: 20 });
    return rows.map((row) => row.action).filter((action) => action !== 'topic.created');
  };
  return { grant, put, audited };
}

test('end() cancels and notes the end once, whoever else does it at the same time', async () => {
  const { grant, audited } = await grantUntil(NOW_MS + 1000);
  const nowMs = NOW_MS + 1001;
  expect(await ends.findEnded(NOW_MS)).toEqual([]);
  expect(await ends.findEnded(nowMs)).toContainEqual({ id: grant.id, topicId: grant.topicId });
  let cancelled = 0;
  const end = () =>
    ends.end(grant, nowMs, async (ended) => {
      expect(ended.id).toBe(grant.id);
      cancelled += 1;
    });
  const results = await Promise.all([end(), end(), end()]);
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(cancelled).toBe(1);
  expect(await ends.findEnded(nowMs)).not.toContainEqual({ id: grant.id, topicId: grant.topicId });
  expect(await audited()).toEqual(['grant.expired', 'grant.given']);
});

test('end() leaves a grant alone that was renewed since it was found', async () => {
  const { grant, put, audited } = await grantUntil(NOW_MS + 1000);
  await put(NOW_MS + DAY_MS, NOW_MS + 1001);
  expect(await ends.end(grant, NOW_MS + 1002, () => Promise.reject(new Error('cancelled')))).toBe(false);
  expect(await audited()).toEqual(['grant.changed', 'grant.given']);
});

test('end() that cannot cancel notes nothing, so that it is done again', async () => {
  const { grant } = await grantUntil(NOW_MS + 1000);
  const nowMs = NOW_MS + 1001;
  await expect(ends.end(grant, nowMs, () => Promise.reject(new Error('MongoDB is away')))).rejects.toThrow(
    'MongoDB is away',
  );
  expect(await ends.findEnded(nowMs)).toContainEqual({ id: grant.id, topicId: grant.topicId });
  expect(await ends.end(grant, nowMs, async () => undefined)).toBe(true);
});

test('claimExpiring() gives each notice once, and again for a new end', async () => {
  const { grant, put, audited } = await grantUntil(NOW_MS + 30 * DAY_MS);
  const noticesAt = async (days: number, nowMs: number) =>
    (await ends.claimExpiring(days, nowMs)).filter((notice) => notice.grant.id === grant.id);
  expect(await noticesAt(7, NOW_MS + 22 * DAY_MS)).toEqual([]);
  expect(await noticesAt(7, NOW_MS + 23 * DAY_MS)).toMatchObject([{ days: 7 }]);
  expect(await noticesAt(7, NOW_MS + 24 * DAY_MS)).toEqual([]);
  expect(await noticesAt(1, NOW_MS + 29 * DAY_MS)).toMatchObject([{ days: 1 }]);
  expect(await noticesAt(7, NOW_MS + 29 * DAY_MS)).toEqual([]);
  expect(await audited()).toEqual(['grant.expiring', 'grant.expiring', 'grant.given']);
  await put(NOW_MS + 60 * DAY_MS, NOW_MS + 29 * DAY_MS);
  expect(await noticesAt(7, NOW_MS + 53 * DAY_MS)).toMatchObject([{ days: 7 }]);
});

test('claimExpiring() says nothing of an end that was nearer than the notice from the beginning', async () => {
  const { grant } = await grantUntil(NOW_MS + 3 * DAY_MS);
  const found = await ends.claimExpiring(7, NOW_MS + DAY_MS);
  expect(found.filter((notice) => notice.grant.id === grant.id)).toEqual([]);
});
