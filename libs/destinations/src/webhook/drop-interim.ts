import type { Socket } from 'node:net';
import { InterimAnswersError } from './classify-error.ts';

/** What stands before the answer of one request, in all: as much as a head may have. */
const INTERIM_MAX_BYTES = 16 * 1024;
const FINAL_LENGTH = 'HTTP/1.1 200'.length;
const INTERIM = /^HTTP\/1\.[01] 1(?!01)\d\d$/;
const INTERIM_BEGINNINGS = ['HTTP/1.1 1', 'HTTP/1.0 1'];
const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

export type AnswerFilter = {
  /** A request is being written: what comes next is its answer. */
  expect(): void;
  /** Whether anything has come since. */
  hasBegun(): boolean;
};

/**
 * Takes interim answers (1xx but 101) out of what is read from a socket. A client must be able to read those that it
 * did not ask for (RFC 9110 §15.2), and undici, which reads by `socket.read()`, gives up the connection at a 100.
 */
export function dropInterim(socket: Socket): AnswerFilter {
  const readSocket: (size?: number) => Buffer | null = socket.read.bind(socket);
  /** What may be the head of an interim answer; undefined: the answer itself has begun. */
  let held: Buffer | undefined;
  let droppedBytes = 0;
  let hasBegun = false;

  function sift(chunk: Buffer): Buffer | undefined {
    let left = withoutLineBreaks(
      held === undefined || held.length === 0 ? chunk : Buffer.concat([held, chunk]),
    );
    while (mayBeInterim(left)) {
      const end = left.indexOf(HEAD_END);
      if (
        droppedBytes + left.length > INTERIM_MAX_BYTES &&
        (end < 0 || droppedBytes + end > INTERIM_MAX_BYTES)
      ) {
        socket.destroy(new InterimAnswersError('interim answers without end'));
        return undefined;
      }
      if (end < 0) {
        held = left;
        return undefined;
      }
      droppedBytes += end + HEAD_END.length;
      left = withoutLineBreaks(left.subarray(end + HEAD_END.length));
    }
    held = undefined;
    return left;
  }

  socket.read = (size?: number) => {
    for (;;) {
      const chunk = readSocket(size);
      if (chunk === null) return null;
      hasBegun = true;
      const passed = held === undefined ? chunk : sift(chunk);
      if (passed !== undefined) return passed;
    }
  };
  return {
    expect() {
      held = NOTHING;
      droppedBytes = 0;
      hasBegun = false;
    },
    hasBegun: () => hasBegun,
  };
}

/** Parsers pass over them where an answer may begin. */
function withoutLineBreaks(bytes: Buffer): Buffer {
  let at = 0;
  while (bytes[at] === 13 || bytes[at] === 10) at += 1;
  return bytes.subarray(at);
}

/** Too few bytes to tell may be one, and so may none. */
function mayBeInterim(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, FINAL_LENGTH);
  if (start.length === FINAL_LENGTH) return INTERIM.test(start);
  const compared = start.slice(0, 'HTTP/1.1 1'.length);
  return INTERIM_BEGINNINGS.some((beginning) => beginning.startsWith(compared));
}
