import type { Phases } from '@anika/core/delivery/attempt-result';
import type { Dispatcher } from 'undici';
import { textOf } from './answer-text.ts';
import type { Connection } from './connection.ts';
import { phasesOf } from './phases.ts';

/** Of an answer this much is read. */
const READ_MAX_BYTES = 16 * 1024;
/** They end with their head, whatever it says of a length (RFC 9112 §6.3, RFC 9110 §15.3.6): the status decides. */
const WITHOUT_BODY = new Set([204, 205, 304]);

/** What came back, as far as it is kept. */
export type Answer = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly bodyStart: string;
};

export type Exchange = {
  /** Rejects with what undici or a socket threw, or with the reason of the interruption. */
  readonly answered: Promise<Answer>;
  /** Ends it at any point, also before it is connected. */
  interrupt(reason: Error): void;
  /** The answer was read to its end, and another request may follow on the connection. */
  isOver(): boolean;
  /** Its connection, used before, had been given up by the endpoint: nothing came back, or 408 (RFC 9110 §15.5.9). */
  foundItClosed(): boolean;
  /** How it went, up to now. */
  way(): { readonly phases: Phases; readonly address: string | undefined };
};

type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

/**
 * One POST on undici's lowest level: `request()` makes a stream and listens to a signal for each, which costs more
 * than all else here. Bodies of up to 16 KiB are read to their end, so that the connection can be used again;
 * longer ones cost it.
 */
export function exchange({ url, headers, body }: Post, connection: Connection): Exchange {
  let controller: Dispatcher.DispatchController | undefined;
  let interruption: Error | undefined;
  let isOver = false;
  let isReused = connection.isOpen();
  let isBegun = false;
  let begunAt: number | undefined;
  let headAt: number | undefined;
  let head: Head | undefined;
  let bytes = 0;
  const chunks: Buffer[] = [];
  let settle: { resolve(answer: Answer): void; reject(error: unknown): void } | undefined;
  const answered = new Promise<Answer>((resolve, reject) => {
    settle = { resolve, reject };
  });
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      isReused = connection.begin();
      isBegun = true;
      begunAt = performance.now();
      if (interruption !== undefined) started.abort(interruption);
    },
    onResponseStart(_controller, status, answerHeaders) {
      head = headOf(status, answerHeaders);
      headAt = performance.now();
      if (WITHOUT_BODY.has(status)) finish();
    },
    onResponseData(reading, chunk) {
      // undici's own buffer, which it uses again.
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes < READ_MAX_BYTES) return;
      finish();
      reading.abort(new Error('enough of the answer has been read'));
    },
    onResponseEnd() {
      isOver = head !== undefined && !(WITHOUT_BODY.has(head.status) && head.announcesBody);
      finish();
    },
    onResponseError: (_controller, error) => settle?.reject(error),
  };
  function finish(): void {
    if (head === undefined) return;
    const { status, retryAfter, contentType } = head;
    settle?.resolve({ status, retryAfter, bodyStart: textOf(chunks, contentType) });
  }
  try {
    connection.dispatch(
      { path: targetOf(url), method: 'POST', headers: { ...headers, 'accept-encoding': 'identity' }, body },
      handler,
    );
  } catch (error) {
    settle?.reject(error);
  }
  return {
    answered,
    interrupt(reason) {
      interruption = reason;
      settle?.reject(reason);
      controller?.abort(reason);
    },
    isOver: () => isOver,
    way() {
      const making = connection.making();
      const phases = phasesOf({
        making: isReused ? undefined : making,
        begunAt,
        headAt,
        hasBody: head !== undefined && !WITHOUT_BODY.has(head.status),
        endedAt: performance.now(),
      });
      return { phases, address: making?.address };
    },
    foundItClosed: () => isReused && (isGivenUp(head) || !(isBegun && connection.hasAnswered())),
  };
}

type Head = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly contentType: string | undefined;
  readonly announcesBody: boolean;
  readonly closes: boolean;
};

function isGivenUp(head: Head | undefined): boolean {
  return head?.status === 408 && head.closes;
}

function headOf(status: number, headers: Readonly<Record<string, string | string[] | undefined>>): Head {
  const first = (name: string) => [headers[name]].flat()[0];
  return {
    status,
    retryAfter: first('retry-after'),
    contentType: first('content-type'),
    announcesBody: (first('content-length') ?? '0') !== '0' || first('transfer-encoding') !== undefined,
    closes: /\bclose\b/i.test(first('connection') ?? ''),
  };
}

/** As it was written: `URL` drops the `?` of an empty query from `search`. */
function targetOf({ href, origin }: URL): string {
  return href.slice(origin.length).replace(/#.*/s, '');
}
