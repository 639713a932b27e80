import { readServers } from '@anika/testkit/servers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Anika, startAnika } from '../tools/fuzz/anika.ts';
import { ROWS } from '../tools/fuzz/rows.ts';
import { openStage, type Stage } from '../tools/fuzz/stage.ts';

let anika: Anika;
let stage: Stage;

beforeAll(async () => {
  anika = await startAnika(readServers());
  stage = await openStage(anika);
});
afterAll(() => anika.stop());

// In their order: the last ones look at what the others have left.
it.each(ROWS.map((row) => [row.title, row] as const))('%s', async (_title, row) => {
  expect(await row.check(stage)).toEqual([]);
});
