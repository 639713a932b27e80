import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { lockAudit } from './audit.ts';
import { linkFormerEntries } from './audit-links.ts';
import { connectPostgres, type Postgres } from './client.ts';
import { grantRights } from './grant-rights.ts';

/** Where the migrations are when the process runs in the repository's folder, as every start does. */
export const MIGRATIONS_FOLDER = resolve('prisma/migrations');

const MIGRATE_LOCK = 7_201_002;
const LOCK_RETRY_MS = 200;

/**
 * Brings a database up to date: the migrations, what of its data they leave to the code, the rights of the programs'
 * role. Returns the names of the migrations that it has not had yet. May be broken off and repeated.
 */
export async function migrateDatabase(databaseUrl: string): Promise<readonly string[]> {
  const applied = await applyMigrations(databaseUrl);
  const postgres = connectPostgres({ url: databaseUrl, poolMax: 1 });
  try {
    await linkAuditLog(postgres);
    await grantRights(postgres);
  } finally {
    await postgres.close();
  }
  return applied;
}

/** Entries of a version before get their places in the chains of the companies, some hundreds at a time. */
async function linkAuditLog(postgres: Postgres): Promise<void> {
  const linkSome = () =>
    postgres.transaction(async (tx) => {
      await lockAudit(tx);
      return linkFormerEntries(tx);
    });
  while ((await linkSome()) > 0);
}

/** As Prisma's own tools keep it, so that they may take over at any time. */
const HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" varchar(36) PRIMARY KEY, "checksum" varchar(64) NOT NULL, "finished_at" timestamptz,
  "migration_name" varchar(255) NOT NULL, "logs" text, "rolled_back_at" timestamptz,
  "started_at" timestamptz NOT NULL DEFAULT now(), "applied_steps_count" integer NOT NULL DEFAULT 0
)`;

/**
 * Applies the migrations that the database has not had yet, in the order of their names, and returns those names: all
 * of them in one transaction, or none. Processes that start together take turns; the later ones find nothing to do.
 * @param folder one folder for each migration, each with a `migration.sql`
 */
export async function applyMigrations(
  databaseUrl: string,
  folder: string = MIGRATIONS_FOLDER,
): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', ignore);
  await client.connect();
  try {
    while (!(await tryLock(client))) await wait(LOCK_RETRY_MS);
    const applied = await applyMissing(client, migrations);
    await client.query('COMMIT');
    return applied;
  } finally {
    await client.end();
  }
}

/** For a connection that is lost: what matters is thrown as well. */
function ignore(): void {}

/**
 * True: a transaction is open that holds the lock. Behind a pooler a connection is one's own for the length of a
 * transaction only: who waits asks again, and keeps no connection from the one who has it.
 */
async function tryLock(client: pg.Client): Promise<boolean> {
  await client.query('BEGIN');
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [MIGRATE_LOCK]);
  if (rows[0]?.locked === true) return true;
  await client.query('ROLLBACK');
  return false;
}

type Migration = { readonly name: string; readonly sql: string };

async function applyMissing(client: pg.Client, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(HISTORY);
  const { rows } = await client.query<{ migration_name: string }>(
    'SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
  );
  const had = new Set(rows.map((row) => row.migration_name));
  const missing = migrations.filter(({ name }) => !had.has(name));
  for (const { name, sql } of missing) {
    try {
      await client.query(sql);
    } catch (error) {
      throw new Error(`The migration ${name} failed, and nothing was changed`, { cause: error });
    }
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, clock_timestamp(), 1)`,
      [randomUUID(), createHash('sha256').update(sql).digest('hex'), name],
    );
  }
  return missing.map(({ name }) => name);
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.sort().map(async (name) => ({
      name,
      sql: await readFile(join(folder, name, 'migration.sql'), 'utf8'),
    })),
  );
}
