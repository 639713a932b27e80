import { cp, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFieldMask } from '@anika/core/field-mask';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyMigrations, MIGRATIONS_FOLDER } from './migrate.ts';

let databases: TestDatabases;

beforeAll(async () => {
  databases = await createTestDatabases();
  await emptyDatabase();
});

afterAll(() => databases.drop());

function emptyDatabase(): Promise<unknown> {
  const sql = 'DROP SCHEMA public CASCADE; CREATE SCHEMA public';
  return withClient(databases.databaseUrl, (client) => client.query(sql));
}

test('applyMigrations() applies each migration once when several processes start together, and later none', async () => {
  const results = await Promise.all([1, 2, 3].map(() => applyMigrations(databases.databaseUrl)));
  expect(results.filter((names) => names.includes('0001_init'))).toHaveLength(1);
  expect(results.filter((names) => names.length === 0)).toHaveLength(2);
  expect(await applyMigrations(databases.databaseUrl)).toEqual([]);
});

test('applyMigrations() leaves no connection and no lock behind', async () => {
  await applyMigrations(databases.databaseUrl);
  const { rows } = await withClient(databases.databaseUrl, (client) =>
    client.query(
      "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
    ),
  );
  expect(rows).toEqual([]);
});

/** The migrations before one, in a folder of their own. */
async function migrationsBefore(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  const names = (await readdir(MIGRATIONS_FOLDER)).filter((one) => one < name || one.endsWith('.toml'));
  for (const one of names) await cp(join(MIGRATIONS_FOLDER, one), join(folder, one), { recursive: true });
  return folder;
}

test.each<[string, unknown, unknown]>([
  [
    'paths below data',
    { exclude: ['customer.phone', 'items.*.price'] },
    { exclude: ['data.customer.phone', 'data.items.*.price'] },
  ],
  [
    'a path that other rules begin with data',
    { exclude: ['data.a', 'key'] },
    { exclude: ['data.a', 'data.data.a', 'data.key', 'key'] },
  ],
  [
    'paths of JSONPath',
    { exclude: ['$.a', '$.data.b'] },
    { exclude: ['data.$.a', 'data.a', 'data.$.data.b', 'data.b'] },
  ],
  ['no path hidden', { exclude: [] }, { exclude: [] }],
  ['shown paths', { include: ['a', 'data.b'] }, { include: ['data.a', 'data.data.b', 'key'] }],
  ['no path shown', { include: [] }, { include: ['key'] }],
  [
    'as many and as deep as can be',
    { exclude: Array(100).fill(`data.${'a.'.repeat(30)}b`) },
    expect.anything(),
  ],
  ['no mask', null, null],
])('a mask of before with %s says the same in the spelling of now', async (_what, before, after) => {
  await emptyDatabase();
  await applyMigrations(databases.databaseUrl, await migrationsBefore('0004_mask_paths'));
  await withClient(databases.databaseUrl, async (client) => {
    await client.query(`
      INSERT INTO partners (id, name) VALUES ('par_1', 'a'), ('par_2', 'b');
      INSERT INTO topics (id, partner_id, name) VALUES ('top_1', 'par_1', 't');
      INSERT INTO grants (id, topic_id, partner_id) VALUES ('grt_1', 'top_1', 'par_2')`);
    await client.query('UPDATE grants SET fields = $1', [before === null ? null : JSON.stringify(before)]);
  });
  await applyMigrations(databases.databaseUrl);
  const { rows } = await withClient(databases.databaseUrl, (client) =>
    client.query('SELECT mask FROM grants'),
  );
  const [{ mask }] = rows;
  if (mask !== null) expect(parseFieldMask(mask)).toMatchObject({ ok: true });
  expect(mask).toEqual(after);
});
