import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

/** Where the migrations are when the process runs in the repository's folder, as every start does. */
export const MIGRATIONS_FOLDER = resolve('prisma/migrations');

const FILTERS = { externalTables: [], externalEnums: [] };

/**
 * Applies the migrations that the database has not had yet, in the order of their names, and returns those names.
 * Prisma's own engine does it, in its WebAssembly form: no binary is downloaded, `_prisma_migrations` is kept.
 * @param folder one folder for each migration, each with a `migration.sql`
 */
export async function applyMigrations(
  databaseUrl: string,
  folder: string = MIGRATIONS_FOLDER,
): Promise<readonly string[]> {
  const migrationsList = await readMigrations(folder);
  await instantiateEngine();
  const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: databaseUrl, max: 1 }));
  const engine = await engineModule.SchemaEngine.new({ datamodels: undefined }, ignoreLog, adapter);
  try {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters: FILTERS });
    return appliedMigrationNames;
  } finally {
    engine.free();
  }
}
