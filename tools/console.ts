import { createHash } from 'node:crypto';
import { globSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ExplainedError, reasonOf } from './explained-error.ts';
import { REPOSITORY } from './home.ts';
import { runCommand } from './run-command.ts';

const CONSOLE = resolve(REPOSITORY, 'apps', 'console');
/** Whatever the built files depend on. */
const SOURCES = [
  'package-lock.json',
  'apps/console/{index.html,package.json,tsconfig.json,vite.config.ts}',
  'apps/console/src/**/*',
  'libs/{core,contracts,client}/src/**/*.ts',
];
const TIMEOUT_MS = 180_000;

/** Where the hash of the sources is that the built files were made from. */
const MARK = resolve(CONSOLE, 'dist', '.built-from');

/** Builds the console where it was never built, or from other sources. */
export async function buildConsole(say: (line: { ru: string; en: string }) => void): Promise<void> {
  const wanted = await hashOfSources();
  if ((await readFile(MARK, 'utf8').catch(() => undefined)) === wanted) return;
  say({ ru: 'собираю консоль …', en: 'building the console …' });
  try {
    const vite = resolve(REPOSITORY, 'node_modules', 'vite', 'bin', 'vite.js');
    await runCommand(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
      cwd: CONSOLE,
      // Whoever asks may be a test: what is built is what is shipped.
      env: { ...process.env, NODE_ENV: 'production' },
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    const reason = reasonOf(error);
    const text = { ru: `Консоль не собралась: ${reason}`, en: `The console could not be built: ${reason}` };
    throw new ExplainedError(text, { cause: error });
  }
  await writeFile(MARK, wanted);
}

async function hashOfSources(): Promise<string> {
  const files = globSync(SOURCES, { cwd: REPOSITORY, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(await readFile(file));
  return hash.digest('hex');
}
