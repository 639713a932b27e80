import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { VERSION } from '@anika/core/version';
import type { Lifecycle } from '@anika/runtime/lifecycle';
import type { Logger } from '@anika/runtime/logger';
import { createProcessFigures } from '@anika/runtime/process-figures';
import { startTicker } from '@anika/runtime/ticker';
import type { ProcessReport } from '@anika/stores/mongo/process-document';

export type ReportNeeds = {
  readonly store: {
    report(report: ProcessReport): Promise<void>;
    remove(id: string): Promise<void>;
  };
  readonly clock: { now(): number };
  readonly logger: Logger;
};

/** Three in a row may be lost before a process counts as silent. */
const EVERY_MS = 10_000;

/** This process says that it is there, and how it does, as long as it lives; then, that it is gone. */
export function startReports(
  program: Pick<ProcessReport, 'program' | 'retrySchedule'>,
  { store, clock, logger }: ReportNeeds,
  lifecycle: Lifecycle,
): void {
  const figures = createProcessFigures();
  const id = randomBytes(9).toString('base64url');
  const startedAtMs = clock.now();
  const self = { ...program, id, version: VERSION, host: hostname(), pid: process.pid, startedAtMs };
  const report = () => store.report({ ...self, seenAtMs: clock.now(), ...figures.read() });
  lifecycle.onClose('report of this process', async () => {
    figures.close();
    await store.remove(id);
  });
  // Stopped first: a report under way would bring back what was removed.
  lifecycle.onClose('reports', startTicker(report, { everyMs: EVERY_MS, logger }));
}
