import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ApiKeyStore, createApiKeyStore, toApiKey } from './api-keys.ts';
import { createSigningKeyStore } from './signing-keys.ts';
import { change, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';

let stores: TestStores;
let keys: ApiKeyStore;

beforeAll(async () => {
  stores = await openTestStores();
  keys = createApiKeyStore(stores.postgres);
});

afterAll(() => stores.close());

const page = { after: undefined, limit: 10 };

async function newKey() {
  const { partner, admin } = await stores.partner();
  const key = await keys.create(
    {
      id: id('key'),
      partnerId: partner.id,
      createdBy: admin.id,
      name: 'CRM',
      hash: id('key'),
      hint: 'abcd',
      scopes: ['publish'],
      expiresAtMs: NOW_MS + 1000,
    },
    change(),
  );
  const { hash } = await stores.postgres.db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
  return { partnerId: partner.id, key, hash };
}

test('findByHash() says whose the key is and whether it still works', async () => {
  const { partnerId, key, hash } = await newKey();
  expect(await keys.findByHash(hash)).toEqual({ key, partnerActive: true, revoked: false });
  await stores.partners.update(partnerId, { status: 'suspended' }, change());
  expect(await keys.findByHash(hash)).toMatchObject({ partnerActive: false });
  expect(await keys.findByHash('none')).toBeUndefined();
});

test('a scope that only a later version knows gives no right', async () => {
  const { key } = await newKey();
  const row = await stores.postgres.db.apiKey.findUniqueOrThrow({ where: { id: key.id } });
  expect(toApiKey({ ...row, scopes: ['publish', 'of-a-later-version'] }).scopes).toEqual(['publish']);
});

test('revoke() works once and for the own partner, and takes the key off the list', async () => {
  const { partnerId, key, hash } = await newKey();
  expect(await keys.list(partnerId, page)).toEqual([key]);
  expect(await keys.revoke(key.id, { ...change(), partnerId: id('par') })).toBe(false);
  expect(await keys.revoke(key.id, { ...change(), partnerId })).toBe(true);
  expect(await keys.revoke(key.id, { ...change(), partnerId })).toBe(false);
  expect(await keys.list(partnerId, page)).toEqual([]);
  expect(await keys.findByHash(hash)).toMatchObject({ revoked: true });
});

test('touch() keeps the latest use', async () => {
  const { partnerId, key } = await newKey();
  await keys.touch([key.id], NOW_MS + 20);
  await keys.touch([key.id], NOW_MS + 10);
  expect(await keys.list(partnerId, page)).toMatchObject([{ lastUsedAtMs: NOW_MS + 20 }]);
});

test('ensureOne() makes one signing key when several processes start together', async () => {
  const signingKeys = createSigningKeyStore(stores.postgres);
  const make = async () => ({ kid: id('key'), sealedPrivateKey: 'sealed', publicJwk: { kty: 'EC' } });
  await Promise.all([1, 2, 3].map(() => signingKeys.ensureOne(make, NOW_MS)));
  expect(await signingKeys.list()).toMatchObject([
    { sealedPrivateKey: 'sealed', publicJwk: { kty: 'EC' }, createdAtMs: NOW_MS, retiredAtMs: undefined },
  ]);
});

test('directory() finds active partners whatever the case of their names', async () => {
  const { partner } = await stores.partner('Ромашка-Авто');
  const find = () => stores.partners.directory({ q: 'рОМАШКА', ...page });
  expect(await find()).toEqual([{ id: partner.id, name: 'Ромашка-Авто' }]);
  await stores.partners.update(partner.id, { status: 'suspended' }, change());
  expect(await find()).toEqual([]);
});
