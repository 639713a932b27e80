import { setTimeout as wait } from 'node:timers/promises';

export interface EventuallyOptions {
  /** Default 20,000: only who waits in vain waits as long. */
  readonly timeoutMs?: number;
  /** Default 20. */
  readonly everyMs?: number;
}

/**
 * Repeats the check until it neither throws nor gives `undefined` or `false`, and returns what it gave.
 * @throws Error with the message of the last failure, which is also its `cause`, when the time is up
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { timeoutMs = 20_000, everyMs = 20 }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const outcome = await tryOnce(check);
    if ('value' in outcome) return outcome.value;
    if (Date.now() >= deadline) {
      throw new Error(`Not within ${timeoutMs} ms: ${outcome.reason}`, { cause: outcome.cause });
    }
    await wait(everyMs);
  }
}

type Outcome<T> = { readonly value: T } | { readonly reason: string; readonly cause?: unknown };

async function tryOnce<T>(check: () => T | Promise<T>): Promise<Outcome<Exclude<T, undefined | false>>> {
  try {
    const value = await check();
    if (value === undefined || value === false) return { reason: `the check gave ${value}` };
    return { value: value as Exclude<T, undefined | false> };
  } catch (cause) {
    return { reason: cause instanceof Error ? cause.message : String(cause), cause };
  }
}
