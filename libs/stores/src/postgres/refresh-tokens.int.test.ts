import { afterAll, beforeAll, expect, test } from 'vitest';
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

const times = { nowMs: NOW_MS, expiresAtMs: NOW_MS + DAY_MS };

async function issue() {
  const { partner, admin } = await stores.partner();
  const hash = id('key');
  await tokens.issue({ hash, familyId: id('key'), userId: admin.id, ...times });
  return { hash, userId: admin.id, partnerId: partner.id };
}

test('rotate() gives a chain of tokens, each good once', async () => {
  const { hash, userId } = await issue();
  const next = id('key');
  expect(await tokens.rotate({ hash, newHash: next, ...times })).toEqual({ kind: 'rotated', userId });
  expect(await tokens.rotate({ hash: next, newHash: id('key'), ...times })).toEqual({
    kind: 'rotated',
    userId,
  });
});

test('rotate() of a used token revokes the whole family', async () => {
  const { hash, userId } = await issue();
  const next = id('key');
  await tokens.rotate({ hash, newHash: next, ...times });
  expect(await tokens.rotate({ hash, newHash: id('key'), ...times })).toEqual({ kind: 'reused', userId });
  expect(await tokens.rotate({ hash: next, newHash: id('key'), ...times })).toEqual({ kind: 'invalid' });
});

test('rotate() succeeds for one of two who present the same token at once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const { hash } = await issue();
    const results = await Promise.all(
      [1, 2].map(() => tokens.rotate({ hash, newHash: id('key'), ...times })),
    );
    expect(results.map((result) => result.kind).sort()).toEqual(['reused', 'rotated']);
  }
});

test('rotate() refuses unknown, expired and revoked tokens', async () => {
  expect(await tokens.rotate({ hash: 'none', newHash: 'x', ...times })).toEqual({ kind: 'invalid' });
  const expired = await issue();
  const late = { nowMs: times.expiresAtMs, expiresAtMs: times.expiresAtMs + 1 };
  expect(await tokens.rotate({ hash: expired.hash, newHash: 'y', ...late })).toEqual({ kind: 'invalid' });
  const loggedOut = await issue();
  await tokens.revokeFamilyOf(loggedOut.hash);
  expect(await tokens.rotate({ hash: loggedOut.hash, newHash: 'z', ...times })).toEqual({ kind: 'invalid' });
});

test('suspending a partner ends the sessions of its users', async () => {
  const { hash, partnerId } = await issue();
  await stores.partners.update(partnerId, { status: 'suspended' }, change());
  expect(await tokens.rotate({ hash, newHash: id('key'), ...times })).toEqual({ kind: 'invalid' });
});

test('deleteExpired() removes what expired before', async () => {
  const { hash } = await issue();
  expect(await tokens.deleteExpired(times.expiresAtMs)).toBe(0);
  expect(await tokens.deleteExpired(times.expiresAtMs + 1)).toBeGreaterThan(0);
  expect(await tokens.rotate({ hash, newHash: id('key'), ...times })).toEqual({ kind: 'invalid' });
});

test('no session survives a suspension, a change of the password or a logout that comes at the same time', async () => {
  const users = createUserStore(stores.postgres);
  for (let round = 0; round < 4; round += 1) {
    const { hash, userId, partnerId } = await issue();
    const next = id('key');
    const endings: (() => Promise<unknown>)[] = [
      () => stores.partners.update(partnerId, { status: 'suspended' }, change()),
      () => users.update(userId, { passwordHash: 'new' }, { ...change(), partnerId }),
      () => tokens.revokeFamilyOf(hash),
    ];
    const ending = endings[round % endings.length];
    await Promise.all([tokens.rotate({ hash, newHash: next, ...times }), ending?.()]);
    expect(await tokens.rotate({ hash: next, newHash: id('key'), ...times })).toEqual({ kind: 'invalid' });
  }
});
