import { parseFieldMask } from '@anika/core/field-mask';
import { parseFilter } from '@anika/core/filter';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AccessRequestStore, createAccessRequestStore } from './access-requests.ts';
import { createAuditLog } from './audit-log.ts';
import { createGrantStore, type GrantStore } from './grants.ts';
import { change, DAY_MS, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';
import type { GrantPatch } from './write-grant.ts';

let stores: TestStores;
let grants: GrantStore;
let requests: AccessRequestStore;

beforeAll(async () => {
  stores = await openTestStores();
  grants = createGrantStore(stores.postgres);
  requests = createAccessRequestStore(stores.postgres);
});

afterAll(() => stores.close());

const page = { after: undefined, limit: 10 };

async function ownerAndReader() {
  const owner = (await stores.partner('АвтоЭкспресс')).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topic = (await stores.topic(owner)).id;
  const by = (atMs: number = NOW_MS) => ({ ...change(atMs), ownerId: owner, id: id('grt') });
  return { owner, reader, topic, by };
}

function filterOf(value: unknown) {
  const parsed = parseFilter(value);
  if (!parsed.ok) throw new Error('not a filter');
  return parsed.filter;
}

function maskOf(value: unknown) {
  const parsed = parseFieldMask(value);
  if (!parsed.ok) throw new Error('not a mask');
  return parsed.mask;
}

test('put() gives version 1, and each put replaces all of it', async () => {
  const { reader, topic, by } = await ownerAndReader();
  const said = {
    purpose: 'credit',
    types: ['car.chosen'],
    filter: filterOf({ 'data.price': { gt: 5 } }),
    history: false,
  };
  const first = await grants.put(topic, reader, said, by());
  expect(first).toMatchObject({ ...said, version: 1, validFromMs: NOW_MS, revokedAtMs: undefined });
  const second = await grants.put(topic, reader, {}, by(NOW_MS + 1000));
  expect(second).toMatchObject({
    version: 2,
    purpose: undefined,
    types: [],
    filter: undefined,
    history: true,
  });
  expect(second).toMatchObject({ id: first?.id, validFromMs: NOW_MS, updatedAtMs: NOW_MS + 1000 });
});

test('put() of the very same terms changes nothing and is in no log, however many ask for it at once', async () => {
  const { owner, reader, topic, by } = await ownerAndReader();
  const said = () => ({
    purpose: 'credit',
    fields: maskOf({ exclude: ['data.phone', 'key'] }),
    types: ['a.b', 'c.d'],
    filter: filterOf({ 'data.price': { gt: 5 } }),
    history: false,
    expiresAtMs: NOW_MS + DAY_MS,
  });
  const first = await grants.put(topic, reader, said(), by());
  const again = (n: number) => grants.put(topic, reader, said(), by(NOW_MS + n));
  expect(await again(1)).toEqual(first);
  expect(await Promise.all([2, 3, 4, 5].map(again))).toEqual([first, first, first, first]);
  const entries = await createAuditLog(stores.postgres).list({ partnerId: owner, topicId: topic, limit: 10 });
  expect(entries.filter(({ action }) => action.startsWith('grant.'))).toHaveLength(1);
});

test.each<[string, GrantPatch]>([
  ['purpose', { purpose: 'leasing' }],
  ['fields', { fields: maskOf({ include: ['data.phone'] }) }],
  ['types', { types: ['a.b'] }],
  ['filter', { filter: filterOf({ 'data.price': 5 }) }],
  ['history', { history: false }],
  ['end', { expiresAtMs: NOW_MS + DAY_MS }],
])('put() of another %s alone is a change, and so is taking it back', async (_what, patch) => {
  const { reader, topic, by } = await ownerAndReader();
  await grants.put(topic, reader, {}, by());
  expect((await grants.put(topic, reader, patch, by()))?.version).toBe(2);
  expect((await grants.put(topic, reader, {}, by()))?.version).toBe(3);
});

test('put() starts the validity anew after a revocation or an expiry', async () => {
  const { reader, topic, by } = await ownerAndReader();
  await grants.put(topic, reader, { expiresAtMs: NOW_MS + 10 }, by());
  const renewed = await grants.put(topic, reader, {}, by(NOW_MS + 20));
  expect(renewed).toMatchObject({ version: 2, validFromMs: NOW_MS + 20, expiresAtMs: undefined });
  expect(await grants.revoke(topic, reader, by(NOW_MS + 30))).toBe(true);
  expect(await grants.find(topic, reader)).toMatchObject({ version: 3, revokedAtMs: NOW_MS + 30 });
  const again = await grants.put(topic, reader, {}, by(NOW_MS + 40));
  expect(again).toMatchObject({ version: 4, validFromMs: NOW_MS + 40, revokedAtMs: undefined });
});

test('put() refuses another’s topic, an unknown or suspended reader, and the owner as reader', async () => {
  const { owner, reader, topic, by } = await ownerAndReader();
  expect(await grants.put(topic, owner, {}, { ...by(), ownerId: reader })).toBeUndefined();
  expect(await grants.put(topic, id('par'), {}, by())).toBeUndefined();
  await expect(grants.put(topic, owner, {}, by())).rejects.toMatchObject({ code: 'conflict' });
  await stores.partners.update(reader, { status: 'suspended' }, change());
  expect(await grants.put(topic, reader, {}, by())).toBeUndefined();
});

test('revoke() is false without a grant, twice, and for another owner', async () => {
  const { reader, topic, by } = await ownerAndReader();
  expect(await grants.revoke(topic, reader, by())).toBe(false);
  await grants.put(topic, reader, {}, by());
  expect(await grants.revoke(topic, reader, { ...by(), ownerId: reader })).toBe(false);
  expect(await grants.revoke(topic, reader, by())).toBe(true);
  expect(await grants.revoke(topic, reader, by())).toBe(false);
});

test('puts at once all count, one version each', async () => {
  const { reader, topic, by } = await ownerAndReader();
  const put = (purpose: string) => grants.put(topic, reader, { purpose }, by());
  const results = await Promise.all(['a', 'b', 'c', 'd'].map(put));
  expect(results.map((grant) => grant?.version).sort()).toEqual([1, 2, 3, 4]);
});

test('activeOf() leaves out expired and revoked grants and those on deleted topics', async () => {
  const { owner, reader, topic, by } = await ownerAndReader();
  const activeAt = (nowMs: number) => grants.activeOf(reader, { nowMs, limit: 5 });
  await grants.put(topic, reader, { expiresAtMs: NOW_MS + 10 }, by());
  expect(await activeAt(NOW_MS)).toHaveLength(1);
  expect(await activeAt(NOW_MS + 10)).toHaveLength(0);
  expect(await grants.listOfReader(reader, page)).toHaveLength(1);
  await stores.topics.remove(topic, { ...change(), ownerId: owner });
  expect(await activeAt(NOW_MS)).toHaveLength(0);
  expect(await grants.find(topic, reader)).toBeUndefined();
});

async function asked(untilMs?: number) {
  const known = await ownerAndReader();
  const ask = { topicId: known.topic, partnerId: known.reader, purpose: 'leasing', untilMs };
  const request = await requests.create({ id: id('req'), ...ask }, change());
  if (request === undefined) throw new Error('no request');
  return { ...known, ask, request };
}

test('approve() gives the grant for as long as was asked, once', async () => {
  const { owner, reader, topic, request } = await asked(NOW_MS + DAY_MS);
  const by = { ...change(), ownerId: owner };
  const results = await Promise.allSettled([
    requests.approve(request.id, { id: id('grt') }, by),
    requests.refuse(request.id, 'no', by),
  ]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  const decided = await requests.find(request.id);
  const grant = await grants.find(topic, reader);
  expect(grant?.expiresAtMs).toBe(decided?.state === 'approved' ? NOW_MS + DAY_MS : undefined);
  expect(grant === undefined).toBe(decided?.state === 'refused');
  await expect(requests.approve(request.id, { id: id('grt') }, by)).rejects.toMatchObject({
    code: 'conflict',
  });
});

test.each([
  [{}, 'leasing', NOW_MS + DAY_MS],
  [{ purpose: 'scoring' }, 'scoring', NOW_MS + DAY_MS],
  [{ expiresAtMs: NOW_MS + 5 }, 'leasing', NOW_MS + 5],
])('approve() with %j keeps what else was asked for', async (terms, purpose, expiresAtMs) => {
  const { owner, request } = await asked(NOW_MS + DAY_MS);
  const approved = await requests.approve(
    request.id,
    { ...terms, id: id('grt') },
    { ...change(), ownerId: owner },
  );
  expect(approved?.grant).toMatchObject({ purpose, expiresAtMs });
});

test('approve() and refuse() are the owner’s, withdraw() the asker’s', async () => {
  const { owner, reader, request } = await asked();
  expect(
    await requests.approve(request.id, { id: id('grt') }, { ...change(), ownerId: reader }),
  ).toBeUndefined();
  expect(await requests.refuse(request.id, 'no', { ...change(), ownerId: reader })).toBeUndefined();
  expect(await requests.withdraw(request.id, { ...change(), partnerId: owner })).toBeUndefined();
  expect(await requests.withdraw(request.id, { ...change(), partnerId: reader })).toMatchObject({
    state: 'withdrawn',
  });
  const refusal = requests.refuse(request.id, 'no', { ...change(), ownerId: owner });
  await expect(refusal).rejects.toMatchObject({ code: 'conflict' });
});

test('create() rejects an open request, an active grant and the own topic, and takes a new one after a refusal', async () => {
  const { owner, reader, topic, ask, request, by } = await asked();
  const again = () => requests.create({ id: id('req'), ...ask }, change());
  await expect(again()).rejects.toMatchObject({ code: 'conflict' });
  await requests.refuse(request.id, 'not now', { ...change(), ownerId: owner });
  expect(await again()).toMatchObject({ state: 'requested' });
  expect(await requests.list({ partnerId: owner, direction: 'in', state: 'refused', ...page })).toHaveLength(
    1,
  );
  expect(await requests.list({ partnerId: reader, direction: 'out', ...page })).toHaveLength(2);
  await grants.put(topic, reader, {}, by());
  await expect(again()).rejects.toMatchObject({ code: 'conflict' });
  const own = requests.create({ id: id('req'), ...ask, partnerId: owner }, change());
  await expect(own).rejects.toMatchObject({ code: 'conflict' });
});

test('create() does not find private topics, nor those of suspended partners', async () => {
  const { owner, reader, topic } = await ownerAndReader();
  const hidden = await stores.topic(owner, 'private');
  const ask = { partnerId: reader, purpose: 'p', untilMs: undefined };
  expect(await requests.create({ id: id('req'), ...ask, topicId: hidden.id }, change())).toBeUndefined();
  await stores.partners.update(owner, { status: 'suspended' }, change());
  expect(await requests.create({ id: id('req'), ...ask, topicId: topic }, change())).toBeUndefined();
});
