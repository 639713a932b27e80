import { afterAll, beforeAll, expect, test } from 'vitest';
import { change, id, openTestStores, type TestStores } from './test-stores.ts';
import { createUserStore, type UserStore } from './users.ts';

let stores: TestStores;
let users: UserStore;

beforeAll(async () => {
  stores = await openTestStores();
  users = createUserStore(stores.postgres);
});

afterAll(() => stores.close());

async function twoAdmins() {
  const { partner, admin } = await stores.partner();
  const second = await stores.user(partner.id, 'admin');
  if (second === undefined) throw new Error('the second admin was not made');
  return { partnerId: partner.id, first: admin.id, second };
}

test('create() of a partner rejects with conflict when the email is in use', async () => {
  const { admin } = await stores.partner();
  const newPartner = {
    id: id('par'),
    name: 'Другой',
    admin: { id: id('usr'), email: admin.email, passwordHash: 'x' },
  };
  await expect(stores.partners.create(newPartner, change())).rejects.toMatchObject({ code: 'conflict' });
  expect(await stores.partners.find(newPartner.id)).toBeUndefined();
});

test('remove() and update() keep an admin even when both admins go at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { partnerId, first, second } = await twoAdmins();
    const results = await Promise.allSettled([
      users.remove(first, { ...change(), partnerId }),
      users.update(second, { role: 'viewer' }, { ...change(), partnerId }),
    ]);
    expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    const admins = (await users.list(partnerId, { after: undefined, limit: 10 })).filter(
      (u) => u.role === 'admin',
    );
    expect(admins).toHaveLength(1);
  }
});

test('update() lets the last admin change the password, and ends the sessions', async () => {
  const { partner, admin } = await stores.partner();
  const { sessionId } = await stores.session(admin.id);
  await users.update(admin.id, { passwordHash: 'new' }, { ...change(), partnerId: partner.id });
  expect((await users.findByEmail(admin.email))?.passwordHash).toBe('new');
  expect(await stores.sessions.find(sessionId)).toMatchObject({ open: false });
});

test('update() and remove() do not find the users of another partner', async () => {
  const { admin } = await stores.partner();
  const { partner: other } = await stores.partner();
  const by = { ...change(), partnerId: other.id };
  expect(await users.update(admin.id, { role: 'viewer' }, by)).toBeUndefined();
  expect(await users.remove(admin.id, by)).toBe(false);
});

test('find() says whether the partner is active; operators have none to be suspended', async () => {
  const { partner, admin } = await stores.partner();
  expect(await users.find(admin.id)).toMatchObject({ partnerActive: true });
  await stores.partners.update(partner.id, { status: 'suspended' }, change());
  expect(await users.find(admin.id)).toMatchObject({ partnerActive: false });
});
