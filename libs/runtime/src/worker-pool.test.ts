import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { BatcherFullError } from './batcher.ts';
import { createWorkerPool, TaskEndedError, type WorkerPool } from './worker-pool.ts';

type Task = { readonly say?: string; readonly hang?: true; readonly fail?: true; readonly eat?: true };

let folder: string;
let pool: WorkerPool<Task, string> | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pool-'));
  const tasks = pathToFileURL(join(import.meta.dirname, 'worker-tasks.ts')).href;
  writeFileSync(
    join(folder, 'program.mjs'),
    `import { parentPort } from 'node:worker_threads';
    import { serveTasks } from ${JSON.stringify(tasks)};
    serveTasks(parentPort, ({ say, hang, fail, eat }) => {
      while (hang) {}
      if (fail) throw new RangeError('no');
      for (const all = []; eat; ) all.push({ n: all.length });
      return say;
    });`,
  );
});
afterEach(() => pool?.close());
afterAll(() => rm(folder, { recursive: true }));

function open(more: { size?: number; maxWaiting?: number; taskMs?: number } = {}) {
  const options = { size: 1, taskMs: 5000, maxWaiting: 100, maxMemoryMb: 32, ...more };
  pool = createWorkerPool({ file: pathToFileURL(join(folder, 'program.mjs')), ...options });
  return pool;
}

describe('createWorkerPool()', () => {
  it('gives each task its own result', async () => {
    const { run } = open({ size: 2 });
    const words = Array.from({ length: 20 }, (_, n) => `word ${n}`);
    expect(await Promise.all(words.map((say, n) => run({ say }, `share ${n % 3}`)))).toEqual(words);
  });

  it('ends a task that is late, and does the others', async () => {
    const { run } = open({ taskMs: 500 });
    const outcomes = await Promise.allSettled([
      run({ hang: true }, 'a'),
      run({ say: 'b' }, 'b'),
      run({ fail: true }, 'c'),
      run({ say: 'd' }, 'd'),
    ]);
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.name))).toEqual([
      'TaskEndedError',
      'b',
      'Error',
      'd',
    ]);
  });

  it('ends a task that takes too much memory, and does the next', async () => {
    const { run } = open();
    await expect(run({ eat: true }, 'a')).rejects.toThrow(TaskEndedError);
    expect(await run({ say: 'b' }, 'b')).toBe('b');
  });

  it('lets shares take turns, however many tasks each has', async () => {
    const { run } = open();
    const done: string[] = [];
    const all = ['a1', 'a2', 'a3', 'a4', 'b1', 'c1'].map((say) =>
      run({ say }, say.slice(0, 1)).then((word) => done.push(word)),
    );
    await Promise.all(all);
    expect(done).toEqual(['a1', 'a2', 'b1', 'c1', 'a3', 'a4']);
  });

  it('refuses more than may wait of one share, and no other', async () => {
    const { run } = open({ maxWaiting: 2 });
    const taken = ['1', '2', '3'].map((say) => run({ say }, 'a'));
    await expect(run({ say: '4' }, 'a')).rejects.toThrow(BatcherFullError);
    expect(await run({ say: '5' }, 'b')).toBe('5');
    await Promise.all(taken);
  });
});
