import type { PartnerId } from '@anika/core/ids';
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

const page = { after: undefined, limit: 10 };
const newEmail = () => `${id('usr')}@partner.example`;

async function invite(partnerId: PartnerId | undefined, more: object = {}) {
  const members = partnerId === undefined ? [] : await users.list(partnerId, page);
  const maker = members.find(({ role }) => role === 'admin');
  const tokenHash = id('key') as string;
  const invitation = await stores.invitations.create(
    {
      id: id('inv'),
      partnerId,
      companyName: partnerId === undefined ? 'Новая компания' : undefined,
      email: newEmail(),
      role: 'admin',
      tokenHash,
      byOperator: partnerId === undefined,
      createdBy: maker?.id ?? id('usr'),
      expiresAtMs: NOW_MS + DAY_MS,
      ...more,
    },
    { ...change(), max: 50 },
  );
  return { invitation, tokenHash };
}

function accept(tokenHash: string, more: object = {}) {
  return stores.acceptInvitation({
    tokenHash,
    name: 'Анна',
    passwordHash: 'chosen',
    ids: { user: id('usr'), partner: id('par') },
    atMs: NOW_MS,
    remoteAddress: '192.0.2.1',
    ...more,
  });
}

test('an invitation is accepted once, also when two accept it at once', async () => {
  const { partner } = await stores.partner();
  const { invitation, tokenHash } = await invite(partner.id, { role: 'viewer' });
  const both = await Promise.all([accept(tokenHash), accept(tokenHash)]);
  expect(both.filter((one) => one !== undefined)).toHaveLength(1);
  const found = await users.findByEmail(invitation.email);
  expect(found).toMatchObject({
    passwordHash: 'chosen',
    user: { name: 'Анна', role: 'viewer', partnerId: partner.id },
  });
});

test('of two companies that invite one address, the first to accept has it, and the second is told nothing', async () => {
  for (let round = 0; round < 4; round += 1) {
    const [{ partner: a }, { partner: b }] = [await stores.partner(), await stores.partner()];
    const email = newEmail();
    const invitations = [
      await invite(a.id, { email }),
      await invite(b.id, { email }),
      await invite(undefined, { email }),
    ];
    const accepted = await Promise.all(invitations.map(({ tokenHash }) => accept(tokenHash)));
    expect(accepted.every((one) => one?.invitation.email === email)).toBe(true);
    expect(accepted.filter((one) => one?.userId !== undefined)).toHaveLength(1);
    expect(await stores.postgres.db.user.count({ where: { email } })).toBe(1);
  }
});

test('an account of another company, of its operator too, keeps its password, role and sessions', async () => {
  const { admin } = await stores.partner();
  const { partner: other } = await stores.partner();
  const { sessionId } = await stores.session(admin.id);
  for (const partnerId of [other.id, undefined]) {
    const { tokenHash } = await invite(partnerId, { email: admin.email });
    expect(await accept(tokenHash)).toMatchObject({ userId: undefined });
  }
  expect(await users.findByEmail(admin.email)).toMatchObject({
    passwordHash: 'hash',
    user: { id: admin.id },
  });
  expect(await stores.sessions.find(sessionId)).toMatchObject({ open: true });

  const operator = { id: id('usr'), email: newEmail(), passwordHash: 'hash', role: 'operator' };
  await stores.postgres.db.user.create({ data: operator });
  for (const partnerId of [other.id, undefined]) {
    const { tokenHash } = await invite(partnerId, { email: operator.email });
    expect(await accept(tokenHash)).toMatchObject({ userId: undefined });
  }
  const found = await users.findByEmail(operator.email);
  expect(found).toMatchObject({ passwordHash: 'hash', user: { role: 'operator', partnerId: undefined } });
});

test('a member gets the password and loses the sessions; the role only grows', async () => {
  const { partner, admin } = await stores.partner();
  const { sessionId } = await stores.session(admin.id);
  const first = await invite(partner.id, { email: admin.email, role: 'viewer', byOperator: true });
  expect(await accept(first.tokenHash)).toMatchObject({ userId: admin.id });
  expect(await users.findByEmail(admin.email)).toMatchObject({
    passwordHash: 'chosen',
    user: { role: 'admin' },
  });
  expect(await stores.sessions.find(sessionId)).toMatchObject({ open: false });

  const email = newEmail();
  await stores.user(partner.id, 'viewer', email);
  await accept((await invite(partner.id, { email, role: 'developer' })).tokenHash);
  expect((await users.findByEmail(email))?.user.role).toBe('developer');
});

