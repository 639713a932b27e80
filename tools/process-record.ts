import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { readJson } from './home.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

interface RecordedProcess extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

/** Which processes a home has started, so that the next run can end what a killed launcher left behind. */
export interface ProcessRecord {
  add(entry: { name: string; pid: number; program: string; stopSignal: NodeJS.Signals }): void;
  remove(pid: number): void;
}

const GRACE_MS = 5_000;

export async function openProcessRecord(home: string): Promise<ProcessRecord> {
  const path = join(home, 'processes.json');
  await endLeftovers(parseRecord(await readJson(path)));
  const entries = new Map<number, RecordedProcess>();
  // Written at once and without waiting: a launcher killed in the next instant must have it on disk.
  const save = () => writeFileSync(path, JSON.stringify([...entries.values()], null, 2), { mode: 0o600 });
  save();
  return {
    add({ name, pid, program, stopSignal }) {
      entries.set(pid, { ...identify(pid, program), name, stopSignal });
      save();
    },
    remove(pid) {
      entries.delete(pid);
      save();
    },
  };
}

// The order of starting; what was started last ends first.
async function endLeftovers(entries: readonly RecordedProcess[]): Promise<void> {
  for (const entry of entries.toReversed()) {
    if (!isRunning(entry)) continue;
    process.kill(entry.pid, entry.stopSignal);
    const deadline = Date.now() + GRACE_MS;
    while (isRunning(entry) && Date.now() < deadline) await wait(50);
    if (isRunning(entry)) process.kill(entry.pid, 'SIGKILL');
  }
}

function parseRecord(value: unknown): RecordedProcess[] {
  if (!Array.isArray(value)) return [];
  return value.filter(
    (entry) => Number.isInteger(entry?.pid) && typeof entry.program === 'string' && entry.program,
  );
}
