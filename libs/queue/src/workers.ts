import { setMaxListeners } from 'node:events';
import { TIMING } from '@anika/core/delivery/timing';
import type { Logger } from '@anika/runtime/logger';
import { DelayedError, type Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { brakeOnErrors } from './brake-on-errors.ts';
import { type MaintenanceJob, QUEUE_NAMES } from './queues.ts';

/** What becomes of a job once its use case has run: it is finished, or it comes back at a time. */
export type JobOutcome = { readonly kind: 'done' } | { readonly kind: 'again'; readonly atMs: number };

export type JobRun = {
  /** Aborts when the process is asked to stop: what has not begun is left to others. */
  readonly closing: AbortSignal;
  /** Aborts when the process must not wait for its jobs any longer. */
  readonly signal: AbortSignal;
  /** No worker has begun this job before. */
  readonly isFirst: boolean;
};

export type WorkerOptions = {
  readonly connection: Redis;
  readonly prefix: string;
  readonly concurrency: number;
  readonly logger: Logger;
};

export type RunningWorker = {
  /** Takes no more jobs; resolves when those under way are finished, or after the deadline. */
  close(deadlineMs: number): Promise<void>;
};

/** A killed worker's jobs are taken up by another after lock + check, however often that happens. */
const LOCK = {
  lockDuration: TIMING.jobLockMs,
  stalledInterval: TIMING.jobStalledMs,
  maxStalledCount: 1_000_000,
} as const;

export function startDeliverWorker(
  handle: (data: unknown, run: JobRun) => Promise<JobOutcome>,
  options: WorkerOptions,
): RunningWorker {
  const closing = new AbortController();
  const abort = new AbortController();
  // Every delivery under way listens to it.
  setMaxListeners(0, abort.signal);
  const worker = new Worker<unknown>(
    QUEUE_NAMES.deliver,
    async (job, token) => {
      const outcome = await runJob(job, () => handle(job.data, runOf(job)), options.logger);
      if (outcome.kind === 'done') return;
      await job.moveToDelayed(outcome.atMs, token);
      throw new DelayedError();
    },
    {
      ...LOCK,
      connection: options.connection,
      prefix: options.prefix,
      concurrency: options.concurrency,
    },
  );
  function runOf(job: Job): JobRun {
    const isFirst = job.attemptsStarted <= 1 && job.stalledCounter === 0;
    return { closing: closing.signal, signal: abort.signal, isFirst };
  }
  const { close } = running(worker, abort, options.logger);
  return {
    close(deadlineMs) {
      closing.abort();
      return close(deadlineMs);
    },
  };
}

export function startMaintenanceWorker(
  handle: (name: string) => Promise<void>,
  options: Omit<WorkerOptions, 'concurrency'>,
): RunningWorker {
  const worker = new Worker<MaintenanceJob>(QUEUE_NAMES.maintenance, (job) => handle(job.name), {
    ...LOCK,
    connection: options.connection,
    prefix: options.prefix,
    // Deleting what has expired may take minutes: the sweep does not wait for it.
    concurrency: 2,
  });
  return running(worker, new AbortController(), options.logger);
}

async function runJob(job: Job, work: () => Promise<JobOutcome>, logger: Logger): Promise<JobOutcome> {
  try {
    return await work();
  } catch (error) {
    logger.error({ jobId: job.id, queue: job.queueName, err: error }, 'job failed, it comes back');
    return { kind: 'again', atMs: Date.now() + TIMING.afterErrorMs };
  }
}

function running(worker: Worker, abort: AbortController, logger: Logger): RunningWorker {
  const stopBraking = brakeOnErrors(worker, logger);
  worker.on('failed', (job, error) =>
    logger.error({ jobId: job?.id, queue: worker.name, err: error }, 'job failed'),
  );
  return {
    async close(deadlineMs) {
      stopBraking();
      const timer = setTimeout(() => abort.abort(), deadlineMs);
      const forced = new Promise<void>((resolve) => {
        abort.signal.addEventListener('abort', () => setTimeout(resolve, 500));
      });
      await Promise.race([worker.close(), forced]);
      clearTimeout(timer);
      if (abort.signal.aborted) await worker.close(true);
    },
  };
}
