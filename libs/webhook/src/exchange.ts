import type { Agent, Dispatcher } from 'undici';

/** Of an answer this much is read, and this much kept. */
const READ_MAX_BYTES = 16 * 1024;
const KEPT_BYTES = 4 * 1024;

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
};

type Post = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * One POST on undici's lowest level: `request()` makes a stream and listens to a signal for each, which costs more
 * than all else here. Bodies of up to 16 KiB are read to their end, so that the connection can be used again;
 * longer ones cost it.
 */
export function exchange({ url, headers, body }: Post, agent: Agent): Exchange {
  let controller: Dispatcher.DispatchController | undefined;
  let interruption: Error | undefined;
  let settle: { resolve(answer: Answer): void; reject(error: unknown): void } | undefined;
  const answered = new Promise<Answer>((resolve, reject) => {
    settle = { resolve, reject };
  });
  let status = 0;
  let retryAfter: string | undefined;
  let bytes = 0;
  const chunks: Buffer[] = [];
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (interruption !== undefined) started.abort(interruption);
    },
    onResponseStart(_controller, statusCode, responseHeaders) {
      status = statusCode;
      const value = responseHeaders['retry-after'];
      retryAfter = Array.isArray(value) ? value[0] : value;
    },
    onResponseData(reading, chunk) {
      // undici's own buffer, which it uses again.
      chunks.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes < READ_MAX_BYTES) return;
      finish();
      reading.abort(new Error('enough of the answer has been read'));
    },
    onResponseEnd: finish,
    onResponseError: (_controller, error) => settle?.reject(error),
  };
  function finish(): void {
    settle?.resolve({ status, retryAfter, bodyStart: startOf(chunks) });
  }
  try {
    agent.dispatch(
      {
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: { ...headers, 'accept-encoding': 'identity' },
        body,
      },
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
  };
}

/** NUL has no place in stored text. */
function startOf(chunks: readonly Buffer[]): string {
  if (chunks.length === 0) return '';
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8').replaceAll('\u0000', '\ufffd');
}
