import { setMaxListeners } from 'node:events';
import type { Logger } from './logger.ts';
import { waitOrAbort } from './wait.ts';

export type TickerOptions = {
  readonly everyMs: number;
  readonly logger: Logger;
  /** Default: at once. */
  readonly first?: 'at-once' | 'later';
};

/**
 * Does something at once and then again and again, never twice at a time, whatever it throws; the returned
 * function stops it, which aborts the signal of work under way. A failure is logged when it begins, not each time.
 */
export function startTicker(
  work: (signal: AbortSignal) => Promise<void>,
  options: TickerOptions,
): () => Promise<void> {
  const stop = new AbortController();
  // Every request under way listens to it.
  setMaxListeners(0, stop.signal);
  const loop = run();

  async function run(): Promise<void> {
    let failing = false;
    if (options.first === 'later') await waitOrAbort(options.everyMs, stop.signal);
    while (!stop.signal.aborted) {
      try {
        await work(stop.signal);
        failing = false;
      } catch (error) {
        if (!failing) options.logger.warn({ err: error }, 'a repeated task fails; it is tried again');
        failing = true;
      }
      await waitOrAbort(options.everyMs, stop.signal);
    }
  }

  return () => {
    stop.abort();
    return loop;
  };
}
