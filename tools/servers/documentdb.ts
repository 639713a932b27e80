import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureFolder, SOFTWARE } from '../home.ts';
import { probePostgres, queryPostgres } from '../probe.ts';
import { findProgram, runCommand } from '../run-command.ts';
import { buildDocumentdbRoot, DOCUMENTDB_UID, POSTGRES_BIN } from './documentdb-root.ts';
import type { ServerContext } from './local-server.ts';

const DATA = '/pg/data';
const READY_MARK = 'documentdb-ready';

/** Starts PostgreSQL with DocumentDB in a root folder of its own and returns its URL. */
export async function startDocumentdb(context: ServerContext): Promise<string> {
  const root = await ensureRoot(context);
  const inRoot = changeRoot(root);
  const port = await context.ports.choose('mongodb-postgres');
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '/tmp',
    shared_preload_libraries: 'pg_cron,pg_documentdb_core,pg_documentdb',
    'cron.database_name': 'postgres',
    max_connections: 200,
    timezone: 'UTC',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await context.supervisor.keep({
    ...inRoot(join(POSTGRES_BIN, 'postgres'), ['-D', DATA, ...options]),
    name: 'mongodb-postgres',
    program: `${POSTGRES_BIN}/postgres`,
    env: { LC_ALL: 'C' },
    stopSignal: 'SIGINT',
    stopTimeoutMs: 10_000,
    readyTimeoutMs: 60_000,
    probe: () => probePostgres(url),
  });
  if (!existsSync(join(root, READY_MARK))) {
    await queryPostgres(url, 'create extension if not exists documentdb cascade');
    await mkdir(join(root, READY_MARK));
  }
  return url;
}

/** The home's own root folder: the programs shared with the other homes by hard links, the data its own. */
async function ensureRoot(context: ServerContext): Promise<string> {
  const root = join(await ensureFolder(context.home, 'mongodb'), 'root');
  if (existsSync(join(root, DATA, 'PG_VERSION'))) return root;
  const programs = await ensurePrograms(context);
  const draft = `${root}.draft`;
  await rm(draft, { recursive: true, force: true });
  await runCommand('cp', ['-al', programs, draft], { timeoutMs: 60_000 }).catch(() =>
    copyPrograms(programs, draft),
  );
  await createCluster(draft);
  await rm(root, { recursive: true, force: true });
  await rename(draft, root);
  return root;
}

// Another file system takes no hard links.
async function copyPrograms(programs: string, target: string): Promise<void> {
  await rm(target, { recursive: true, force: true });
  await runCommand('cp', ['-a', programs, target], { timeoutMs: 300_000 });
}

async function ensurePrograms(context: ServerContext): Promise<string> {
  const programs = join(await ensureFolder(SOFTWARE), 'documentdb');
  if (!existsSync(programs)) await buildDocumentdbRoot(programs, context.say);
  return programs;
}

async function createCluster(root: string): Promise<void> {
  const data = join(root, DATA);
  await mkdir(data, { recursive: true });
  await chmod(data, 0o700);
  if (process.getuid?.() === 0) await chown(data, DOCUMENTDB_UID, DOCUMENTDB_UID);
  const initdb = ['-D', DATA, '-U', 'postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  const { command, args } = changeRoot(root)(join(POSTGRES_BIN, 'initdb'), initdb);
  await runCommand(command, args, { env: { LC_ALL: 'C' }, timeoutMs: 120_000 });
}

type InRoot = (command: string, args: readonly string[]) => { command: string; args: readonly string[] };

function changeRoot(root: string): InRoot {
  if (process.getuid?.() === 0) {
    const user = `--userspec=${DOCUMENTDB_UID}:${DOCUMENTDB_UID}`;
    return (command, args) => ({ command: needed('chroot'), args: [user, root, command, ...args] });
  }
  const options = ['--user', '--map-current-user', `--root=${root}`];
  return (command, args) => ({ command: needed('unshare'), args: [...options, command, ...args] });
}

function needed(name: string): string {
  const program = findProgram(name) ?? findProgram(`/usr/sbin/${name}`);
  if (!program) throw new Error(`${name} on PATH`);
  return program;
}
