import type { PartnerId } from '@anika/core/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditLog, type AuditRow, createAuditLog } from './audit-log.ts';
import { createGrantStore } from './grants.ts';
import { createOperatorStore } from './operators.ts';
import { change, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';
import { createUserStore } from './users.ts';
import { verifyChain } from './verify-chain.ts';

let stores: TestStores;
let log: AuditLog;

beforeAll(async () => {
  stores = await openTestStores();
  log = createAuditLog(stores.postgres);
});

afterAll(() => stores.close());

async function exported(filter: Parameters<AuditLog['export']>[0]): Promise<AuditRow[]> {
  const rows: AuditRow[] = [];
  for await (const row of log.export(filter)) rows.push(row);
  return rows;
}

const everything = { partnerId: undefined };

const seqsOf = (entries: readonly AuditRow[]) => entries.map(({ seq }) => seq);
const numbered = (entries: readonly AuditRow[]) => entries.map((_, index) => index + 1);

test('changes made at once make one chain without a gap', async () => {
  const owner = (await stores.partner('Ёлка 🚗')).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topics = await Promise.all([1, 2, 3].map(() => stores.topic(owner)));
  const grants = createGrantStore(stores.postgres);
  await Promise.all(
    topics.flatMap((topic) => [
      grants.put(topic.id, reader, { purpose: 'кредит' }, { ...change(), ownerId: owner, id: id('grt') }),
      stores.subscription(reader, topic.id),
      stores.partners.update(reader, { name: 'ЭкспоБанк' }, change()),
    ]),
  );
  const entries = await exported(everything);
  expect(seqsOf(entries)).toEqual(numbered(entries));
  expect(verifyChain(entries)).toEqual({ ok: true, entries: entries.length });
  for (const partnerId of [owner, reader]) {
    const own = await exported({ partnerId });
    expect(seqsOf(own)).toEqual(numbered(own));
    expect(verifyChain(own)).toEqual({ ok: true, entries: own.length });
  }
});

test('what a company exports shows each entry that was removed or written anew, and counts nobody else', async () => {
  const owner = (await stores.partner()).partner.id;
  const topic = (await stores.topic(owner)).id;
  await stores.partner(); // a stranger's entries stand between
  const reader = (await stores.partner()).partner.id;
  const grants = createGrantStore(stores.postgres);
  const owned = { ...change(), ownerId: owner };
  await grants.put(topic, reader, { purpose: 'кредит' }, { ...owned, id: id('grt') });
  await stores.partner();
  await grants.revoke(topic, reader, owned);
  await stores.partner();
  await stores.subscription(owner, topic);

  const rows = await exported({ partnerId: owner });
  expect(seqsOf(rows)).toEqual([1, 2, 3, 4, 5, 6]);
  for (const { seq } of rows.slice(0, -1)) {
    expect(verifyChain(rows.filter((row) => row.seq !== seq))).toMatchObject({ ok: false });
    const rewritten = rows.map((row) => (row.seq === seq ? { ...row, after: { fields: null } } : row));
    expect(verifyChain(rewritten)).toMatchObject({ ok: false, seq });
  }
});

test('the filter by company tells a reader nothing of who else was let into a topic', async () => {
  const [owner, reader, coReader, stranger] = await Promise.all(
    [1, 2, 3, 4].map(async () => (await stores.partner()).partner.id),
  );
  if (!owner || !reader || !coReader || !stranger) return expect.unreachable();
  const topic = (await stores.topic(owner)).id;
  const grants = createGrantStore(stores.postgres);
  const owned = { ...change(), by: { ...change().by, partnerId: owner }, ownerId: owner };
  for (const partnerId of [reader, coReader]) {
    await grants.put(topic, partnerId, {}, { ...owned, id: id('grt') });
  }
  await stores.topics.remove(topic, owned);
  const deletedFor = async (partnerId: PartnerId, aboutPartnerId?: PartnerId) =>
    (await log.list({ partnerId, aboutPartnerId, action: 'topic.deleted', limit: 10 })).map((entry) =>
      'sharedWith' in entry ? [...entry.sharedWith].sort() : 'common',
    );
  expect(await deletedFor(reader)).toEqual([[owner]]);
  expect(await deletedFor(reader, owner)).toEqual([[owner]]);
  expect(await deletedFor(reader, coReader)).toEqual([]);
  expect(await deletedFor(reader, stranger)).toEqual([]);
  expect(await deletedFor(coReader, reader)).toEqual([]);
  expect(await deletedFor(owner, reader)).toEqual([[reader, coReader].sort()]);
  expect(await deletedFor(reader, reader)).toEqual([[owner]]);
});

test('no entry names a person by anything but an id', async () => {
  const { partner, admin } = await stores.partner();
  const users = createUserStore(stores.postgres);
  const ofPartner = { ...change(), partnerId: partner.id };
  const userId = await stores.user(partner.id, 'viewer', 'olga@partner.example');
  if (userId === undefined) throw new Error('the user was not made');
  await users.update(userId, { role: 'developer' }, ofPartner);
  await users.remove(userId, ofPartner);
  const operators = createOperatorStore(stores.postgres);
  const operator = { id: id('usr'), email: 'root@anika.example', passwordHash: 'hash' };
  await operators.ensure({ ...operator, id: id('usr'), email: 'other@anika.example' }, NOW_MS);
  await operators.ensure(operator, NOW_MS);
  await operators.set({ ...operator, passwordHash: 'other' }, NOW_MS);
  await operators.remove(operator.email, NOW_MS);
  const text = JSON.stringify(await exported(everything));
  expect(text).toContain(userId);
  expect(text).toContain(admin.id);
  expect(text).not.toMatch(/[^"\s]@[^"\s]/);
});

test('verifyChain() finds an entry that was changed in the database', async () => {
  await stores.partner();
  const [newest] = await log.list({ ...everything, limit: 1 });
  const seq = newest?.seq ?? 0;
  await stores.postgres.db
    .$executeRaw`UPDATE audit_entries SET after = '{"email":"other"}' WHERE seq = ${seq}`;
  expect(verifyChain(await exported(everything))).toMatchObject({ ok: false, seq });
  await stores.postgres.db.auditLink.deleteMany({ where: { seq } });
  await stores.postgres.db.auditEntry.delete({ where: { seq } });
});

test('list() shows a company what concerns it, and pages from the newest', async () => {
  const owner = (await stores.partner()).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topic = (await stores.topic(owner)).id;
  const grants = createGrantStore(stores.postgres);
  await grants.put(topic, reader, {}, { ...change(), ownerId: owner, id: id('grt') });
  const actionsOf = async (partnerId: PartnerId) =>
    (await log.list({ partnerId, limit: 10 })).map((entry) => entry.action);
  expect(await actionsOf(owner)).toEqual(['grant.given', 'topic.created', 'user.created', 'partner.created']);
  expect(await actionsOf(reader)).toEqual(['grant.given', 'user.created', 'partner.created']);
  const shared = await log.list({ partnerId: owner, aboutPartnerId: reader, limit: 10 });
  expect(shared.map((entry) => entry.action)).toEqual(['grant.given']);
  const beforeSeq = shared[0]?.seq;
  const older = await log.list({ partnerId: owner, limit: 1, beforeSeq });
  expect(older.map((entry) => entry.action)).toEqual(['topic.created']);
});

test('list() and export() filter by topic, action and time; parts of the log verify too', async () => {
  const owner = (await stores.partner()).partner.id;
  const topic = (await stores.topic(owner)).id;
  const atMs = NOW_MS + 5000;
  const event = { action: 'deliveries.redriven', topicId: topic, partnerIds: [owner], after: { count: 3 } };
  await log.appendEvent(change(atMs), event);
  const range = { partnerId: owner, fromMs: atMs, toMs: atMs + 1 };
  const found = await exported(range);
  expect(found).toMatchObject([
    { action: 'deliveries.redriven', after: { count: 3 }, at: '2026-01-01T00:00:05.000Z' },
  ]);
  expect(await exported({ ...range, toMs: atMs })).toEqual([]);
  expect(await exported({ partnerId: owner, topicId: topic })).toHaveLength(2);
  expect(found[0]?.remoteAddress).toBeNull(); // it was an operator who did it
  const [common] = await exported({ ...everything, action: 'deliveries.redriven' });
  expect(common).toMatchObject({
    action: 'deliveries.redriven',
    remoteAddress: '192.0.2.1',
    own: [{ partnerId: owner, ownSeq: found[0]?.seq, ownHash: found[0]?.hash }],
  });
  expect(verifyChain(await exported({ partnerId: owner }))).toMatchObject({ ok: true });
});

test('export() goes on page by page', async () => {
  const from = (await exported(everything)).length;
  await stores.postgres.db.$executeRaw`
    INSERT INTO audit_entries (seq, at, action, partner_ids, prev_hash, hash)
    SELECT n, now(), 'filler', '{}', '', '' FROM generate_series(${from + 1}::int, ${from + 1200}::int) n`;
  expect(await exported({ ...everything, action: 'filler' })).toHaveLength(1200);
});
