import { setTimeout as wait } from 'node:timers/promises';

/**
 * Resolves when the clock is past this time: for what must not have happened by then, of which nothing else tells, and
 * for what depends on the time alone. What is to happen is awaited with `eventually` instead.
 */
export async function until(atMs: number): Promise<void> {
  // A timer may be early by a part of a millisecond.
  while (Date.now() <= atMs) await wait(atMs - Date.now() + 1);
}
