import { createLifecycle } from '@anika/runtime/lifecycle';
import { createLogger } from '@anika/runtime/logger';
import type { ProcessReport } from '@anika/stores/mongo/process-document';
import { expect, it } from 'vitest';
import { startReports } from './report-process.ts';

const logger = createLogger({ name: 'test', level: 'silent' });

it('a process reports itself at once, and is gone when it ends, after the report that is under way', async () => {
  const there = new Map<string, ProcessReport>();
  let finish = () => {};
  const written = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const store = {
    async report(one: ProcessReport) {
      await written;
      there.set(one.id, one);
    },
    async remove(id: string) {
      there.delete(id);
    },
  };
  const lifecycle = createLifecycle(logger);
  const program = { program: 'dispatcher', retrySchedule: [0, 1000] } as const;
  startReports(program, { store, clock: { now: () => 5000 }, logger }, lifecycle);
  const closed = lifecycle.close();
  finish();
  await closed;
  expect(there.size).toBe(0);
});

it('says which program it is, since when, and how it does', async () => {
  const lifecycle = createLifecycle(logger);
  const reported = new Promise<ProcessReport>((resolve) => {
    const store = { report: async (one: ProcessReport) => resolve(one), remove: async () => {} };
    startReports({ program: 'api' }, { store, clock: { now: () => 5000 }, logger }, lifecycle);
  });
  const facts = { program: 'api', pid: process.pid, startedAtMs: 5000, seenAtMs: 5000 };
  expect(await reported).toMatchObject(facts);
  expect((await reported).memoryBytes).toBeGreaterThan(0);
  await lifecycle.close();
});
