import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createOperatorStore, type OperatorStore } from './operators.ts';
import { id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';
import { createUserStore, type UserStore } from './users.ts';

let stores: TestStores;
let users: UserStore;
let operators: OperatorStore;

beforeAll(async () => {
  stores = await openTestStores();
  users = createUserStore(stores.postgres);
  operators = createOperatorStore(stores.postgres);
});

beforeEach(async () => {
  await stores.postgres.db.user.deleteMany({ where: { role: 'operator' } });
});

afterAll(() => stores.close());

const operator = (email: string, passwordHash = 'x') => ({ id: id('usr'), email, passwordHash });

test('ensure() makes one operator when several processes start together', async () => {
  const make = () => operators.ensure(operator('op@anika.example'), NOW_MS);
  const results = await Promise.all([make(), make(), make()]);
  expect(results.toSorted()).toEqual(['created', 'exists', 'exists']);
  expect(await users.findByEmail('op@anika.example')).toMatchObject({
    user: { role: 'operator', partnerId: undefined },
    partnerActive: true,
  });
});

test('ensure() and set() leave a user of a partner as it is', async () => {
  const { admin } = await stores.partner();
  expect(await operators.ensure(operator(admin.email), NOW_MS)).toBe('taken');
  expect(await operators.set(operator(admin.email, 'y'), NOW_MS)).toBe('taken');
  const found = await users.findByEmail(admin.email);
  expect(found?.user).toMatchObject({ id: admin.id, role: 'admin' });
  expect(found?.passwordHash).not.toBe('y');
});

test('set() makes an operator, then changes its password and ends its sessions', async () => {
  expect(await operators.set(operator('op@anika.example', 'one'), NOW_MS)).toBe('created');
  const first = await users.findByEmail('op@anika.example');
  const userId = first?.user.id ?? id('usr');
  const { sessionId } = await stores.session(userId);

  expect(await operators.set(operator('op@anika.example', 'two'), NOW_MS + 1)).toBe('changed');
  const second = await users.findByEmail('op@anika.example');
  expect(second).toMatchObject({ passwordHash: 'two', user: { id: userId, updatedAtMs: NOW_MS + 1 } });
  expect(await stores.sessions.find(sessionId)).toMatchObject({ open: false });
});

test('remove() takes an operator away, and never the last, also when two are asked for at once', async () => {
  expect(await operators.remove('nobody@anika.example', NOW_MS)).toBe('unknown');
  for (const name of ['a', 'b']) await operators.ensure(operator(`${name}@anika.example`), NOW_MS);
  const both = ['a', 'b'].map((name) => operators.remove(`${name}@anika.example`, NOW_MS));
  expect((await Promise.all(both)).toSorted()).toEqual(['last', 'removed']);
});

test('remove() knows no user of a partner', async () => {
  const { admin } = await stores.partner();
  await operators.ensure(operator('op@anika.example'), NOW_MS);
  expect(await operators.remove(admin.email, NOW_MS)).toBe('unknown');
  expect(await users.find(admin.id)).toBeDefined();
});
