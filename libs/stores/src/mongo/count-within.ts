import { Failure } from '@anika/core/failures';
import { MongoError } from 'mongodb';

/** What a count may take in the store. */
export const COUNT_MS = 8000;
const TOO_LONG = 50;

/** The server gave up an operation after the time it was given. */
export function isTooLong(error: unknown): boolean {
  return error instanceof MongoError && error.code === TOO_LONG;
}

/** Too much to be counted is said, with what to do about it. */
export async function countingWithin<R>(count: () => Promise<R>): Promise<R> {
  try {
    return await count();
  } catch (error) {
    if (!isTooLong(error)) throw error;
    const detail = 'There is more in this time than can be counted at once: ask for a shorter time';
    throw new Failure('too-many-deliveries', detail, { cause: error });
  }
}
