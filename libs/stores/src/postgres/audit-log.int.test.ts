import type { PartnerId } from '@anika/core/ids';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AuditLog, type AuditRow, createAuditLog } from './audit-log.ts';
import { createGrantStore } from './grants.ts';
import { change, id, NOW_MS, openTestStores, type TestStores } from './test-stores.ts';
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

test('changes made at once make one chain without a gap', async () => {
  const owner = (await stores.partner('Ёлка 🚗')).partner.id;
  const reader = (await stores.partner()).partner.id;
  const topics = await Promise.all([1, 2, 3, 4].map(() => stores.topic(owner)));
  const grants = createGrantStore(stores.postgres);
  await Promise.all(
    topics.flatMap((topic) => [
      grants.put(topic.id, reader, { purpose: 'кредит' }, { ...change(), ownerId: owner, id: id('grt') }),
      stores.subscription(reader, topic.id),
      stores.partners.update(reader, { name: 'ЭкспоБанк' }, change()),
    ]),
  );
  const entries = await exported(everything);
  expect(entries.map((entry) => entry.seq)).toEqual(entries.map((_, index) => index + 1));
  expect(verifyChain(entries)).toEqual({ ok: true, entries: entries.length });
});

test('verifyChain() finds an entry that was changed in the database', async () => {
  await stores.partner();
  const [newest] = await log.list({ ...everything, limit: 1 });
  const seq = newest?.seq ?? 0;
  await stores.postgres.db
    .$executeRaw`UPDATE audit_entries SET after = '{"email":"other"}' WHERE seq = ${seq}`;
  expect(verifyChain(await exported(everything))).toMatchObject({ ok: false, seq });
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
  const byOperator = found.map((entry) => ({ ...entry, remoteAddress: '192.0.2.1' }));
  expect(await exported({ ...everything, action: 'deliveries.redriven' })).toEqual(byOperator);
  expect(verifyChain(await exported({ partnerId: owner }))).toMatchObject({ ok: true });
});

test('export() goes on page by page', async () => {
  const from = (await exported(everything)).length;
  await stores.postgres.db.$executeRaw`
    INSERT INTO audit_entries (seq, at, action, partner_ids, prev_hash, hash)
    SELECT n, now(), 'filler', '{}', '', '' FROM generate_series(${from + 1}::int, ${from + 1200}::int) n`;
  expect(await exported({ ...everything, action: 'filler' })).toHaveLength(1200);
});
