import { renameSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';

export const REPOSITORY = resolve(import.meta.dirname, '..');

/** What was fetched or built once and is the same for every home on this machine. */
export const SOFTWARE = resolve(REPOSITORY, '.anika', 'software');

/** The folder that holds the data, ports, secrets and logs of one stack: `ANIKA_HOME`, or `.anika/`. */
export function homeFolder(): string {
  return resolve(process.env.ANIKA_HOME ?? resolve(REPOSITORY, '.anika'));
}

/** Creates the folder, readable by its owner only where it holds secrets, and returns its path. */
export async function ensureFolder(...parts: readonly string[]): Promise<string> {
  const path = resolve(...parts);
  await mkdir(path, { recursive: true });
  return path;
}

/** The parsed content of a JSON file, or undefined when there is none. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces the file in one step; only its owner can read it. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.draft`;
  await writeFile(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/** As `writeJson`, done when it returns. */
export function writeJsonSync(path: string, value: unknown): void {
  const draft = `${path}.${process.pid}.draft`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path);
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
