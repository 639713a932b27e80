import { performance } from 'node:perf_hooks';
import { reasonOf } from '../explained-error.ts';
import type { Anika } from './anika.ts';
import { ACCOUNT_ROWS } from './rows-accounts.ts';
import { AFTER_END_ROWS } from './rows-after-end.ts';
import { FOREIGN_ROWS } from './rows-foreign.ts';
import { INTACT_ROWS } from './rows-intact.ts';
import { openStage, type Stage, type StatefulRow } from './stage.ts';

export const ROWS: readonly StatefulRow[] = [
  ...FOREIGN_ROWS,
  ...ACCOUNT_ROWS,
  ...AFTER_END_ROWS,
  ...INTACT_ROWS,
];

export type RowResult = {
  readonly title: string;
  readonly seconds: number;
  readonly findings: readonly string[];
};

/** All rows in their order, on two new companies. */
export async function runRows(anika: Anika, onRow: (row: RowResult) => void): Promise<readonly RowResult[]> {
  const stage = await openStage(anika);
  const results: RowResult[] = [];
  for (const row of ROWS) {
    const startedAt = performance.now();
    const findings = await findingsOf(row, stage);
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
    results.push({ title: row.title, seconds, findings });
    onRow({ title: row.title, seconds, findings });
  }
  return results;
}

async function findingsOf(row: StatefulRow, stage: Stage): Promise<readonly string[]> {
  try {
    return await row.check(stage);
  } catch (error) {
    return [`could not be checked: ${reasonOf(error)}`];
  }
}
