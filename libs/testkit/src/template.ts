import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { applyMigrations } from '@anika/stores/postgres/migrate';
import pg from 'pg';

const MIGRATIONS = resolve(import.meta.dirname, '../../../prisma/migrations');
const LOCK = 2_604_310; // any number that nothing else locks

/** The database that test databases are copies of; changed migrations make another name. */
export function templateName(folder: string = MIGRATIONS): string {
  const hash = createHash('sha256');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.sql'),
  );
  for (const file of files.sort()) hash.update(`${file}\n`).update(readFileSync(join(folder, file)));
  return `anika_template_${hash.digest('hex').slice(0, 12)}`;
}

/** Makes the template unless it is there; several processes may ask at once. */
export async function ensureTemplate(serverUrl: string): Promise<void> {
  const name = templateName();
  await withClient(serverUrl, async (client) => {
    await client.query('select pg_advisory_lock($1)', [LOCK]);
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount !== 0) return;
    // Under another name until it is whole: what an interrupted run leaves is never taken for the template.
    const draft = `${name}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft}`);
    await applyMigrations(withDatabase(serverUrl, draft), MIGRATIONS);
    await client.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [draft],
    );
    await client.query(`alter database ${draft} rename to ${name}`);
  });
}

/** Runs work on a connection of its own, closed afterwards. */
export async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The same server, another database. */
export function withDatabase(url: string, database: string): string {
  // Not by URL, which knows no addresses of several hosts.
  return url.replace(/^([a-z+]+:\/\/[^/?]+)(\/[^?]*)?/, `$1/${database}`);
}
