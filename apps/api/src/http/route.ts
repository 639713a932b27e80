import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { mediaTypesOf, type RouteContract } from '@anika/contracts/route';
import type { Caller } from '@anika/core/access';
import { writeExact } from '@anika/core/exact-json';
import type { Failure } from '@anika/core/failures';
import { addressKey } from '@anika/runtime/address-key';
import type { Logger } from '@anika/runtime/logger';
import type { z } from 'zod';
import { CallerGone, goneSignal, leavingSignal } from './caller-gone.ts';
import { checkAccess } from './check-access.ts';
import type { Identify } from './identify.ts';
import { type Outgoing, STREAM_BYTES } from './outgoing.ts';
import { parsePart } from './parse-part.ts';
import { HttpFailure, PROBLEM_TYPE, problemOf, toFailure } from './problem.ts';
import { type Body, createReadBody } from './read-body.ts';
import { requestIdOf } from './request-id.ts';

const DEFAULT_MAX_BODY_BYTES = 64 * 1024;

/** What a handler answers; one function below writes it to the wire. `status` defaults to the contract's. */
export type Reply = {
  readonly status?: number;
  readonly body?: unknown;
  /** Instead of `body`: JSON that must reach the client as it is written. */
  readonly bodyText?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Instead of `body`: lines of text, sent as they come, with their own content type in `headers`. */
  readonly stream?: AsyncIterable<string>;
  /** With `stream`: it goes on as long as the client is there, and who has closed its half of the connection is not. */
  readonly live?: true;
};

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined;

export type RouteRequest<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** The source of `body`. */
  readonly bodyText: string;
  /** Undefined on public routes only. */
  readonly caller: Caller | undefined;
  readonly header: (name: string) => string | undefined;
  readonly remoteAddress: string | undefined;
  readonly requestId: string;
  /** Aborts when the client goes away; for what is not worth doing for nobody. */
  readonly gone: () => AbortSignal;
  /** Aborts when the client sends nothing more; for what waits: it is answered with what there is. */
  readonly leaving: () => AbortSignal;
  /** Rejects when the caller may not call this any more; for what has waited. */
  readonly stillMay: () => Promise<void>;
  /** Of an answer with parts of so many bytes, how many can be sent; throws `rate-limited` where none can. */
  readonly reserve: (parts: readonly number[]) => number;
};

/** Makes of a body that may have several forms what the handler takes; throws the failure of one that has none. */
export type ParseBody<B> = (body: Body | undefined, headers: IncomingHttpHeaders) => B;

export type BoundRoute = {
  readonly contract: RouteContract;
  readonly parseBody: ParseBody<unknown>;
  readonly handle: (request: RouteRequest<unknown, unknown, unknown>) => Promise<Reply>;
};

/**
 * Binds a contract to its handler; the handler's inputs have the types of the contract's schemas, its body that of
 * `parseBody` where the contract has bodies besides JSON.
 */
export function bindRoute<P extends z.ZodType, Q extends z.ZodType, S extends z.ZodType, B = Parsed<S>>(
  contract: RouteContract<P, Q, S>,
  handle: (request: RouteRequest<Parsed<P>, Parsed<Q>, B>) => Promise<Reply>,
  parseBody?: ParseBody<B>,
): BoundRoute {
  return {
    contract,
    parseBody: parseBody ?? ((body) => parsePart(contract.body, body?.value, 'body')),
    handle: handle as BoundRoute['handle'],
  };
}

export type RouteEnvironment = {
  readonly identify: Identify;
  /** Rejects with `rate-limited`; returns the headers that tell the caller's quota. */
  readonly admit: (
    contract: RouteContract,
    caller: Caller | undefined,
    remoteAddress: string | undefined,
  ) => Promise<Readonly<Record<string, string>>>;
  readonly outgoing: Outgoing;
  readonly maxMessageBytes: number;
  readonly logger: Logger;
  readonly observe: (route: string, status: number, seconds: number) => void;
};

/** What the router knows of a request beside the request itself. */
export type Matched = {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: unknown;
  readonly remoteAddress: string | undefined;
};

export type RouteHandler = (req: IncomingMessage, res: ServerResponse, matched: Matched) => Promise<void>;

/** The handler of a bound route: authenticate, admit, read, parse, handle, answer. */
export function serveRoute(bound: BoundRoute, environment: RouteEnvironment): RouteHandler {
  const { contract } = bound;
  const readBody = bodyReaderOf(contract, environment);
  return async (req, res, matched) => {
    const startedAt = process.hrtime.bigint();
    try {
      const { reply, who } = await answer({ bound, environment, matched, readBody }, req, res);
      const hold = (bytes: number) => environment.outgoing.hold(who, bytes, res);
      await send(res, { defaultStatus: contract.success.status, reply, hold });
    } catch (error) {
      // Nginx's word for it, in the metrics only.
      if (error instanceof CallerGone) res.statusCode = 499;
      else sendFailure(res, toFailure(error), environment.logger);
    }
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    environment.observe(contract.id, res.statusCode, seconds);
  };
}

type BodyReader = (req: IncomingMessage) => Promise<Body | undefined>;

