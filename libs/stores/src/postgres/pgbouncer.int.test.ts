import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecretBox } from '@anika/runtime/secret-box';
import { createTestDatabases, type TestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { withClient } from '@anika/testkit/template';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from './audit-log.ts';
import { connectPostgres, type Postgres } from './client.ts';
import { migrateDatabase } from './migrate.ts';
import { createOperatorStore } from './operators.ts';
import { requirePostgres } from './require-postgres.ts';
import { requireSecretKeys } from './require-secret-keys.ts';
import { id, NOW_MS } from './test-stores.ts';
import { verifyChain } from './verify-chain.ts';

function findPgbouncer(): string | undefined {
  try {
    return execFileSync('sh', ['-c', 'PATH="$PATH:/usr/sbin" command -v pgbouncer'], {
      encoding: 'utf8',
    }).trim();
  } catch {
    return undefined;
  }
}

const PROGRAM = findPgbouncer();
const TITLE = 'through PgBouncer in transaction mode';

if (PROGRAM === undefined) it.skip(`${TITLE}: there is no pgbouncer here (apt-get install pgbouncer)`);

describe.skipIf(PROGRAM === undefined)(TITLE, () => {
  let databases: TestDatabases;
  let folder: string;
  let pooler: ChildProcess;
  let url: string;
  let postgres: Postgres;

  beforeAll(async () => {
    databases = await createTestDatabases();
    await withClient(databases.databaseUrl, (client) =>
      client.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'),
    );
    folder = await mkdtemp(join(tmpdir(), 'anika-pgbouncer-'));
    const port = await freePort();
    pooler = await startPooler(PROGRAM ?? '', { folder, port, databaseUrl: databases.databaseUrl });
    url = `postgresql://postgres@127.0.0.1:${port}/pooled`;
    postgres = connectPostgres({ url });
    await eventually(() => postgres.ping().then(() => true));
  });

  afterAll(async () => {
    await postgres.close();
    const exit = once(pooler, 'exit');
    pooler.kill('SIGKILL');
    await exit;
    await databases.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('migrates, once, whoever does it at the same time, and leaves no lock behind', async () => {
    const results = await Promise.all([1, 2, 3].map(() => migrateDatabase(url)));
    expect(results.filter((names) => names.includes('0001_init'))).toHaveLength(1);
    expect(results.filter((names) => names.length === 0)).toHaveLength(2);
    expect(await migrateDatabase(url)).toEqual([]);
    const { rows } = await withClient(databases.databaseUrl, (client) =>
      client.query(
        "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
      ),
    );
    expect(rows).toEqual([]);
  });

  it('passes the checks of a start', async () => {
    await requirePostgres(postgres);
    await requireSecretKeys(postgres, createSecretBox(new Map([['k1', Buffer.alloc(32, 7)]])));
  });

  it('runs many transactions and queries at once on few connections, and keeps the chains', async () => {
    const operators = createOperatorStore(postgres);
    const one = (n: number) =>
      operators.ensure(
        { id: id('usr'), email: `o${n}@anika.example`, passwordHash: randomBytes(4).toString('hex') },
        NOW_MS,
      );
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(Array.from({ length: 6 }, (_, n) => one(round * 6 + n)));
      await Promise.all(Array.from({ length: 6 }, () => postgres.db.user.count()));
    }
    const rows = [];
    for await (const row of createAuditLog(postgres).export({ partnerId: undefined })) rows.push(row);
    expect(verifyChain(rows)).toEqual({ ok: true, entries: 30 });
  });

  it('bounds the statements of a transaction on the server, and leaves nothing of it on the connection', async () => {
    const timeoutOf = (tx: Pick<Postgres['db'], '$queryRaw'>) =>
      tx.$queryRaw<{ timeout: string }[]>`SELECT current_setting('statement_timeout') AS timeout`;
    expect(await postgres.transaction(timeoutOf)).toEqual([{ timeout: '10s' }]);
    const after = await Promise.all([1, 2, 3, 4].map(() => timeoutOf(postgres.db)));
    expect(after.flat()).toEqual(after.map(() => ({ timeout: '0' })));
  });
});

async function startPooler(
  program: string,
  { folder, port, databaseUrl }: { folder: string; port: number; databaseUrl: string },
): Promise<ChildProcess> {
  const server = new URL(databaseUrl);
  const file = join(folder, 'pgbouncer.ini');
  const target = `host=${server.hostname} port=${server.port} dbname=${server.pathname.slice(1)} user=${server.username}`;
  const settings = [
    '[databases]',
    `pooled = ${target}${server.password === '' ? '' : ` password=${server.password}`}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 3',
  ];
  await writeFile(file, `${settings.join('\n')}\n`);
  // It does not run as root.
  await Promise.all([chmod(folder, 0o755), chmod(file, 0o644)]);
  const isRoot = process.getuid?.() === 0;
  return spawn(program, [...(isRoot ? ['-u', 'nobody'] : []), file], { stdio: 'ignore' });
}
