import type { AttemptResult } from '@anika/core/attempt-result';
import { Agent, type Dispatcher } from 'undici';
import { classifyError, messageOf } from './classify-error.ts';
import { createConnector, type Resolve } from './connect.ts';
import type { EgressGuard } from './guard-address.ts';

/** Of an answer this much is read, and this much kept. */
const READ_MAX_BYTES = 16 * 1024;
const KEPT_BYTES = 4 * 1024;
const HEADERS_MAX_BYTES = 16 * 1024;
const IDLE_MS = 10_000;

export type SendRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** For everything: name, connection, headers and body. */
  readonly timeoutMs: number;
  /** Interrupts the request; its result is then an error of class `aborted`. */
  readonly signal?: AbortSignal;
};

export type Sender = {
  /** Never rejects: whatever comes of it is the result. Redirects are not followed. */
  send(request: SendRequest): Promise<AttemptResult>;
  close(): Promise<void>;
};

export type SenderOptions = {
  readonly guard: EgressGuard;
  readonly connectionsPerOrigin?: number;
  readonly resolve?: Resolve;
};

/** POSTs to endpoints over kept-alive connections, bounded in time, size and where they lead. */
export function createSender(options: SenderOptions): Sender {
  const agent = new Agent({
    connect: createConnector(options.guard, options.resolve),
    connections: options.connectionsPerOrigin ?? 256,
    pipelining: 1,
    keepAliveTimeout: IDLE_MS,
    keepAliveMaxTimeout: IDLE_MS,
    maxHeaderSize: HEADERS_MAX_BYTES,
    // One clock for all phases, below: these would restart with every byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    send: (request) => send(request, { agent, guard: options.guard }),
    close: () => agent.destroy(),
  };
}

type Context = { readonly agent: Agent; readonly guard: EgressGuard };

async function send(request: SendRequest, { agent, guard }: Context): Promise<AttemptResult> {
  const startedAt = performance.now();
  const durationMs = () => Math.round((performance.now() - startedAt) * 10) / 10;
  // The rules may have become stricter since the subscription was made.
  const checked = guard.checkUrl(request.url);
  if (!checked.ok) {
    return {
      kind: 'error',
      errorClass: 'blocked',
      message: `not sent: ${checked.reason}`,
      durationMs: durationMs(),
    };
  }
  const interruption = interruptionOf(request);
  try {
    const exchanged = exchange(checked.url, { request, agent, signal: interruption.signal });
    // undici heeds the signal only once it is connected.
    const answer = await Promise.race([exchanged, interruption.reached]);
    return { kind: 'response', ...answer, durationMs: durationMs() };
  } catch (error) {
    const { aborted, reason } = interruption.signal;
    if (aborted && (reason === 'timeout' || reason === 'aborted')) {
      return { kind: 'error', errorClass: reason, message: messageOf(reason), durationMs: durationMs() };
    }
    return { kind: 'error', ...classifyError(error), durationMs: durationMs() };
  } finally {
    interruption.clear();
  }
}

/** The one clock of a request, and the caller's signal: `reached` rejects when either ends it. */
function interruptionOf({ timeoutMs, signal }: SendRequest) {
  const end = new AbortController();
  const reached = new Promise<never>((_resolve, reject) => {
    end.signal.addEventListener('abort', () => reject(end.signal.reason), { once: true });
  });
  const stop = () => end.abort('aborted');
  signal?.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => end.abort('timeout'), timeoutMs).unref();
  if (signal?.aborted) stop();
  return {
    signal: end.signal,
    reached,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    },
  };
}

type Exchange = { readonly request: SendRequest; readonly agent: Agent; readonly signal: AbortSignal };

async function exchange(url: URL, { request, agent, signal }: Exchange) {
  const { statusCode, headers, body } = await agent.request({
    origin: url.origin,
    path: url.pathname + url.search,
    method: 'POST',
    headers: { ...request.headers, 'accept-encoding': 'identity' },
    body: request.body,
    signal,
  });
  const bodyStart = await readStart(body);
  const retryAfter = headers['retry-after'];
  return {
    status: statusCode,
    retryAfter: Array.isArray(retryAfter) ? retryAfter[0] : retryAfter,
    bodyStart,
  };
}

/** Short bodies are read to their end, so that the connection can be used again; longer ones cost it. */
async function readStart(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    const piece: Buffer = Buffer.from(chunk);
    chunks.push(piece);
    bytes += piece.length;
    if (bytes >= READ_MAX_BYTES) break; // ends the loop and destroys the body
  }
  // NUL has no place in stored text.
  return Buffer.concat(chunks).subarray(0, KEPT_BYTES).toString('utf8').replaceAll('\u0000', '\ufffd');
}
