import { expect, it } from 'vitest';
import { depsDifferences } from './deps-size.ts';

const source = (path: string, lines: number) => ({ path, text: 'x\n'.repeat(lines) });

it('a file of composition with more than 60 lines is one difference, named with its lines', () => {
  const found = depsDifferences([source('apps/api/src/deps-a.ts', 60), source('apps/api/src/deps-b.ts', 61)]);
  expect(found).toEqual([expect.stringContaining('apps/api/src/deps-b.ts: has 61 lines')]);
});
