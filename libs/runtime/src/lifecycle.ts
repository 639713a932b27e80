import type { Logger } from './logger.ts';

export type Lifecycle = {
  /** What was opened last is closed first. */
  onClose(name: string, close: () => Promise<void>): void;
  /** Closes everything once; a part that fails to close does not keep the others open. */
  close(): Promise<void>;
};

export function createLifecycle(logger: Logger): Lifecycle {
  const parts: { name: string; close: () => Promise<void> }[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (const part of parts.reverse()) {
      try {
        await part.close();
      } catch (error) {
        logger.warn({ err: error, part: part.name }, 'did not close cleanly');
      }
    }
  }

  return {
    onClose: (name, close) => void parts.push({ name, close }),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

/**
 * Closes on SIGTERM and SIGINT and lets the event loop run empty. Should anything hold on longer than the
 * deadline, the process ends anyway: this is the only place that ends it.
 */
export function closeOnSignal(lifecycle: Lifecycle, options: { logger: Logger; deadlineMs: number }): void {
  const stop = (signal: NodeJS.Signals) => {
    options.logger.info({ signal }, 'stopping');
    setTimeout(() => {
      options.logger.error('did not stop in time');
      process.exit(1);
    }, options.deadlineMs).unref();
    void lifecycle.close().then(() => options.logger.info('stopped'));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}
