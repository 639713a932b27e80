import { Worker } from 'node:worker_threads';
import { BatcherFullError } from './batcher.ts';
import type { WorkerAnswer } from './worker-tasks.ts';

/** A task took longer than it may, or more memory: the worker that had it was ended. */
export class TaskEndedError extends Error {
  override readonly name = 'TaskEndedError';
}

export type PoolOptions = {
  /** Of the worker's program, which calls `serveTasks`. */
  readonly file: URL;
  readonly size: number;
  /** For one task; the start of a worker does not count. */
  readonly taskMs: number;
  /** Of tasks of one share that wait. */
  readonly maxWaiting: number;
  readonly maxMemoryMb: number;
};

export type WorkerPool<T, R> = {
  /** Shares take turns, however many tasks each has. Rejects with TaskEndedError or, when too many wait, BatcherFullError. */
  run(task: T, share: string): Promise<R>;
  close(): Promise<void>;
};

type Job<T, R> = {
  readonly task: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
};

const START_MS = 30_000;

/** A few threads for work whose time others choose: one that is late is ended, and nobody else waits for it. */
export function createWorkerPool<T, R>(options: PoolOptions): WorkerPool<T, R> {
  const waiting = new Map<string, Job<T, R>[]>();
  const all = new Set<Worker>();
  let idle: Worker[] = [];
  let busy = 0;

  /** The first of whose turn it is; then it is the next one's. */
  function nextJob(): Job<T, R> | undefined {
    const [first] = waiting;
    if (first === undefined) return undefined;
    const [share, jobs] = first;
    const job = jobs.shift();
    waiting.delete(share);
    if (jobs.length > 0) waiting.set(share, jobs);
    return job;
  }

  function start(): Worker {
    const worker = new Worker(options.file, {
      resourceLimits: { maxOldGenerationSizeMb: options.maxMemoryMb },
    });
    worker.unref();
    // Also where nobody asks it just then: an error without a listener would be everybody's end.
    worker.on('error', () => undefined);
    all.add(worker);
    worker.once('exit', () => {
      all.delete(worker);
      idle = idle.filter((one) => one !== worker);
    });
    return worker;
  }

  async function readyWorker(): Promise<Worker> {
    const present = idle.pop();
    if (present !== undefined) return present;
    const worker = start();
    await answerOf<R>(worker, START_MS).catch(async (error: unknown) => {
      await worker.terminate();
      throw error;
    });
    return worker;
  }

  async function perform({ task, resolve, reject }: Job<T, R>): Promise<void> {
    let worker: Worker | undefined;
    try {
      worker = await readyWorker();
      worker.postMessage(task);
      const answer = await answerOf<R>(worker, options.taskMs);
      idle.push(worker);
      if ('result' in answer) resolve(answer.result);
      else reject(new Error('failed' in answer ? answer.failed : 'a worker said twice that it is ready'));
    } catch (error) {
      await worker?.terminate();
      reject(error);
    }
  }

  function work(): void {
    while (busy < options.size) {
      const job = nextJob();
      if (job === undefined) return;
      busy += 1;
      void perform(job).finally(() => {
        busy -= 1;
        work();
      });
    }
  }

  return {
    run(task, share) {
      const jobs = waiting.get(share) ?? [];
      if (jobs.length >= options.maxWaiting)
        return Promise.reject(new BatcherFullError('The queue of checks'));
      return new Promise<R>((resolve, reject) => {
        jobs.push({ task, resolve, reject });
        waiting.set(share, jobs);
        work();
      });
    },
    async close() {
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

function answerOf<R>(worker: Worker, ms: number): Promise<WorkerAnswer<R>> {
  return new Promise((resolve, reject) => {
    const ended = (why: string) => () => done(() => reject(new TaskEndedError(why)));
    const timer = setTimeout(ended(`it took more than ${ms} ms`), ms);
    const onMessage = (answer: WorkerAnswer<R>) => done(() => resolve(answer));
    const onEnd = ended('its worker has ended');
    worker.once('message', onMessage);
    worker.once('error', onEnd);
    worker.once('exit', onEnd);
    function done(settle: () => void): void {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onEnd);
      worker.off('exit', onEnd);
      settle();
    }
  });
}
