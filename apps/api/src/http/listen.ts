import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** Whole request headers and body must be in within these, or a slow client would hold a socket for ever. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than a load balancer's, so that it is never we who close a connection it is just using. */
const KEEP_ALIVE_MS = 75_000;

/** A whole `where` in the query, each of its characters three escaped bytes, and the other headers. */
const HEADERS_MAX_BYTES = 96 * 1024;

export function createHttpServer(app: RequestListener): Server {
  return createServer({ maxHeaderSize: HEADERS_MAX_BYTES }, app);
}

/** Starts to listen; the returned function stops taking requests and resolves when those under way are done. */
export async function listen(
  server: Server,
  address: { host: string; port: number },
): Promise<() => Promise<void>> {
  server.headersTimeout = HEADERS_TIMEOUT_MS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(address.port, address.host);
  await once(server, 'listening');
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
}
