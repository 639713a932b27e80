import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { lockAudit } from './audit.ts';
import { linkFormerEntries } from './audit-links.ts';
import { connectPostgres, type Postgres } from './client.ts';
import { grantRights } from './grant-rights.ts';

/** Where the migrations are when the process runs in the repository's folder, as every start does. */
export const MIGRATIONS_FOLDER = resolve('prisma/migrations');

/** The part that is used here; it is declared in the DOM library only, which a server does not have. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const FILTERS = { externalTables: [], externalEnums: [] };
const MIGRATE_LOCK = 7_201_002;
const LOCK_RETRY_MS = 200;
const ENGINE = '@prisma/schema-engine-wasm/schema_engine_bg';

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

/**
 * Applies the migrations that the database has not had yet, in the order of their names, and returns those names.
 * Prisma's own engine does it, in its WebAssembly form: no binary is downloaded, `_prisma_migrations` is kept.
 * Processes that start together take turns; the later ones find nothing left to do.
 * @param folder one folder for each migration, each with a `migration.sql`
 */
export async function applyMigrations(
  databaseUrl: string,
  folder: string = MIGRATIONS_FOLDER,
): Promise<readonly string[]> {
  const migrationsList = await readMigrations(folder);
  await instantiateEngine();
  return whileLocked(databaseUrl, () => runEngine(databaseUrl, migrationsList));
}

async function runEngine(
  connectionString: string,
  migrationsList: engineModule.MigrationList,
): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString, max: 1 });
  pool.on('error', ignore);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new UnlockedPrismaPg(pool));
    const engine = await engineModule.SchemaEngine.new({ datamodels: undefined }, ignore, adapter);
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: FILTERS });
    engine.free();
    return appliedMigrationNames;
  } finally {
    await pool.end();
  }
}

/**
 * The engine takes a lock that belongs to its connection and never gives it back: behind a pooler, which keeps the
 * connection, the next one would wait for it in vain. `whileLocked` does what it is for.
 */
class UnlockedPrismaPg extends PrismaPg {
  override async connect() {
    const adapter = await super.connect();
    const executeRaw = adapter.executeRaw.bind(adapter);
    const queryRaw = adapter.queryRaw.bind(adapter);
    const executeScript = adapter.executeScript.bind(adapter);
    adapter.executeRaw = (query) => executeRaw({ ...query, sql: unlocked(query.sql) });
    adapter.queryRaw = (query) => queryRaw({ ...query, sql: unlocked(query.sql) });
    adapter.executeScript = (script) => executeScript(unlocked(script));
    return adapter;
  }
}

function unlocked(sql: string): string {
  return /^SELECT pg_advisory_lock\(\d+\)$/.test(sql) ? 'SELECT 1' : sql;
}

/** For log lines, and for connections lost while idle: what matters is thrown as well. */
function ignore(): void {}

/**
 * The lock belongs to a transaction: it is free again when the process dies, and behind a pooler, where a connection
 * is one's own for the length of a transaction only, too. Who waits for it asks again, and keeps no connection from
 * the one who has it.
 */
async function whileLocked<R>(databaseUrl: string, work: () => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', ignore);
  await client.connect();
  try {
    while (!(await tryLock(client))) await wait(LOCK_RETRY_MS);
    return await work();
  } finally {
    await client.query('COMMIT').catch(ignore);
    await client.end();
  }
}

/** True: a transaction is open that holds the lock. */
async function tryLock(client: pg.Client): Promise<boolean> {
  await client.query('BEGIN');
  const { rows } = await client.query('SELECT pg_try_advisory_xact_lock($1) AS locked', [MIGRATE_LOCK]);
  if (rows[0]?.locked === true) return true;
  await client.query('ROLLBACK');
  return false;
}

async function readMigrations(folder: string): Promise<engineModule.MigrationList> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const lockfile = await readFile(join(folder, 'migration_lock.toml'), 'utf8');
  const migrationDirectories = names.sort().map(async (path) => {
    const value = await readFile(join(folder, path, 'migration.sql'), 'utf8');
    return { path, migrationFile: { path: 'migration.sql', content: { tag: 'ok', value } as const } };
  });
  return {
    baseDir: folder,
    lockfile: { path: 'migration_lock.toml', content: lockfile },
    shadowDbInitScript: '',
    migrationDirectories: await Promise.all(migrationDirectories),
  };
}

let instantiated: Promise<void> | undefined;

/** Once in a process: the module keeps one instance. */
function instantiateEngine(): Promise<void> {
  instantiated ??= loadEngine();
  return instantiated;
}

async function loadEngine(): Promise<void> {
  const folder = dirname(createRequire(import.meta.url).resolve(ENGINE));
  const bytes = await readFile(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': engineModule });
  engineModule.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
}
