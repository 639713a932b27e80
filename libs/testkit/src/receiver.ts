import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they came; signatures are over these. */
  readonly rawBody: string;
  /** The parsed body, undefined when it is no JSON. */
  readonly body: unknown;
  /** When the whole request was there, by `Date.now()`. */
  readonly atMs: number;
}

/** What to answer: a response, no answer at all (`hang`), or a broken connection (`reset`). */
export type ResponsePlan =
  | {
      readonly status: number;
      readonly headers?: Record<string, string>;
      readonly body?: string | Uint8Array;
    }
  | 'hang'
  | 'reset';

export type Respond = (request: ReceivedRequest) => ResponsePlan | Promise<ResponsePlan>;

export interface ReceiverOptions {
  /** Default: 204 to everything. */
  readonly respond?: Respond;
  /** Default: gives the challenge back, as an endpoint that wants to be verified does. */
  readonly respondToChallenge?: Respond;
}

/** A subscriber's endpoint: a real HTTP server on the loopback address. */
export interface Receiver {
  readonly url: string;
  /** All requests but challenges, oldest first. */
  readonly received: readonly ReceivedRequest[];
  readonly challenges: readonly ReceivedRequest[];
  /** Changes the answers from the next request on. */
  respondWith(respond: Respond): void;
  /**
   * Waits for `condition` requests in all, or for one that fulfils it, and returns those that count.
   * @param timeoutMs default 20,000
   * @throws Error saying what came instead
   */
  waitFor(
    condition: number | ((request: ReceivedRequest) => boolean),
    timeoutMs?: number,
  ): Promise<readonly ReceivedRequest[]>;
  close(): Promise<void>;
}

const CHALLENGE = 'anika.endpoint.challenge';

export async function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  const { respondToChallenge = giveChallengeBack } = options;
  let respond: Respond = options.respond ?? (() => ({ status: 204 }));
  const challenges: ReceivedRequest[] = [];
  const arrivals = collectArrivals();

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    if (challengeOf(request) === undefined) {
      arrivals.add(request);
      answer(await respond(request), response);
      return;
    }
    challenges.push(request);
    answer(await respondToChallenge(request), response);
  }

  const server = createServer((incoming, response) => {
    handle(incoming, response).catch((error: unknown) => response.destroy(asError(error)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port');

  return {
    url: `http://127.0.0.1:${address.port}`,
    received: arrivals.all,
    challenges,
    respondWith(next) {
      respond = next;
    },
    waitFor: arrivals.waitFor,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections(); // hanging answers would keep it open
      }),
  };
}

function collectArrivals() {
  const all: ReceivedRequest[] = [];
  const listeners = new Set<() => void>();

  function waitFor(
    condition: number | ((request: ReceivedRequest) => boolean),
    timeoutMs = 20_000,
  ): Promise<readonly ReceivedRequest[]> {
    const { promise, resolve, reject } = deferred<readonly ReceivedRequest[]>();
    const timer = setTimeout(() => reject(new Error(missing(condition, timeoutMs, all))), timeoutMs);
    const look = () => {
      const counting = typeof condition === 'number' ? [...all] : all.filter(condition);
      if (counting.length >= (typeof condition === 'number' ? condition : 1)) resolve(counting);
    };
    listeners.add(look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      listeners.delete(look);
    });
  }

  return {
    all,
    waitFor,
    add(request: ReceivedRequest) {
      all.push(request);
      for (const look of listeners) look();
    },
  };
}

function missing(condition: unknown, timeoutMs: number, all: readonly ReceivedRequest[]): string {
  const wanted = typeof condition === 'number' ? `${condition} requests` : 'the request awaited';
  const ids = all.map((request) => request.headers['webhook-id'] ?? request.path);
  return `Not within ${timeoutMs} ms: ${wanted}; ${all.length} came: ${ids.slice(-10).join(', ')}`;
}

async function readRequest(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const rawBody = Buffer.concat(chunks).toString('utf8');
  return {
    path: incoming.url ?? '/',
    headers: incoming.headers,
    rawBody,
    body: parseJson(rawBody),
    atMs: Date.now(),
  };
}

function answer(plan: ResponsePlan, response: ServerResponse): void {
  if (plan === 'hang') return;
  if (plan === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  response.writeHead(plan.status, plan.headers).end(plan.body);
}

function giveChallengeBack(request: ReceivedRequest): ResponsePlan {
  const body = JSON.stringify({ challenge: challengeOf(request) });
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function challengeOf({ body }: ReceivedRequest): string | undefined {
  if (!isRecord(body) || body.type !== CHALLENGE || !isRecord(body.data)) return undefined;
  return typeof body.data.challenge === 'string' ? body.data.challenge : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // senders may send anything
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function deferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}
