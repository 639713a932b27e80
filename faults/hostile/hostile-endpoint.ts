import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { type Endpoint, type Hit, hitOf } from '../endpoint.ts';
import type { Misbehaviour } from './misbehaviours.ts';

/** An endpoint that takes its challenge honestly, and then does to each path what it is told. */
export type HostileEndpoint = Endpoint & { misbehave(path: string, how: Misbehaviour): void };

type Request = { readonly path: string; readonly headers: Record<string, string>; readonly rawBody: string };

export async function startHostileEndpoint(): Promise<HostileEndpoint> {
  const hits: Hit[] = [];
  const secrets = new Map<string, string>();
  const manners = new Map<string, Misbehaviour>();
  const sockets = new Set<Socket>();

  function handle(request: Request, socket: Socket): void {
    const body = JSON.parse(request.rawBody);
    const how = manners.get(request.path);
    if (body.type === 'anika.endpoint.challenge' || how === undefined) {
      const answer = JSON.stringify({ challenge: body.data.challenge });
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(answer)}\r\n\r\n${answer}`);
      return;
    }
    const secret = secrets.get(request.path);
    hits.push(hitOf({ ...request, body }, { secret, answered: how.answered }));
    how.act(socket);
  }

  const server = createServer((socket) => {
    let text = '';
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const request = parse(text);
      if (request === undefined) return;
      text = '';
      handle(request, socket);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    hits,
    respondWith: () => undefined,
    answerOnly: () => undefined,
    trust: (path, secret) => void secrets.set(path, secret),
    misbehave: (path, how) => void manners.set(path, how),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Undefined until all of it is there. */
function parse(text: string): Request | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = text.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const bytes = text.slice(end + 4);
  if (bytes.length < Number(headers['content-length'] ?? 0)) return undefined;
  return {
    path: first.split(' ')[1] ?? '/',
    headers,
    rawBody: Buffer.from(bytes, 'latin1').toString('utf8'),
  };
}
