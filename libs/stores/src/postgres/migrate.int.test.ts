import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyMigrations } from './migrate.ts';

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
