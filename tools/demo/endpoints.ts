import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

/** One webhook as a subscriber's backend got it. */
export interface Arrival {
  /** `webhook-id`: of the message, the same over all attempts. */
  readonly id: string;
  readonly attempt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly rawBody: string;
  readonly data: unknown;
  /** By `performance.now()`, when the whole request was there. */
  readonly atMs: number;
  /** What was answered. */
  readonly status: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The backend of a company: an HTTP server of its own that checks every signature with `standardwebhooks`. */
export interface Endpoint {
  readonly url: string;
  /** Everything but challenges, in the order it came. */
  readonly arrivals: readonly Arrival[];
  readonly challenges: number;
  /** From now on whatever is not signed with this secret is answered 401. */
  trust(secret: string): void;
  /** Decides the answers to genuine webhooks from now on; default 204. */
  behave(reply: (arrivedBefore: number) => Reply): void;
  /** Stops listening: connections are refused. */
  shutDown(): Promise<void>;
  /** Listens again at the same address. */
  start(): Promise<void>;
}

const webhookBody = z.object({ type: z.string(), data: z.unknown() });
const challengeData = z.object({ challenge: z.string() });
const CHALLENGE_TYPE = 'anika.endpoint.challenge';

export async function openEndpoint(): Promise<Endpoint> {
  const arrivals: Arrival[] = [];
  let challenges = 0;
  let webhook: Webhook | undefined;
  let reply: (arrivedBefore: number) => Reply = () => ({ status: 204 });

  const server = createServer(async (request, response) => {
    const headers = plainHeaders(request);
    const rawBody = await readBody(request);
    const atMs = performance.now();
    const body = parseBody(rawBody);
    if (body?.type === CHALLENGE_TYPE) {
      challenges += 1;
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify(challengeData.parse(body.data)));
      return;
    }
    const id = headers['webhook-id'] ?? '';
    const genuine = webhook !== undefined && isGenuine(webhook, rawBody, headers);
    const before = arrivals.filter((arrival) => arrival.id === id).length;
    const answer = genuine ? reply(before) : { status: 401 };
    const attempt = Number(headers['anika-attempt']);
    arrivals.push({ id, attempt, headers, rawBody, data: body?.data, atMs, status: answer.status });
    response.writeHead(answer.status, answer.headers).end();
  });
  let port = await listen(server, 0);

  return {
    url: `http://127.0.0.1:${port}/anika`,
    arrivals,
    get challenges() {
      return challenges;
    },
    trust(secret) {
      webhook = new Webhook(secret);
    },
    behave(next) {
      reply = next;
    },
    shutDown: () => close(server),
    async start() {
      port = await listen(server, port);
    },
  };
}

/** Whether an outside library takes this body and these headers for signed with that secret, and fresh. */
export function isGenuine(
  webhook: Webhook,
  rawBody: string,
  headers: Readonly<Record<string, string>>,
): boolean {
  try {
    webhook.verify(rawBody, { ...headers });
    return true;
  } catch {
    return false; // its way to say no
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function parseBody(rawBody: string): z.output<typeof webhookBody> | undefined {
  try {
    return webhookBody.parse(JSON.parse(rawBody));
  } catch {
    return undefined; // anybody may send anything
  }
}

function plainHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
