import { pipeline } from 'node:stream/promises';
import type { RouteContract } from '@anika/contracts/route';
import type { Caller } from '@anika/core/access';
import type { Failure } from '@anika/core/failures';
import type { Logger } from '@anika/runtime/logger';
import type { Request, RequestHandler, Response } from 'express';
import type { z } from 'zod';
import { checkAccess } from './check-access.ts';
import { parsePart } from './parse-part.ts';
import { problemOf, toFailure } from './problem.ts';
import { readBody } from './read-body.ts';

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
};

export type BoundRoute = {
  readonly contract: RouteContract;
  readonly handle: (request: RouteRequest<unknown, unknown, unknown>) => Promise<Reply>;
};

/** Binds a contract to its handler; the handler's inputs have the types of the contract's schemas. */
export function bindRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType>(
  contract: RouteContract<P, Q, B>,
  handle: (request: RouteRequest<Parsed<P>, Parsed<Q>, Parsed<B>>) => Promise<Reply>,
): BoundRoute {
  return { contract, handle: handle as BoundRoute['handle'] };
}

export type RouteEnvironment = {
  /** Rejects with `unauthenticated`. */
  readonly authenticate: (authorization: string | undefined, remoteAddress?: string) => Promise<Caller>;
  /** Rejects with `rate-limited`; returns the headers that tell the caller's quota. */
  readonly admit: (
    contract: RouteContract,
    caller: Caller | undefined,
    remoteAddress: string | undefined,
  ) => Promise<Readonly<Record<string, string>>>;
  readonly maxMessageBytes: number;
  readonly logger: Logger;
  readonly observe: (route: string, status: number, seconds: number) => void;
};

/** The Express handler of a bound route: authenticate, admit, read, parse, handle, answer. */
export function serveRoute(bound: BoundRoute, environment: RouteEnvironment): RequestHandler {
  const { contract } = bound;
  return async (req, res) => {
    const startedAt = process.hrtime.bigint();
    try {
      const reply = await answer(bound, environment, req, res);
      await send(res, contract.success.status, reply);
    } catch (error) {
      sendFailure(res, toFailure(error), environment.logger);
    }
    const seconds = Number(process.hrtime.bigint() - startedAt) / 1e9;
    environment.observe(contract.id, res.statusCode, seconds);
  };
}

async function answer(bound: BoundRoute, environment: RouteEnvironment, req: Request, res: Response) {
  const { contract } = bound;
  const caller =
    contract.access === 'public'
      ? undefined
      : await environment.authenticate(req.headers.authorization, req.ip);
  if (caller !== undefined) checkAccess(contract.access, caller);
  res.set(await environment.admit(contract, caller, req.ip));
  const limit =
    contract.maxBodyBytes === 0
      ? environment.maxMessageBytes
      : (contract.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES);
  const read = contract.body === undefined ? undefined : await readBody(req, res, limit);
  return bound.handle({
    params: parsePart(contract.params, req.params, 'path'),
    query: parsePart(contract.query, req.query, 'query'),
    body: parsePart(contract.body, read?.value, 'body'),
    bodyText: read?.text ?? '',
    caller,
    header: (name) => req.get(name),
    remoteAddress: req.ip,
    requestId: requestIdOf(res),
  });
}

async function send(res: Response, defaultStatus: number, reply: Reply): Promise<void> {
  const status = reply.status ?? defaultStatus;
  if (reply.stream !== undefined) {
    res.writeHead(status, { ...reply.headers });
    await sendLines(res, reply.stream);
    return;
  }
  const text = reply.bodyText ?? (reply.body === undefined ? undefined : JSON.stringify(reply.body));
  sendText(res, status, { text, type: 'application/json; charset=utf-8', headers: reply.headers });
}

/** Straight to Node: what `res.send` of Express adds (negotiation, entity tags) is not used here. */
function sendText(
  res: Response,
  status: number,
  { text, type, headers }: { text: string | undefined; type: string; headers: Reply['headers'] },
): void {
  if (text === undefined) {
    res.writeHead(status, { ...headers }).end();
    return;
  }
  const length = Buffer.byteLength(text);
  res.writeHead(status, { 'Content-Type': type, 'Content-Length': length, ...headers }).end(text);
}

/** No faster than the client reads; ends when the client goes away. */
async function sendLines(res: Response, lines: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(lines, res);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

export function requestIdOf(res: Response): string {
  return String(res.getHeader('x-request-id') ?? '');
}

/** Writes the problem document; what is our fault is logged with its cause, which the client never sees. */
export function sendFailure(res: Response, failure: Failure, logger: Logger): void {
  const problem = problemOf(failure, requestIdOf(res));
  if (problem.status >= 500) {
    logger.error(
      { requestId: problem.requestId, code: problem.code, err: failure.cause ?? failure },
      'request failed',
    );
  }
  if (res.headersSent) {
    res.destroy();
    return;
  }
  if (failure.retryAfterSeconds !== undefined) res.set('Retry-After', String(failure.retryAfterSeconds));
  if (problem.status === 401) res.set('WWW-Authenticate', 'Bearer');
  const type = 'application/problem+json; charset=utf-8';
  sendText(res, problem.status, { text: JSON.stringify(problem), type, headers: undefined });
}
