import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperatorStore } from './operators.ts';
import { createRefreshTokenStore, type RefreshTokenStore } from './refresh-tokens.ts';
import { change, DAY_MS, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';
import { createUserStore } from './users.ts';

let stores: TestStores;
let tokens: RefreshTokenStore;

beforeAll(async () => {
  stores = await openTestStores();
  tokens = createRefreshTokenStore(stores.postgres);
});

afterAll(() => stores.close());

const SECOND_MS = 1000;

async function issue() {
  const { partner, admin } = await stores.partner();
  const { sessionId, hash } = await stores.session(admin.id);
  return { hash, sessionId, userId: admin.id, partnerId: partner.id };
}

/** Of the token with this hash, with `next` as the hash of the one after. */
function rotate(hash: string, { next = id('key') as string, nowMs = NOW_MS, from = '192.0.2.1' } = {}) {
  return tokens.rotate({ hash, newHash: next, salt: `salt of ${next}`, nowMs, from });
}

test('rotate() gives a chain of tokens, each good once', async () => {
  const { hash, userId, sessionId } = await issue();
  const next = id('key');
  expect(await rotate(hash, { next })).toEqual({ kind: 'rotated', userId, sessionId });
  expect(await rotate(next)).toEqual({ kind: 'rotated', userId, sessionId });
});

test('rotate() of a used token ends the session', async () => {
  const { hash, userId, sessionId } = await issue();
  const next = id('key');
  await rotate(hash, { next });
  const late = { nowMs: NOW_MS + 11 * SECOND_MS };
  expect(await rotate(hash, late)).toEqual({ kind: 'reused', userId, sessionId });
  expect(await rotate(next, late)).toEqual({ kind: 'invalid' });
  expect(await stores.sessions.find(sessionId)).toMatchObject({ open: false });
});

test('rotate() tells the same holder within seconds what the next token was made with, however often', async () => {
  const { hash, userId, sessionId } = await issue();
  const next = id('key');
  await rotate(hash, { next });
  for (const seconds of [0, 3, 10]) {
    const again = await rotate(hash, { nowMs: NOW_MS + seconds * SECOND_MS });
    expect(again).toEqual({ kind: 'again', userId, sessionId, salt: `salt of ${next}` });
  }
  expect(await rotate(next)).toEqual({ kind: 'rotated', userId, sessionId });
});

test('rotate() of a used token from another network ends the session at once', async () => {
  const { hash, userId, sessionId } = await issue();
  await rotate(hash);
  expect(await rotate(hash, { from: '203.0.113.7' })).toEqual({ kind: 'reused', userId, sessionId });
});

test('rotate() gives two who present the same token at once the same next one', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { hash } = await issue();
    const results = await Promise.all([rotate(hash), rotate(hash)]);
    expect(results.map((result) => result.kind).sort()).toEqual(['again', 'rotated']);
  }
});

test('rotate() refuses unknown and expired tokens and those of ended sessions', async () => {
  expect(await rotate('none')).toEqual({ kind: 'invalid' });
  const expired = await issue();
  expect(await rotate(expired.hash, { nowMs: NOW_MS + DAY_MS })).toEqual({ kind: 'invalid' });
  const loggedOut = await issue();
  expect(await stores.sessions.endOf(loggedOut.hash, NOW_MS)).toBe(loggedOut.sessionId);
  expect(await stores.sessions.endOf(loggedOut.hash, NOW_MS)).toBeUndefined();
  expect(await rotate(loggedOut.hash)).toEqual({ kind: 'invalid' });
});

test('a session that is refreshed every week is over 90 days after its login', async () => {
  const { hash } = await issue();
  let [present, day] = [hash, 0];
  await stores.postgres.db.refreshToken.update({
    where: { id: hash },
    data: { expiresAt: new Date(NOW_MS + 30 * DAY_MS) },
  });
  await stores.postgres.db.session.updateMany({ data: { expiresAt: new Date(NOW_MS + 30 * DAY_MS) } });
  for (;;) {
    const next = id('key');
    const { kind } = await rotate(present, { next, nowMs: NOW_MS + (day + 7) * DAY_MS });
    if (kind !== 'rotated') break;
    [present, day] = [next, day + 7];
  }
  expect(day).toBe(84);
});

test('deleteExpired() removes what expired before', async () => {
  const { hash } = await issue();
  expect(await tokens.deleteExpired(NOW_MS + DAY_MS)).toBe(0);
  expect(await tokens.deleteExpired(NOW_MS + DAY_MS + 1)).toBeGreaterThan(0);
  expect(await rotate(hash)).toEqual({ kind: 'invalid' });
});

test('no session survives what ends it when that comes at the same time as a refresh', async () => {
  const users = createUserStore(stores.postgres);
  const operators = createOperatorStore(stores.postgres);
  type Issued = Awaited<ReturnType<typeof issue>>;
  const endings: Readonly<Record<string, (one: Issued) => Promise<unknown>>> = {
    suspension: ({ partnerId }) => stores.partners.update(partnerId, { status: 'suspended' }, change()),
    password: ({ userId, partnerId }) =>
      users.update(userId, { passwordHash: 'new' }, { ...change(), partnerId }),
    'own password': ({ userId }) =>
      users.setOwnPassword({ id: userId, credentialsVersion: 1, passwordHash: 'new' }, change()),
    logout: ({ hash }) => stores.sessions.endOf(hash, NOW_MS),
    'all sessions': ({ userId }) => stores.sessions.endAll({ ...change(), by: { ...change().by, userId } }),
  };
  for (const [what, end] of Object.entries(endings)) {
    const issued = await issue();
    const next = id('key');
    await Promise.all([rotate(issued.hash, { next }), end(issued)]);
    expect(await rotate(next), what).toEqual({ kind: 'invalid' });
    expect(await stores.sessions.find(issued.sessionId), what).toMatchObject({ open: false });
  }
  const email = 'op@anika.example';
  const operator = { id: id('usr'), email, passwordHash: 'x' };
  await operators.set(operator, NOW_MS);
  const { hash } = await stores.session(operator.id);
  await operators.set({ ...operator, passwordHash: 'y' }, NOW_MS);
  expect(await rotate(hash)).toEqual({ kind: 'invalid' });
});
