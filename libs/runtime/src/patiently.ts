import { setTimeout as wait } from 'node:timers/promises';
import { Unavailable } from './unavailable.ts';

const PATIENCE_MS = 10_000;
const AGAIN_MS = 500;

/**
 * Does it again while a store is away, for ten seconds: who starts together with its stores, or beside much other work,
 * need not be started twice. Any other error is thrown at once.
 */
export async function patiently<T>(work: () => Promise<T>, patienceMs: number = PATIENCE_MS): Promise<T> {
  const giveUpMs = performance.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unavailable) || performance.now() > giveUpMs) throw error;
      await wait(AGAIN_MS);
    }
  }
}
