import type { ServerResponse } from 'node:http';
import { Failure } from '@anika/core/failures';

/** What the system's own buffers take at once is not counted. */
const COUNTED_FROM = 16_384;
/** What an answer counts for that is made as it is read. */
export const STREAM_BYTES = 1_048_576;

/** Counts the bytes of an answer that is about to be sent; rejects with `rate-limited`. */
export type Outgoing = { hold(who: string, bytes: number, res: ServerResponse): void };

/**
 * Answers are in memory until their client has taken them, and a client may ask for many and read none: so many bytes
 * may be on their way to one company. An answer larger than that goes out alone.
 */
export function createOutgoing(maxBytes: number): Outgoing {
  const underWay = new Map<string, number>();

  function release(who: string, bytes: number): void {
    const left = (underWay.get(who) ?? 0) - bytes;
    if (left > 0) underWay.set(who, left);
    else underWay.delete(who);
  }

  return {
    hold(who, bytes, res) {
      if (bytes < COUNTED_FROM) return;
      const held = underWay.get(who) ?? 0;
      if (held > 0 && held + bytes > maxBytes) {
        throw new Failure(
          'rate-limited',
          `Read your answers first: ${held} bytes are on their way to you, this one has ${bytes}, and at most ${maxBytes} may be`,
          { retryAfterSeconds: 1 },
        );
      }
      underWay.set(who, held + bytes);
      res.once('close', () => release(who, bytes));
    },
  };
}
