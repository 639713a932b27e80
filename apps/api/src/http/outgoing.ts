import type { ServerResponse } from 'node:http';
import { Failure } from '@anika/core/failures';

/** What the system's own buffers take at once is not counted. */
const COUNTED_FROM = 16_384;
/** What an answer counts for that is made as it is read. */
export const STREAM_BYTES = 1_048_576;

/** Both throw `rate-limited`. */
export type Outgoing = {
  /** Counts the bytes of an answer that is about to be sent, in place of what was reserved for it. */
  hold(who: string, bytes: number, res: ServerResponse): void;
  /**
   * Counts the first parts of an answer before something is done that is lost where it cannot be sent: as many as may
   * be under way. Returns how many, at least one.
   */
  reserve(who: string, parts: readonly number[], res: ServerResponse): number;
};

/**
 * Answers are in memory until their client has taken them, and a client may ask for many and read none: so many bytes
 * may be on their way to one company. An answer larger than that goes out alone.
 */
export function createOutgoing(maxBytes: number): Outgoing {
  const underWay = new Map<string, number>();
  const held = new WeakMap<ServerResponse, number>();

  function release(who: string, bytes: number): void {
    const left = (underWay.get(who) ?? 0) - bytes;
    if (left > 0) underWay.set(who, left);
    else underWay.delete(who);
  }

  function keep(who: string, bytes: number, res: ServerResponse): void {
    if (bytes < COUNTED_FROM) return;
    underWay.set(who, (underWay.get(who) ?? 0) + bytes);
    if (!held.has(res)) res.once('close', () => give(who, res));
    held.set(res, bytes);
  }

  /** What is counted for an answer counts no more. */
  function give(who: string, res: ServerResponse): number {
    const bytes = held.get(res);
    if (bytes === undefined) return 0;
    release(who, bytes);
    held.set(res, 0);
    return bytes;
  }

  return {
    hold(who, bytes, res) {
      const reserved = give(who, res);
      const others = underWay.get(who) ?? 0;
      if (bytes >= COUNTED_FROM && bytes > reserved && others > 0 && others + bytes > maxBytes) {
        throw readFirst(others, bytes, maxBytes);
      }
      keep(who, bytes, res);
    },
    reserve(who, parts, res) {
      give(who, res);
      const others = underWay.get(who) ?? 0;
      const room = others === 0 ? Number.POSITIVE_INFINITY : Math.max(maxBytes - others, COUNTED_FROM - 1);
      let count = 0;
      let bytes = 0;
      for (const part of parts) {
        if (bytes + part > room) break;
        bytes += part;
        count += 1;
      }
      if (count === 0) throw readFirst(others, parts[0] ?? 0, maxBytes);
      keep(who, bytes, res);
      return count;
    },
  };
}

function readFirst(others: number, bytes: number, maxBytes: number): Failure {
  return new Failure(
    'rate-limited',
    `Read your answers first: ${others} bytes are on their way to you, this one has ${bytes}, and at most ${maxBytes} may be`,
    { retryAfterSeconds: 1 },
  );
}
