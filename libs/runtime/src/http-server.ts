import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

const REASONS = {
  400: 'Bad Request',
  408: 'Request Timeout',
  413: 'Payload Too Large',
  417: 'Expectation Failed',
  431: 'Request Header Fields Too Large',
} as const;

/** Why a request is refused before there is one, or before it is complete. */
export type Refusal = {
  readonly status: keyof typeof REASONS;
  readonly detail: string;
  /** The answer to a request whose headers were fine; undefined when there were none yet. */
  readonly response: ServerResponse | undefined;
};

/** What such a client is answered. */
export type RefusalAnswer = {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

type Refuse = (refusal: Refusal) => RefusalAnswer;

export type HttpServerOptions = {
  readonly refuse: Refuse;
  /** Bytes of request line and headers; default 16 KiB. */
  readonly maxHeaderBytes?: number;
  readonly timeouts?: Partial<typeof TIMEOUTS>;
};

const TIMEOUTS = {
  /** Whole headers, and the whole request, must be in within these, or a slow client holds a socket for ever. */
  headersMs: 10_000,
  requestMs: 30_000,
  /** How late either may be noticed. */
  checkEveryMs: 1000,
  /** Without a byte either way, as with a client that does not read its answer. Longer than any handler takes. */
  silenceMs: 40_000,
  /** Longer than a load balancer's, so that it is never we who close a connection it is just using. */
  keepAliveMs: 75_000,
};
/** Each costs some kilobytes; one more is closed at once. */
const MAX_CONNECTIONS = 20_000;
const MAX_HEADER_BYTES = 16_384;
/** How long a refused client may go on sending: closed at once, it would see a reset in place of its answer. */
const LINGER_MS = 500;

/**
 * A server that ends on time what is too slow, answers a client that has closed its half of the connection, and lets
 * `refuse` word what Node would answer by itself. It takes requests without `Host`: the listener refuses them.
 */
export function createHttpServer(listener: RequestListener, options: HttpServerOptions): Server {
  const { refuse, maxHeaderBytes = MAX_HEADER_BYTES } = options;
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const responses = new WeakMap<Socket, ServerResponse>();
  const refused = new WeakSet<Socket>();
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      requireHostHeader: false,
    },
    (req, res) => {
      responses.set(req.socket, res);
      listener(req, res);
    },
  );
  // Known to Node, not to its types (RFC 9112 9.6).
  Object.assign(server, { httpAllowHalfOpen: true });
  server.timeout = timeouts.silenceMs;
  server.maxConnections = MAX_CONNECTIONS;
  server.on('checkExpectation', (_req, res: ServerResponse) => {
    const detail = 'The only expectation that is met is "Expect: 100-continue"';
    const { headers, body } = refuse({ status: 417, detail, response: res });
    res.writeHead(417, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
  });
  server.on('clientError', (error: ClientError, socket: Socket) => {
    // A broken request is reported once more for each part of it that still arrives.
    if (refused.has(socket)) return;
    refused.add(socket);
    const latest = responses.get(socket);
    const response = latest?.writableFinished === false ? latest : undefined;
    // Nobody is there to read, or the beginning of an answer has left.
    if (GONE.has(error.code ?? '') || !socket.writable || response?.headersSent === true) {
      socket.destroy(error);
      return;
    }
    // What is broken is the next request: the one before gets its answer, and the connection ends with it.
    if (response?.req.complete === true) {
      response.shouldKeepAlive = false;
      return;
    }
    const reason = reasonOf(error, maxHeaderBytes);
    writeRefusal(socket, reason.status, refuse({ ...reason, response }));
  });
  return server;
}

type ClientError = Error & { readonly code?: string; readonly reason?: string };
const GONE = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

function reasonOf(error: ClientError, maxHeaderBytes: number): Pick<Refusal, 'status' | 'detail'> {
  switch (error.code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, detail: 'The request did not arrive completely in time' };
    case 'HPE_HEADER_OVERFLOW':
      return {
        status: 431,
        detail: `The request line and the headers must be at most ${maxHeaderBytes} bytes together`,
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, detail: 'The extensions of the chunks are too large' };
    case 'HPE_INVALID_URL':
      return {
        status: 400,
        detail:
          'The path or the query holds characters that must be percent-encoded as UTF-8: "?q=ж" is written "?q=%D0%B6"',
      };
    default:
      return {
        status: 400,
        detail: `The request is not well-formed HTTP/1.1: ${error.reason ?? 'cannot be read'}`,
      };
  }
}

function writeRefusal(socket: Socket, status: Refusal['status'], { headers, body }: RefusalAnswer): void {
  const lines = Object.entries({
    ...headers,
    Date: new Date().toUTCString(),
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${status} ${REASONS[status]}\r\n${lines.join('')}\r\n${body}`);
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
