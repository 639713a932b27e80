import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../home.ts';

const SKIPPED = new Set(['node_modules', '.git', '.anika', '.turbo', 'dist', 'coverage', 'generated']);

/** Every file and folder of the repository by its path from the root, without what is built, fetched or made. */
export function repositoryPaths(root: string = REPOSITORY): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter(({ name }) => !SKIPPED.has(name))
      .flatMap((entry) => {
        const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
        return entry.isDirectory() ? [path, ...below(path)] : [path];
      });
  return below('').sort();
}

/** The text of a file; undefined when there is none. */
export function readText(path: string, root: string = REPOSITORY): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
