import { setTimeout as wait } from 'node:timers/promises';
import { seconds, type Text } from '../language.ts';
import { NotHeld } from './check.ts';
import { CHECKS } from './texts.ts';

const DEFAULT_EVERY_MS = 40;

/** Asks until there is an answer. @throws NotHeld when there is none in time */
export async function until<T>(
  claim: Text,
  look: () => Promise<T | undefined> | T | undefined,
  options: { timeoutMs: number; everyMs?: number; signal: AbortSignal },
): Promise<T> {
  const deadline = Date.now() + options.timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) {
      const expected = CHECKS.within(seconds(options.timeoutMs));
      throw new NotHeld(claim, { expected, came: CHECKS.notHappened });
    }
    await wait(options.everyMs ?? DEFAULT_EVERY_MS, undefined, { signal: options.signal });
  }
}
