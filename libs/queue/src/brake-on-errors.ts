import type { Logger } from '@anika/runtime/logger';
import type { Worker } from 'bullmq';

const WINDOW_MS = 1000;
/** So many errors within a second are no accident. */
const ERRORS_MAX = 3;
const BREAK_MS = 5000;

/**
 * Logs what goes wrong between a worker and Redis. BullMQ asks for the next job at once when Redis answers with an
 * error: a server that has changed into one that cannot be worked with would be asked, and logged, thousands of times
 * a second. After a few errors the worker takes no jobs for five seconds, and none of these is logged until then. What is
 * wrong with single jobs is no reason, and logged a few times a second: of a hundred requests that time out together some end while their locks are being
 * renewed, and nobody else is to wait for that.
 * @returns ends it, for when the worker closes
 */
export function brakeOnErrors(
  worker: Pick<Worker, 'name' | 'on' | 'pause' | 'resume'>,
  logger: Pick<Logger, 'warn'>,
): () => void {
  const ofQueue = createCount();
  const ofJobs = createCount();
  /** Errors that are still to be told of jobs whose locks were not renewed. */
  let notRenewed = 0;
  let release: NodeJS.Timeout | undefined;

  worker.on('lockRenewalFailed', (jobIds) => {
    notRenewed += jobIds.length;
  });
  worker.on('error', (error) => {
    if (notRenewed > 0 || isOfOneJob(error)) {
      notRenewed = Math.max(0, notRenewed - 1);
      if (ofJobs.add() <= ERRORS_MAX)
        logger.warn({ err: error, queue: worker.name }, 'lock of a job not renewed, or the job not there');
      return;
    }
    if (release !== undefined) return;
    if (ofQueue.add() < ERRORS_MAX) {
      logger.warn({ err: error, queue: worker.name }, 'queue connection');
      return;
    }
    logger.warn(
      { err: error, queue: worker.name, breakMs: BREAK_MS },
      'the queue fails; no jobs for a while',
    );
    const say = (failure: unknown) => logger.warn({ err: failure, queue: worker.name }, 'queue connection');
    // Those under way go on.
    worker.pause(true).catch(say);
    release = setTimeout(() => {
      release = undefined;
      worker.resume().catch(say);
    }, BREAK_MS);
    release.unref();
  });

  return () => clearTimeout(release);
}

/** How many there were within a second. */
function createCount() {
  let count = 0;
  let sinceMs = 0;
  return {
    add(): number {
      const nowMs = Date.now();
      if (nowMs - sinceMs > WINDOW_MS) {
        count = 0;
        sinceMs = nowMs;
      }
      count += 1;
      return count;
    },
  };
}

/** Redis has answered, about one job: its lock has lapsed, it is not there any more. BullMQ has numbers for that. */
function isOfOneJob(error: Error): boolean {
  return 'code' in error && typeof error.code === 'number';
}
