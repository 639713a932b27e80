import { existsSync, readdirSync } from 'node:fs';
import { chmod, copyFile, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { ensureFolder } from '../home.ts';
import { findProgram, runCommand } from '../run-command.ts';
import { debianSource } from './debian-source.ts';

/** The user the server runs as inside its root folder. */
export const DOCUMENTDB_UID = 65534;
export const POSTGRES_BIN = '/usr/lib/postgresql/18/bin';

const PACKAGES = ['postgresql-18', 'postgresql-18-documentdb', 'dash'];
const FETCH_TIMEOUT_MS = 600_000;
const UNPACK_TIMEOUT_MS = 120_000;
const UNPACK_AT_ONCE = 4;

/**
 * Makes a folder that holds PostgreSQL 18 with DocumentDB and every library it needs, from Debian's packages:
 * nothing is installed on the machine itself.
 */
export async function buildDocumentdbRoot(target: string, say: (line: string) => void): Promise<void> {
  const work = `${target}.work`;
  const root = join(work, 'root');
  await rm(work, { recursive: true, force: true });
  await ensureFolder(root);
  say('MongoDB: fetching DocumentDB for PostgreSQL from Debian (134 MB, once) …');
  const archives = await fetchPackages(await ensureFolder(work, 'apt'));
  say(`MongoDB: unpacking ${archives.length} packages …`);
  const limit = pLimit(UNPACK_AT_ONCE);
  await linkTopFolders(root);
  await Promise.all(
    archives.map((archive) =>
      limit(() => runCommand('dpkg-deb', ['-x', archive, root], { timeoutMs: UNPACK_TIMEOUT_MS })),
    ),
  );
  if (!existsSync(join(root, POSTGRES_BIN, 'postgres')))
    throw new Error('a postgresql-18 package that holds the server');
  await prepareRoot(root);
  await rm(target, { recursive: true, force: true });
  await rename(root, target);
  await rm(work, { recursive: true, force: true });
}

/** Downloads the packages and all they depend on by a package database of its own that has nothing installed. */
async function fetchPackages(folder: string): Promise<string[]> {
  const apt = findProgram('apt-get');
  if (!apt || !findProgram('dpkg-deb')) throw new Error('apt-get and dpkg-deb, as Debian has them');
  const archives = join(folder, 'cache', 'archives');
  await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
  await mkdir(join(archives, 'partial'), { recursive: true });
  await writeFile(join(folder, 'status'), '');
  await writeFile(join(folder, 'sources.list'), await debianSource('sid'));
  const settings = [
    `Dir::State=${folder}`,
    `Dir::State::status=${join(folder, 'status')}`,
    `Dir::Cache=${join(folder, 'cache')}`,
    `Dir::Etc::sourcelist=${join(folder, 'sources.list')}`,
    'Dir::Etc::sourceparts=/dev/null',
    'APT::Install-Recommends=false',
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=3',
    'Acquire::http::Timeout=20',
    'Debug::NoLocking=1',
  ].flatMap((setting) => ['-o', setting]);
  const options = { timeoutMs: FETCH_TIMEOUT_MS, env: { ...process.env, LC_ALL: 'C' } };
  await runCommand(apt, [...settings, 'update', '-q'], options);
  await runCommand(apt, [...settings, 'install', '-y', '-q', '--download-only', ...PACKAGES], options);
  return readdirSync(archives)
    .filter((name) => name.endsWith('.deb'))
    .map((name) => join(archives, name));
}

// Before unpacking: packages with files in both would otherwise make a real /lib.
async function linkTopFolders(root: string): Promise<void> {
  for (const name of ['bin', 'lib', 'lib64', 'sbin']) {
    await mkdir(join(root, 'usr', name), { recursive: true });
    await symlink(`usr/${name}`, join(root, name));
  }
}

async function prepareRoot(root: string): Promise<void> {
  await mkdir(join(root, 'etc'), { recursive: true });
  await writeFile(
    join(root, 'etc', 'passwd'),
    `postgres:x:${DOCUMENTDB_UID}:${DOCUMENTDB_UID}::/pg:/bin/sh\n`,
  );
  // Index builds of DocumentDB connect to "localhost".
  await writeFile(join(root, 'etc', 'hosts'), '127.0.0.1 localhost\n');
  await writeFile(join(root, 'etc', 'nsswitch.conf'), 'passwd: files\nhosts: files\n');
  for (const folder of ['tmp', 'dev/shm', 'run']) {
    await mkdir(join(root, folder), { recursive: true });
    await chmod(join(root, folder), 0o1777);
  }
  await writeFile(join(root, 'dev', 'null'), '', { mode: 0o666 });
  await chmod(join(root, 'dev', 'null'), 0o666);
  const extensions = join(root, 'usr/share/postgresql/18/extension');
  // Debian names PostGIS by its version, the extension asks for it without.
  const postgis = join(extensions, 'postgis.control');
  if (!existsSync(postgis)) await copyFile(join(extensions, 'postgis-3.control'), postgis);
}
