import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { Failure, type FailureCode } from '@anika/core/failures';
import {
  createHttpServer as createServer,
  type Refusal,
  type RefusalAnswer,
} from '@anika/runtime/http-server';
import { PROBLEM_TYPE, problemOf } from './problem.ts';
import { requestIdOf } from './request-id.ts';

/** A whole `where` in the query, each of its characters three escaped bytes, and the other headers. */
const HEADERS_MAX_BYTES = 96 * 1024;

const CODE_OF: Readonly<Record<Refusal['status'], FailureCode>> = {
  400: 'bad-request',
  408: 'request-timeout',
  413: 'payload-too-large',
  417: 'expectation-failed',
  431: 'headers-too-large',
};

/** What is refused before a route is reached is a problem document too. */
function refuse({ status, detail, response }: Refusal): RefusalAnswer {
  const requestId = requestIdOf(response);
  return {
    headers: { 'Content-Type': PROBLEM_TYPE, 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': requestId },
    body: JSON.stringify(problemOf(new Failure(CODE_OF[status], detail), requestId)),
  };
}

export type HttpTimeouts = NonNullable<Parameters<typeof createServer>[1]['timeouts']>;

export function createHttpServer(app: RequestListener, timeouts: HttpTimeouts = {}): Server {
  return createServer(app, { refuse, maxHeaderBytes: HEADERS_MAX_BYTES, timeouts });
}

/** Starts to listen; the returned function stops taking requests and resolves when those under way are done. */
export async function listen(
  server: Server,
  address: { host: string; port: number },
): Promise<() => Promise<void>> {
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
}
