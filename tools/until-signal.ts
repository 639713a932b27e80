/**
 * Aborts at the first Ctrl-C, SIGTERM or SIGHUP. Later ones change nothing: a terminal and a wrapper may both
 * send theirs, and stopping has deadlines of its own.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => controller.abort(name));
  }
  return controller.signal;
}

/** Resolves when the signal aborts, and keeps the process alive until then. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 2 ** 30);
    const finish = () => {
      clearInterval(alive);
      resolve();
    };
    signal.addEventListener('abort', finish, { once: true });
  });
}
