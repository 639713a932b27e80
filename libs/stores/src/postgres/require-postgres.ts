import { readdir } from 'node:fs/promises';
import { ConfigError } from '@anika/runtime/config';
import { Unavailable } from '@anika/runtime/unavailable';
import type { Postgres } from './client.ts';
import { MIGRATIONS_FOLDER } from './migrate.ts';

/** The oldest that PostgreSQL's own makers still mend; what is used here is older (ICU collations, `jsonb_to_recordset`). */
const OLDEST = 14;

export type PostgresFacts = {
  /** Such as 160004, as `server_version_num` has it. */
  readonly versionNumber: number;
  readonly version: string;
  readonly encoding: string;
  readonly inRecovery: boolean;
};

/** Why a server cannot be used, in a sentence that says what to do; undefined: it can. */
export function postgresProblem(facts: PostgresFacts): string | undefined {
  const { versionNumber, version, encoding, inRecovery } = facts;
  if (versionNumber < OLDEST * 10_000) {
    return `PostgreSQL ${version} is too old: use ${OLDEST} or newer.`;
  }
  if (encoding !== 'UTF8') {
    return `The database of DATABASE_URL is encoded in ${encoding}: create it with ENCODING 'UTF8'.`;
  }
  if (inRecovery) {
    return 'PostgreSQL at DATABASE_URL is a standby, which cannot be written to: name the primary there.';
  }
  return undefined;
}

/**
 * To be asked once, before anything else is done with the database.
 * @throws ConfigError when the server cannot be used, or the database lacks migrations that the program counts on
 */
export async function requirePostgres(postgres: Postgres, folder: string = MIGRATIONS_FOLDER): Promise<void> {
  const problem = postgresProblem(await factsOf(postgres).catch(throwRefusal));
  if (problem !== undefined) throw new ConfigError(problem);
  const [first] = await missingMigrations(postgres, folder);
  if (first === undefined) return;
  throw new ConfigError(
    `The database of DATABASE_URL is not up to date, it lacks the migrations from ${first} on: ` +
      'run "node apps/api/dist/main.js migrate" first.',
  );
}

/** The first question that is asked of it: what keeps it from being answered is in the connection string. */
function throwRefusal(error: unknown): never {
  if (error instanceof Unavailable || !(error instanceof Error)) throw error;
  const reason = error.message.trim().split('\n').at(-1);
  throw new ConfigError(`PostgreSQL refuses what DATABASE_URL says: ${reason}`, { cause: error });
}

async function factsOf({ db }: Postgres): Promise<PostgresFacts> {
  const [facts] = await db.$queryRaw<PostgresFacts[]>`
    SELECT current_setting('server_version_num')::int AS "versionNumber", current_setting('server_version') AS version,
      current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS "inRecovery"`;
  if (facts === undefined) throw new Error('PostgreSQL says nothing about itself');
  return facts;
}

/** Newer ones than the program's own are none of its business: migrations only add. */
async function missingMigrations({ db }: Postgres, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const [table] = await db.$queryRaw<{ exists: boolean }[]>`
    SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`;
  if (table?.exists !== true) return names.sort();
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`;
  const applied = new Set(rows.map(({ name }) => name));
  return names.filter((name) => !applied.has(name)).sort();
}
