import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyMigrations, MIGRATIONS_FOLDER } from './migrate.ts';

const FIRST = '0009_sessions';

let databases: TestDatabases;
let before: string;

beforeAll(async () => {
  databases = await createTestDatabases();
  before = await mkdtemp(join(tmpdir(), 'anika-migrations-'));
  for (const name of await readdir(MIGRATIONS_FOLDER)) {
    const isEarlier = name < FIRST || name.endsWith('.toml');
    if (isEarlier) await cp(join(MIGRATIONS_FOLDER, name), join(before, name), { recursive: true });
  }
});

afterAll(async () => {
  await databases.drop();
  await rm(before, { recursive: true });
});

const query = (sql: string) => withClient(databases.databaseUrl, (client) => client.query(sql));

test('families of refresh tokens become sessions that go on; those that were revoked do not', async () => {
  await query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await applyMigrations(databases.databaseUrl, before);
  await query(`
    INSERT INTO users (id, email, password_hash, role) VALUES ('usr_1', 'a@anika.example', 'x', 'operator');
    INSERT INTO refresh_tokens (id, family_id, user_id, created_at, expires_at, used_at, revoked_at) VALUES
      ('t1', 'f-open', 'usr_1', '2026-01-01Z', '2026-01-31Z', '2026-01-08Z', NULL),
      ('t2', 'f-open', 'usr_1', '2026-01-08Z', '2026-02-07Z', NULL, NULL),
      ('t3', 'f-long', 'usr_1', '2026-01-01Z', '2027-01-01Z', NULL, NULL),
      ('t4', 'f-over', 'usr_1', '2026-01-01Z', '2026-01-31Z', NULL, '2026-01-02Z')`);
  await applyMigrations(databases.databaseUrl);
  const { rows } = await query(`
    SELECT s.id, s.user_id AS "userId", s.credentials_version AS version, s.created_at AS "createdAt",
           s.expires_at AS "expiresAt", array_agg(t.id ORDER BY t.id) AS tokens
    FROM sessions s JOIN refresh_tokens t ON t.family_id = s.id GROUP BY s.id ORDER BY min(t.id)`);
  const common = { userId: 'usr_1', version: 1, createdAt: new Date('2026-01-01Z') };
  expect(rows).toEqual([
    {
      ...common,
      id: expect.stringMatching(/^ses_[0-9a-f]{32}$/),
      tokens: ['t1', 't2'],
      expiresAt: new Date('2026-02-07Z'),
    },
    { ...common, id: expect.stringMatching(/^ses_/), tokens: ['t3'], expiresAt: new Date('2026-04-01Z') },
  ]);
});
