import type { AttemptResult } from '@anika/core/attempt-result';
import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import { classifyError, messageOf } from './classify-error.ts';
import { createConnector, type Resolve } from './connect.ts';
import { exchange } from './exchange.ts';
import type { CheckedUrl, EgressGuard } from './guard-address.ts';

const HEADERS_MAX_BYTES = 16 * 1024;
const IDLE_MS = 10_000;
/** URLs whose check is remembered: it depends on the URL and the rules of this process only. */
const CHECKED_MAX = 5000;

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
  const checked = new LRUCache<string, CheckedUrl>({ max: CHECKED_MAX });
  const checkUrl = (url: string): CheckedUrl => {
    const known = checked.get(url);
    if (known !== undefined) return known;
    const fresh = options.guard.checkUrl(url);
    checked.set(url, fresh);
    return fresh;
  };
  return {
    send: (request) => send(request, { agent, checkUrl }),
    close: () => agent.destroy(),
  };
}

type Context = { readonly agent: Agent; readonly checkUrl: (url: string) => CheckedUrl };

async function send(request: SendRequest, { agent, checkUrl }: Context): Promise<AttemptResult> {
  const startedAt = performance.now();
  const durationMs = () => Math.round((performance.now() - startedAt) * 10) / 10;
  // The rules may have become stricter since the subscription was made.
  const checked = checkUrl(request.url);
  if (!checked.ok) {
    return {
      kind: 'error',
      errorClass: 'blocked',
      message: `not sent: ${checked.reason}`,
      durationMs: durationMs(),
    };
  }
  const { answered, interrupt } = exchange({ ...request, url: checked.url }, agent);
  const stop = () => interrupt(new Interruption('aborted'));
  const timer = setTimeout(() => interrupt(new Interruption('timeout')), request.timeoutMs).unref();
  request.signal?.addEventListener('abort', stop, { once: true });
  if (request.signal?.aborted) stop();
  try {
    return { kind: 'response', ...(await answered), durationMs: durationMs() };
  } catch (error) {
    if (!(error instanceof Interruption)) {
      return { kind: 'error', ...classifyError(error), durationMs: durationMs() };
    }
    const { errorClass } = error;
    return { kind: 'error', errorClass, message: messageOf(errorClass), durationMs: durationMs() };
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', stop);
  }
}

/** The one clock of a request, or its caller, ended it. */
class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly errorClass: 'timeout' | 'aborted';

  constructor(errorClass: 'timeout' | 'aborted') {
    super(`the request was ended: ${errorClass}`);
    this.errorClass = errorClass;
  }
}
