import { isIP } from 'node:net';
import type { AttemptResult, SendResult } from '@anika/core/delivery/attempt-result';
import { LRUCache } from 'lru-cache';
import type { Resolve } from './ask-dns.ts';
import { classifyError, Interruption, messageOf } from './classify-error.ts';
import { bareHost, createConnectors, NoLookupPlaceError } from './connect.ts';
import type { Connection } from './connection.ts';
import { type ConnectionLimits, type Connections, createConnections } from './connections.ts';
import { type Answer, type Exchange, exchange } from './exchange.ts';
import { type CheckedUrl, type EgressGuard, portOf } from './guard-address.ts';
import { createNames, type Names } from './names.ts';

/** URLs whose check is remembered: it depends on the URL and the rules of this process only. */
const CHECKED_MAX = 5000;

export type SendRequest = {
  /** The company for which it is sent: it waits for nobody's places but its own. */
  readonly partnerId: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** For everything: name, connection, headers and body; not for waiting for a place of ours. */
  readonly timeoutMs: number;
  /** Interrupts the request; its result is then an error of class `aborted`. */
  readonly signal?: AbortSignal;
};

export type Sender = {
  /** Never rejects: whatever comes of it is the result. Redirects are not followed. */
  send(request: SendRequest): Promise<SendResult>;
  close(): Promise<void>;
};

export type SenderOptions = ConnectionLimits & {
  readonly guard: EgressGuard;
  readonly resolve?: Resolve;
};

/** POSTs to endpoints over kept-alive connections, bounded in time, size, number and where they lead. */
export function createSender(options: SenderOptions): Sender {
  const { guard, resolve } = options;
  const names = createNames({ resolve });
  const connections = createConnections(createConnectors({ guard, names }), options);
  const closing = new AbortController();
  const checked = new LRUCache<string, CheckedUrl>({ max: CHECKED_MAX });
  const checkUrl = (url: string): CheckedUrl => {
    const known = checked.get(url);
    if (known !== undefined) return known;
    const fresh = guard.checkUrl(url);
    checked.set(url, fresh);
    return fresh;
  };
  const context = { guard, names, connections, closing: closing.signal };
  return {
    async send(request) {
      // The rules may have become stricter since the subscription was made.
      const found = checkUrl(request.url);
      if (found.ok) return send({ ...request, url: found.url }, context);
      return { kind: 'error', errorClass: 'blocked', message: `not sent: ${found.reason}`, durationMs: 0 };
    },
    async close() {
      closing.abort();
      connections.close();
    },
  };
}

type Context = {
  readonly guard: EgressGuard;
  readonly names: Names;
  readonly connections: Connections;
  readonly closing: AbortSignal;
};
type CheckedRequest = Omit<SendRequest, 'url'> & { readonly url: URL };
/** The connection that a request uses; another, when the first turned out to be closed. */
type Place = { connection: Connection; isUsable: boolean };

/** Waits for what is ours to give, and only then begins the attempt. */
async function send(request: CheckedRequest, context: Context): Promise<SendResult> {
  const { connections, closing } = context;
  const askedAt = performance.now();
  const { partnerId, url, signal } = request;
  const connection = await connections.take({ partnerId, origin: url.origin }, signal);
  if (connection === undefined) return signal?.aborted ? aborted() : notSent(askedAt);
  const place: Place = { connection, isUsable: false };
  try {
    if (closing.aborted || signal?.aborted) return aborted();
    if (!(await mayLookUp(connection, request, context))) return notSent(askedAt);
    return await attempt(request, place, context);
  } catch (error) {
    // An idle connection was closed meanwhile, and its name is not known any more.
    if (error instanceof NoLookupPlaceError) return notSent(askedAt);
    throw error;
  } finally {
    connections.give(place.connection, place.isUsable);
  }
}

/** Whether the name of a new connection is known, or its look-up has begun. */
async function mayLookUp(
  connection: Connection,
  { partnerId, url, signal }: CheckedRequest,
  { guard, names }: Context,
): Promise<boolean> {
  const hostname = bareHost(url.hostname);
  if (connection.isOpen() || isIP(hostname) !== 0) return true;
  const isExempt = guard.isExempt(hostname, portOf(url));
  return (await names.begin({ hostname, partnerId, isExempt, signal })) !== undefined;
}

/** From here on the endpoint's time runs. */
async function attempt(request: CheckedRequest, place: Place, context: Context): Promise<SendResult> {
  const { signal, timeoutMs } = request;
  const startedAt = performance.now();
  let interruption: Interruption | undefined;
  let underWay: Exchange | undefined;
  const interrupt = (errorClass: Interruption['errorClass']) => {
    interruption ??= new Interruption(errorClass);
    underWay?.interrupt(interruption);
  };
  const stop = () => interrupt('aborted');
  const timer = setTimeout(interrupt, timeoutMs, 'timeout').unref();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted || context.closing.aborted) stop();
  try {
    const answer = await post(request, place, {
      connections: context.connections,
      began(exchanging) {
        underWay = exchanging;
        if (interruption !== undefined) exchanging.interrupt(interruption);
      },
      mayRepeat: () => interruption === undefined,
    });
    return { kind: 'response', ...answer, durationMs: since(startedAt), ...underWay?.way() };
  } catch (error) {
    if (error instanceof NoLookupPlaceError) throw error;
    return { kind: 'error', ...classifyError(error), durationMs: since(startedAt), ...underWay?.way() };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

type Posting = {
  readonly connections: Connections;
  readonly began: (exchanging: Exchange) => void;
  readonly mayRepeat: () => boolean;
};

/**
 * An endpoint may close a kept connection at the moment in which we use it again. That says nothing of the request: it
 * goes out once more, at once, on a new connection. Its `webhook-id` makes that safe even if it had arrived.
 */
async function post(request: CheckedRequest, place: Place, posting: Posting): Promise<Answer> {
  const first = exchange(request, place.connection);
  posting.began(first);
  const [outcome] = await Promise.allSettled([first.answered]);
  if (first.foundItClosed() && posting.mayRepeat()) {
    place.connection = posting.connections.renew(place.connection);
    const second = exchange(request, place.connection);
    posting.began(second);
    const answer = await second.answered;
    place.isUsable = second.isOver();
    return answer;
  }
  if (outcome.status === 'rejected') throw outcome.reason;
  place.isUsable = first.isOver();
  return outcome.value;
}

function aborted(): AttemptResult {
  return { kind: 'error', errorClass: 'aborted', message: messageOf('aborted'), durationMs: 0 };
}

function notSent(askedAt: number): SendResult {
  return { kind: 'not-sent', waitedMs: since(askedAt) };
}

function since(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 10) / 10;
}
