import { setTimeout as wait } from 'node:timers/promises';

/** Resolves after `ms`, or as soon as the signal aborts. */
export async function waitOrAbort(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await wait(ms, undefined, { signal }).catch(() => undefined);
}
