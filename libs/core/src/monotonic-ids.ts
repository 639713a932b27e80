import { type IdPrefix, type IdWith, newId } from './ids.ts';

const RANDOM_BYTES = 10;

/**
 * Ids that also sort within one millisecond, in the order they were made here (the monotonic ULID): the random
 * part counts up instead of being drawn again. `random` must be a cryptographic source of 10 bytes.
 */
export function createMonotonicIds<P extends IdPrefix>(
  prefix: P,
  random: () => Uint8Array,
): (nowMs: number) => IdWith<P> {
  let lastMs = -1;
  let last = new Uint8Array(RANDOM_BYTES);
  return (nowMs) => {
    // A clock that steps back must not make later ids sort before earlier ones.
    const atMs = Math.max(nowMs, lastMs);
    if (atMs > lastMs || !increment(last)) {
      last = Uint8Array.from(random().subarray(0, RANDOM_BYTES));
      // Room to count up.
      last[0] = (last[0] ?? 0) & 0x7f;
    }
    lastMs = atMs;
    return newId(prefix, atMs, last);
  };
}

/** Adds one to a big-endian number; false when it overflowed. */
function increment(bytes: Uint8Array): boolean {
  for (let i = bytes.length - 1; i >= 0; i -= 1) {
    const value = bytes[i] ?? 0;
    bytes[i] = (value + 1) & 0xff;
    if (value < 0xff) return true;
  }
  return false;
}
