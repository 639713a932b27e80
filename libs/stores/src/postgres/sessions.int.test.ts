import type { UserId } from '@anika/core/ids';
import { SESSIONS_MAX } from '@anika/core/session';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { change, DAY_MS, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';
import { createUserStore, type UserStore } from './users.ts';

let stores: TestStores;
let users: UserStore;

beforeAll(async () => {
  stores = await openTestStores();
  users = createUserStore(stores.postgres);
});

afterAll(() => stores.close());

const changeOf = (userId: UserId) => ({ ...change(), by: { ...change().by, userId } });
const page = { after: undefined, limit: 10, nowMs: NOW_MS };

function sessionOf(userId: UserId, credentialsVersion: number) {
  const times = { createdAtMs: NOW_MS, expiresAtMs: NOW_MS + DAY_MS };
  const session = { id: id('ses'), userId, credentialsVersion, remoteAddress: undefined, ...times };
  return { ...session, refreshToken: undefined };
}

test('open() refuses what was verified before a password, a role or the company changed', async () => {
  const { partner, admin } = await stores.partner();
  const by = { ...change(), partnerId: partner.id };
  const second = await stores.user(partner.id, 'developer');
  if (second === undefined) throw new Error('the user was not made');
  const versionOf = async (email: string) => (await users.findByEmail(email))?.credentialsVersion ?? 0;
  const changes = [
    () => users.update(admin.id, { passwordHash: 'new' }, by),
    () => stores.partners.update(partner.id, { status: 'suspended' }, change()),
    () => stores.sessions.endAll(changeOf(admin.id)),
  ];
  for (const work of changes) {
    const verified = await versionOf(admin.email);
    await work();
    expect(await stores.sessions.open(sessionOf(admin.id, verified))).toBe(false);
    expect(await stores.sessions.open(sessionOf(admin.id, await versionOf(admin.email)))).toBe(true);
  }
  const before = await users.findCredentials(second);
  await users.update(second, { role: 'viewer' }, by);
  expect(await stores.sessions.open(sessionOf(second, before?.credentialsVersion ?? 0))).toBe(false);
});

test('open() beside a change of the password leaves no session that is open afterwards', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { partner, admin } = await stores.partner();
    const sessions = Array.from({ length: 4 }, () => sessionOf(admin.id, 1));
    await Promise.all([
      ...sessions.map((session) => stores.sessions.open(session)),
      users.update(admin.id, { passwordHash: 'new' }, { ...change(), partnerId: partner.id }),
    ]);
    for (const session of sessions) {
      expect((await stores.sessions.find(session.id))?.open ?? false).toBe(false);
    }
  }
});

test('update() that changes neither password nor role leaves the sessions open', async () => {
  const { partner, admin } = await stores.partner();
  const { sessionId } = await stores.session(admin.id);
  await users.update(admin.id, { role: 'admin' }, { ...change(), partnerId: partner.id });
  expect(await stores.sessions.find(sessionId)).toMatchObject({ open: true, partnerActive: true });
});

test('list() shows the open sessions of one user, and end() ends one of them and nobody else’s', async () => {
  const { admin } = await stores.partner();
  const { admin: other } = await stores.partner();
  const [first, second] = [await stores.session(admin.id), await stores.session(admin.id)];
  const ids = async () => (await stores.sessions.list(admin.id, page)).map((session) => session.id);
  expect((await ids()).sort()).toEqual([first.sessionId, second.sessionId].sort());
  expect(await stores.sessions.end(first.sessionId, changeOf(other.id))).toBe(false);
  expect(await stores.sessions.end(first.sessionId, changeOf(admin.id))).toBe(true);
  expect(await stores.sessions.end(first.sessionId, changeOf(admin.id))).toBe(false);
  expect(await ids()).toEqual([second.sessionId]);
  await stores.sessions.endAll(changeOf(admin.id));
  expect(await ids()).toEqual([]);
});

test('a user with as many sessions as may be opens one more, and the oldest makes room', async () => {
  const { admin } = await stores.partner();
  const at = (n: number) => new Date(NOW_MS - DAY_MS + n);
  await stores.postgres.db.session.createMany({
    data: Array.from({ length: SESSIONS_MAX }, (_, n) => ({
      id: `ses_${String(n).padStart(26, '0')}`,
      userId: admin.id,
      credentialsVersion: 1,
      createdAt: at(n),
      lastUsedAt: at(n),
      expiresAt: new Date(NOW_MS + DAY_MS),
    })),
  });
  await stores.session(admin.id);
  const where = { userId: admin.id };
  expect(await stores.postgres.db.session.count({ where })).toBe(SESSIONS_MAX);
  expect(await stores.postgres.db.session.count({ where: { ...where, createdAt: at(0) } })).toBe(0);
});

test('deleteExpired() forgets sessions that expired or ended before', async () => {
  const { admin } = await stores.partner();
  const [ended, open] = [await stores.session(admin.id), await stores.session(admin.id)];
  await stores.sessions.end(ended.sessionId, changeOf(admin.id));
  await stores.sessions.deleteExpired(NOW_MS + 1);
  expect(await stores.sessions.find(ended.sessionId)).toBeUndefined();
  expect(await stores.sessions.find(open.sessionId)).toBeDefined();
  await stores.sessions.deleteExpired(NOW_MS + DAY_MS + 1);
  expect(await stores.sessions.find(open.sessionId)).toBeUndefined();
});
