import type { Logger } from '@anika/runtime/logger';
import type { Worker } from 'bullmq';

const WINDOW_MS = 1000;
/** So many errors within a second are no accident. */
const ERRORS_MAX = 3;
const BREAK_MS = 5000;

/**
 * Logs what goes wrong between a worker and Redis. BullMQ asks for the next job at once when Redis answers with an
 * error: a server that has changed into one that cannot be worked with would be asked, and logged, thousands of times
 * a second. After a few errors the worker takes no jobs for five seconds, and nothing is logged until then.
 * @returns ends it, for when the worker closes
 */
export function brakeOnErrors(
  worker: Pick<Worker, 'name' | 'on' | 'pause' | 'resume'>,
  logger: Pick<Logger, 'warn'>,
): () => void {
  let errors = 0;
  let sinceMs = 0;
  let release: NodeJS.Timeout | undefined;

  worker.on('error', (error) => {
    if (release !== undefined) return;
    const nowMs = Date.now();
    if (nowMs - sinceMs > WINDOW_MS) {
      errors = 0;
      sinceMs = nowMs;
    }
    errors += 1;
    if (errors < ERRORS_MAX) {
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
