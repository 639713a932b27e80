import { Unavailable } from './unavailable.ts';

/**
 * Waits for a store's or peer's answer, but no longer than `ms`. What was asked may still happen: the caller
 * knows as little as after a lost answer.
 * @throws Unavailable when the time is up
 */
export async function within<T>(work: Promise<T>, limit: { ms: number; what: string }): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Unavailable(limit.what, { cause: new Error(`no answer within ${limit.ms} ms`) }));
    }, limit.ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
