import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@anika/testkit/eventually';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inEnglish } from './language.ts';
import { createSupervisor, type ProcessPlan, StillStarting, type Supervisor } from './supervise.ts';

describe('createSupervisor()', () => {
  let home = '';
  let supervisor: Supervisor;
  let said: string[] = [];
  let pids: number[] = [];

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'anika-supervise-'));
    said = [];
    pids = [];
    supervisor = await createSupervisor({
      home,
      say: inEnglish((line) => said.push(line)),
      onPid: (_name, pid) => pids.push(pid),
    });
  });
  afterEach(async () => {
    await supervisor.stopAll();
    await rm(home, { recursive: true });
  });

  function plan(script: string, ready: () => Promise<void> = async () => undefined): ProcessPlan {
    return {
      name: 'worker',
      command: process.execPath,
      args: ['-e', script],
      program: 'node',
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 200,
      readyTimeoutMs: 5_000,
      probe: ready,
    };
  }

  it('starts again what was killed, and says so with the new pid', async () => {
    const worker = await supervisor.keep(plan('setInterval(() => {}, 1000)'));
    const first = worker.pid();
    process.kill(first, 'SIGKILL');
    await eventually(() => said.length > 0);
    expect(worker.pid()).not.toBe(first);
    expect(pids).toEqual([first, worker.pid()]);
    expect(said).toEqual([
      `worker (pid ${first}) was ended by SIGKILL: started again as pid ${worker.pid()}`,
    ]);
  });

  it('waits on for what says that it needs longer, and says so once', async () => {
    const startedMs = Date.now();
    const slow = plan('setInterval(() => {}, 1000)', async () => {
      const afterMs = Date.now() - startedMs;
      if (afterMs < 500) throw new StillStarting({ ru: 'строит', en: 'it is making something' });
      if (afterMs < 600) throw new Error('not yet');
    });
    await supervisor.keep({ ...slow, readyTimeoutMs: 300 });
    expect(said).toEqual(['it is making something']);
  });

  it('ends for good what does not end when asked to', async () => {
    const worker = await supervisor.keep(
      plan('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'),
    );
    await supervisor.stopAll();
    expect(() => process.kill(worker.pid(), 0)).toThrow('ESRCH');
    expect(said).toEqual([]);
  });

  it('says why a process ended before it was ready', async () => {
    const never = () => Promise.reject(new Error('not yet'));
    await expect(
      supervisor.keep(plan('console.error("no settings"); process.exit(4)', never)),
    ).rejects.toThrow(/worker ended with code 4 while starting \(.*worker\.log\): no settings/);
  });
});
