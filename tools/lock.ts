import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExplainedError } from './explained-error.ts';
import { ensureFolder, isMissing } from './home.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

export interface HomeLock {
  release(): Promise<void>;
}

/**
 * Takes the home folder for this process alone. A lock whose holder died is taken over.
 * @throws ExplainedError naming the pid that holds it
 */
export async function lockHome(home: string): Promise<HomeLock> {
  await ensureFolder(home);
  const path = join(home, 'lock');
  const mine = `${path}.${process.pid}`;
  await writeFile(mine, JSON.stringify(identify(process.pid, 'node')));
  try {
    for (let attempt = 0; attempt < 5; attempt += 1) {
      if (await linked(mine, path)) return { release: () => rm(path, { force: true }) };
      await removeStale(path);
    }
  } finally {
    await rm(mine, { force: true });
  }
  throw new ExplainedError({
    ru: `Не удаётся занять ${path}: его всё время занимают другие процессы.`,
    en: `Cannot take ${path}: other processes keep taking it.`,
  });
}

/** The pid of the process that holds the home folder, or undefined when nobody does. */
export async function homeHolder(home: string): Promise<number | undefined> {
  const holder = await readHolder(join(home, 'lock'));
  return holder && isRunning(holder) ? holder.pid : undefined;
}

async function linked(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path); // fails when it exists, and never shows a half-written lock
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

async function removeStale(path: string): Promise<void> {
  const holder = await readHolder(path);
  if (holder && isRunning(holder)) {
    const home = path.slice(0, -'/lock'.length);
    throw new ExplainedError({
      ru: `Папка ${home} занята процессом ${holder.pid}: остановите его или укажите в ANIKA_HOME другую папку.`,
      en: `Process ${holder.pid} is already using ${home}: stop it first, or set ANIKA_HOME to another folder.`,
    });
  }
  const aside = `${path}.stale.${process.pid}`;
  try {
    await rename(path, aside); // one of several finders wins
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await rm(aside, { force: true });
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
