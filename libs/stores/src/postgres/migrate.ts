import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { lockAudit } from './audit.ts';
import { linkFormerEntries } from './audit-links.ts';
import { connectPostgres } from './client.ts';

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
const ENGINE = '@prisma/schema-engine-wasm/schema_engine_bg';

/**
 * Brings a database up to date: the migrations, then what of its data they leave to the code. Returns the names of
 * the migrations that it has not had yet. May be broken off and repeated.
 */
export async function migrateDatabase(databaseUrl: string): Promise<readonly string[]> {
  const applied = await applyMigrations(databaseUrl);
  await linkAuditLog(databaseUrl);
  return applied;
}

/** Entries of a version before get their places in the chains of the companies, some hundreds at a time. */
async function linkAuditLog(databaseUrl: string): Promise<void> {
  const postgres = connectPostgres({ url: databaseUrl, poolMax: 1 });
  const linkSome = () =>
    postgres.transaction(async (tx) => {
      await lockAudit(tx);
      return linkFormerEntries(tx);
    });
  try {
    while ((await linkSome()) > 0);
  } finally {
    await postgres.close();
  }
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

/** The engine leaves its own lock on its connection: that must be closed, or the next one waits for it in vain. */
async function runEngine(
  connectionString: string,
  migrationsList: engineModule.MigrationList,
): Promise<readonly string[]> {
  const pool = new pg.Pool({ connectionString, max: 1 });
  pool.on('error', ignore);
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg(pool));
    const engine = await engineModule.SchemaEngine.new({ datamodels: undefined }, ignore, adapter);
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: FILTERS });
    engine.free();
    return appliedMigrationNames;
  } finally {
    await pool.end();
  }
}

/** For log lines, and for connections lost while idle: what matters is thrown as well. */
function ignore(): void {}

/** The lock belongs to the connection: it is free again when the process dies. */
async function whileLocked<R>(databaseUrl: string, work: () => Promise<R>): Promise<R> {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', ignore);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATE_LOCK]);
    return await work();
  } finally {
    await client.end();
  }
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
