import { setTimeout as wait } from 'node:timers/promises';
import { NotHeld } from './check.ts';

const DEFAULT_EVERY_MS = 40;

/** Asks until there is an answer. @throws NotHeld when there is none in time */
export async function until<T>(
  claim: string,
  look: () => Promise<T | undefined> | T | undefined,
  options: { timeoutMs: number; everyMs?: number; signal: AbortSignal },
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      throw new NotHeld(claim, {
        expected: `в течение ${options.timeoutMs / 1000} с`,
        came: 'этого не произошло',
      });
    }
    await wait(options.everyMs ?? DEFAULT_EVERY_MS, undefined, { signal: options.signal });
  }
}
