import type { ComponentType } from 'react';

export type Examples = {
  /** Of the file, which for a part of `src/ui` is the name of its file there. */
  readonly name: string;
  /** By the names that the file exports them under. */
  readonly states: Readonly<Record<string, ComponentType>>;
  /** What lies over the page is shown by itself. */
  readonly isAlone: boolean;
};

const ALONE = '.alone';
const FILES = import.meta.glob<Record<string, ComponentType>>('./examples/*.tsx', { eager: true });

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.tsx$/, '');
}

export const ALL_EXAMPLES: readonly Examples[] = Object.entries(FILES).map(([path, states]) => ({
  name: baseName(path).replace(ALONE, ''),
  states,
  isAlone: baseName(path).endsWith(ALONE),
}));

/** Parts of `src/ui` that nobody has written an example for. */
export function unshown(): readonly string[] {
  const shown = new Set(ALL_EXAMPLES.map(({ name }) => name));
  return Object.keys(import.meta.glob(['../src/ui/*.tsx', '!../src/ui/*.test.tsx']))
    .map(baseName)
    .filter((name) => !shown.has(name));
}