test('accepting for a company that is not there yet registers it with its admin', async () => {
  const { invitation, tokenHash } = await invite(undefined);
  const partnerId = id('par');
  await accept(tokenHash, { ids: { user: id('usr'), partner: partnerId } });
  expect(await stores.partners.find(partnerId)).toMatchObject({ name: 'Новая компания', status: 'active' });
  expect((await users.findByEmail(invitation.email))?.user).toMatchObject({ role: 'admin', partnerId });
});

test('what has expired, is withdrawn or unknown cannot be accepted', async () => {
  const { partner } = await stores.partner();
  const [expired, withdrawn] = [await invite(partner.id), await invite(partner.id)];
  expect(await accept(expired.tokenHash, { atMs: NOW_MS + DAY_MS })).toBeUndefined();
  expect(await stores.invitations.findOpen(expired.tokenHash, NOW_MS + DAY_MS)).toBeUndefined();
  expect(await stores.invitations.withdraw(withdrawn.invitation.id, partner.id, change())).toBeDefined();
  expect(await accept(withdrawn.tokenHash)).toBeUndefined();
  expect(await accept('none')).toBeUndefined();
});

test('withdraw() and list() know the own invitations only; an accepted one cannot be withdrawn', async () => {
  const [{ partner }, { partner: other }] = [await stores.partner(), await stores.partner()];
  const [mine, operators] = [await invite(partner.id), await invite(undefined)];
  const ids = async (whose: PartnerId | undefined) =>
    (await stores.invitations.list(whose, page)).map((one) => one.id);
  expect(await ids(partner.id)).toEqual([mine.invitation.id]);
  expect(await ids(undefined)).toContain(operators.invitation.id);
  expect(await ids(undefined)).not.toContain(mine.invitation.id);
  for (const [one, whose] of [
    [mine, other.id],
    [mine, undefined],
    [operators, partner.id],
  ] as const) {
    expect(await stores.invitations.withdraw(one.invitation.id, whose, change())).toBeUndefined();
  }
  await accept(mine.tokenHash);
  const late = stores.invitations.withdraw(mine.invitation.id, partner.id, change());
  await expect(late).rejects.toMatchObject({ code: 'conflict' });
});

test('a company has at most so many open, also when many are made at once', async () => {
  const { partner } = await stores.partner();
  for (let n = 0; n < 48; n += 1) await invite(partner.id);
  const made = await Promise.allSettled(Array.from({ length: 4 }, () => invite(partner.id)));
  expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
  const [first] = await stores.invitations.list(partner.id, page);
  if (first !== undefined) await stores.invitations.withdraw(first.id, partner.id, change());
  await expect(invite(partner.id)).resolves.toBeDefined();
  await expect(invite(partner.id)).rejects.toMatchObject({ code: 'conflict' });
});

test('deleteEnded() forgets what expired before', async () => {
  const { partner } = await stores.partner();
  await invite(partner.id);
  await stores.invitations.deleteEnded(NOW_MS + DAY_MS);
  expect(await stores.invitations.list(partner.id, page)).toHaveLength(1);
  await stores.invitations.deleteEnded(NOW_MS + DAY_MS + 1);
  expect(await stores.invitations.list(partner.id, page)).toEqual([]);
});

test('an invitation counts for as long as who made it is an admin of the company', async () => {
  const { partner, admin } = await stores.partner();
  const { tokenHash } = await invite(partner.id, { role: 'viewer', createdBy: id('usr') });
  expect(await accept(tokenHash)).toBeUndefined();
  const second = await invite(partner.id, { role: 'admin', createdBy: admin.id });
  expect(await accept(second.tokenHash)).toMatchObject({ userId: expect.any(String) });
  // The second admin stays, so the first may be one no more.
  await users.update(admin.id, { role: 'viewer' }, { ...change(), partnerId: partner.id });
  const third = await invite(partner.id, { role: 'admin', createdBy: admin.id });
  expect(await accept(third.tokenHash)).toBeUndefined();
});