function bodyReaderOf(contract: RouteContract, { maxMessageBytes }: RouteEnvironment): BodyReader {
  if (contract.body === undefined) return async () => undefined;
  const limit =
    contract.maxBodyBytes === 0 ? maxMessageBytes : (contract.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
  return createReadBody(limit, {
    mediaTypes: mediaTypesOf(contract),
    itemsApart: contract.itemsApart ?? false,
  });
}

type Answering = {
  readonly bound: BoundRoute;
  readonly environment: RouteEnvironment;
  readonly matched: Matched;
  readonly readBody: BodyReader;
};

async function answer(
  { bound, environment, matched, readBody }: Answering,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<{ reply: Reply; who: string }> {
  const { contract } = bound;
  const { remoteAddress } = matched;
  const caller = contract.access === 'public' ? undefined : await environment.identify(req, remoteAddress);
  if (caller !== undefined) checkAccess(contract, caller);
  const quota = await environment.admit(contract, caller, remoteAddress);
  for (const [name, value] of Object.entries(quota)) res.setHeader(name, value);
  const read = await readBody(req);
  const who = caller?.partnerId ?? caller?.userId ?? addressKey(remoteAddress);
  const reply = await bound.handle({
    params: parsePart(contract.params, matched.params, 'path'),
    query: parsePart(contract.query, matched.query, 'query'),
    body: bound.parseBody(read, req.headers),
    bodyText: read?.text ?? '',
    caller,
    header: (name) => headerOf(req, name),
    remoteAddress,
    requestId: requestIdOf(res),
    gone: () => goneSignal(res),
    leaving: () => leavingSignal(res),
    async stillMay() {
      if (contract.access === 'public') return;
      checkAccess(contract, await environment.identify(req, remoteAddress));
    },
    reserve: (parts) => environment.outgoing.reserve(who, parts, res),
  });
  return { reply, who };
}

/** The value of a header; sent more often than once, all of them in one text. */
function headerOf(req: IncomingMessage, name: string): string | undefined {
  const value = req.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
}

type Sending = {
  readonly defaultStatus: number;
  readonly reply: Reply;
  /** Counts so many bytes as under way, or throws. */
  readonly hold: (bytes: number) => void;
};

export async function send(res: ServerResponse, { defaultStatus, reply, hold }: Sending): Promise<void> {
  const status = reply.status ?? defaultStatus;
  if (reply.stream !== undefined) {
    const { headers, live } = reply;
    await sendStream(res, status, { lines: reply.stream[Symbol.asyncIterator](), headers, live, hold });
    return;
  }
  const text = reply.bodyText ?? (reply.body === undefined ? undefined : writeExact(reply.body));
  if (text === undefined) {
    res.writeHead(status, { ...reply.headers }).end();
    return;
  }
  // As bytes: the text itself would stay in memory beside them, twice as large, until they are read.
  const bytes = Buffer.from(text);
  hold(bytes.length);
  sendBytes(res, status, { bytes, type: 'application/json; charset=utf-8', headers: reply.headers });
}

type Content = { readonly bytes: Buffer; readonly type: string; readonly headers: Reply['headers'] };

function sendBytes(res: ServerResponse, status: number, { bytes, type, headers }: Content): void {
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': bytes.length, ...headers }).end(bytes);
}

type Streaming = Pick<Reply, 'headers' | 'live'> & {
  readonly lines: AsyncIterator<string>;
  readonly hold: Sending['hold'];
};

/** Whatever becomes of it, its source hears that nobody reads any more. */
async function sendStream(
  res: ServerResponse,
  status: number,
  { lines, headers, live, hold }: Streaming,
): Promise<void> {
  const { socket } = res.req;
  const hangUp = () => void res.destroy();
  try {
    if (live) socket.once('end', hangUp);
    if (live && socket.readableEnded) hangUp();
    hold(STREAM_BYTES);
    res.writeHead(status, { ...headers });
    if (res.req.method === 'HEAD') res.end();
    else await sendLines(res, { [Symbol.asyncIterator]: () => lines });
  } finally {
    socket.off('end', hangUp);
    await lines.return?.();
  }
}

/** No faster than the client reads; ends when the client goes away. */
async function sendLines(res: ServerResponse, lines: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(lines, res);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Writes the problem document; what is our fault is logged with its cause, which the client never sees. */
export function sendFailure(res: ServerResponse, failure: Failure, logger: Logger): void {
  const problem = problemOf(failure, requestIdOf(res));
  if (problem.status >= 500) {
    logger.error(
      { requestId: problem.requestId, code: problem.code, err: failure.cause ?? failure },
      'request failed',
    );
  }
  writeFailure(res, failure, problem);
}

/** The same of what is nobody's fault: it is not logged. */
export function writeFailure(
  res: ServerResponse,
  failure: Failure,
  problem = problemOf(failure, requestIdOf(res)),
): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  if (failure.retryAfterSeconds !== undefined)
    res.setHeader('Retry-After', String(failure.retryAfterSeconds));
  if (problem.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  const headers = failure instanceof HttpFailure ? failure.headers : undefined;
  const bytes = Buffer.from(JSON.stringify(problem));
  sendBytes(res, problem.status, { bytes, type: PROBLEM_TYPE, headers });
}
