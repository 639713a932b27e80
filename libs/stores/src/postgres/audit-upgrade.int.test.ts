import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendAudit } from './audit.ts';
import { commonHash, GENESIS_HASH } from './audit-hash.ts';
import { createAuditLog } from './audit-log.ts';
import { connectPostgres, type Postgres } from './client.ts';
import { applyMigrations, MIGRATIONS_FOLDER, migrateDatabase } from './migrate.ts';
import { NOW_MS } from './test-stores.ts';
import { verifyChain } from './verify-chain.ts';

const FIRST_WITH_CHAINS = '0012';
const DEALER = 'par_dealer00000000000000000000';
const BANK = 'par_bank0000000000000000000000';
const THIRD = 'par_third000000000000000000000';

let databases: TestDatabases;
let postgres: Postgres;
let formerFolder: string;

beforeAll(async () => {
  databases = await createTestDatabases();
  formerFolder = await mkdtemp(join(tmpdir(), 'anika-migrations-'));
  for (const name of await readdir(MIGRATIONS_FOLDER)) {
    if (name >= FIRST_WITH_CHAINS && /^\d/.test(name)) continue;
    await cp(join(MIGRATIONS_FOLDER, name), join(formerFolder, name), { recursive: true });
  }
  await withClient(databases.databaseUrl, (client) =>
    client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
  );
  await applyMigrations(databases.databaseUrl, formerFolder);
  postgres = connectPostgres({ url: databases.databaseUrl });
});

afterAll(async () => {
  await postgres.close();
  await databases.drop();
  await rm(formerFolder, { recursive: true });
});

type Former = { seq: number; action: string; partnerIds: string[]; actor?: string; before?: unknown };
let last = GENESIS_HASH;

/** As a process of the version before made it: it knew nothing of the companies' chains. */
function formerRow({ seq, action, partnerIds, actor, before }: Former) {
  const contents = {
    at: new Date(NOW_MS + seq).toISOString(),
    action,
    actorId: null,
    actorPartnerId: actor ?? null,
    topicId: null,
    subjectId: 'usr_1',
    before: before ?? null,
    after: { n: 1.5, большой: 1e21, 'ё"\n': ['\u0001', null, { b: 1, a: 2 }] },
  };
  const prevHash = last;
  last = commonHash(contents, { format: 1, seq, prevHash, own: [] });
  return { ...contents, seq, partnerIds, prevHash, hash: last };
}

async function writeFormer(...entries: Former[]): Promise<string[]> {
  const rows = entries.map(formerRow);
  await withClient(databases.databaseUrl, (client) =>
    client.query(
      `INSERT INTO audit_entries (seq, at, action, actor_partner_id, subject_id, partner_ids, before, after, prev_hash, hash)
       SELECT seq, at, action, "actorPartnerId", "subjectId", "partnerIds", NULLIF(before, 'null'), after, "prevHash", hash
       FROM jsonb_to_recordset($1::jsonb) AS r(seq bigint, at timestamptz, action text, "actorPartnerId" text,
         "subjectId" text, "partnerIds" text[], before jsonb, after jsonb, "prevHash" text, hash text)`,
      [JSON.stringify(rows)],
    ),
  );
  return rows.map(({ hash }) => hash);
}

async function exported(partnerId?: string) {
  const rows = [];
  for await (const row of createAuditLog(postgres).export({ partnerId: partnerId as never })) rows.push(row);
  return rows;
}

test('a log of the version before gets its own chains, proves what it proved, and shows companies no email', async () => {
  const user = { email: 'olga@dealer.example', role: 'viewer' };
  const logins = Array.from({ length: 1200 }, (_, n) => ({
    seq: n + 5,
    action: 'login.succeeded',
    partnerIds: [n % 2 ? DEALER : BANK],
  }));
  const [, , ofUser] = await writeFormer(
    { seq: 1, action: 'partner.created', partnerIds: [DEALER] },
    { seq: 2, action: 'operator.seen', partnerIds: [] },
    { seq: 3, action: 'user.removed', partnerIds: [DEALER], before: user },
    { seq: 4, action: 'grant.given', partnerIds: [DEALER, BANK] },
    ...logins,
    { seq: 1205, action: 'topic.deleted', partnerIds: [DEALER, BANK, THIRD], actor: DEALER },
  );
  expect(await migrateDatabase(databases.databaseUrl)).toContain('0012_own_audit_chains');
  expect(await migrateDatabase(databases.databaseUrl)).toEqual([]);
  expect(verifyChain(await exported())).toEqual({ ok: true, entries: 1205 });
  const dealers = await exported(DEALER);
  expect(verifyChain(dealers)).toEqual({ ok: true, entries: 604 });
  expect(dealers[1]).toMatchObject({ before: { role: 'viewer' }, formerHash: ofUser });
  expect(JSON.stringify(dealers)).not.toContain('@');
  expect((await exported())[2]).toMatchObject({ format: 1, before: user, hash: ofUser });
  expect(verifyChain(await exported(THIRD))).toEqual({ ok: true, entries: 1 });
  expect(verifyChain(dealers.filter(({ seq }) => seq !== 300))).toMatchObject({ ok: false, seq: 301 });
});

test('what a process of the version before writes during an upgrade is linked with the next entry', async () => {
  await writeFormer({ seq: 1206, action: 'login.succeeded', partnerIds: [BANK] });
  await writeFormer({ seq: 1207, action: 'login.succeeded', partnerIds: [] });
  const entry = {
    at: new Date(NOW_MS),
    action: 'partner.updated',
    actorId: undefined,
    actorPartnerId: undefined,
    remoteAddress: undefined,
  };
  const append = (partnerIds: string[]) =>
    postgres.transaction((tx) => appendAudit(tx, { ...entry, partnerIds }));
  await append([BANK, DEALER]);
  last = (await exported()).at(-1)?.hash ?? '';
  await writeFormer({ seq: 1209, action: 'login.succeeded', partnerIds: [BANK] });
  await append([]);
  await append([BANK]);
  expect(verifyChain(await exported())).toEqual({ ok: true, entries: 1211 });
  const banks = await exported(BANK);
  expect(verifyChain(banks)).toMatchObject({ ok: true });
  expect(banks.slice(-4).map(({ action }) => action)).toEqual([
    'login.succeeded',
    'partner.updated',
    'login.succeeded',
    'partner.updated',
  ]);
});
