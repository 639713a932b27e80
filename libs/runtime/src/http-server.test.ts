import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpServer, type HttpServerOptions } from './http-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

const refuse: HttpServerOptions['refuse'] = ({ status, detail }) => ({
  headers: { 'Content-Type': 'text/plain' },
  body: `${status}: ${detail}`,
});

async function start(
  listener: RequestListener,
  timeouts: NonNullable<HttpServerOptions['timeouts']> = {},
): Promise<{ server: Server; open: () => Socket }> {
  const server = createHttpServer(listener, { refuse, timeouts: { checkEveryMs: 100, ...timeouts } });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, open: () => connect(address.port, '127.0.0.1').on('error', () => undefined) };
}

/** What a socket gets until it is closed, and after how long that is. */
async function untilClosed(socket: Socket): Promise<{ text: string; ms: number }> {
  const startedAt = Date.now();
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  await once(socket, 'close');
  return { text, ms: Date.now() - startedAt };
}

describe('a server with time-outs', () => {
  it.each([
    ['nothing at all', ''],
    ['half a request line', 'GET / HT'],
    ['headers without an end', 'GET / HTTP/1.1\r\nHost: a\r\n'],
  ])('ends a client that sends %s soon after its time, with 408', async (_what, sent) => {
    const { open } = await start((_req, res) => res.end(), { headersMs: 400 });
    const socket = open();
    if (sent !== '') socket.write(sent);
    const { text, ms } = await untilClosed(socket);
    expect(text).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n.*408: /s);
    expect(ms).toBeLessThan(4000);
  });

  it('ends a body that does not come to its end', async () => {
    const { open } = await start((req) => req.resume(), { headersMs: 300, requestMs: 600 });
    const socket = open();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab');
    const { text, ms } = await untilClosed(socket);
    expect(text).toContain('408');
    expect(ms).toBeLessThan(4000);
  });

  it('ends a client that does not read its answer, and keeps one that reads slowly', async () => {
    const answer = Buffer.alloc(20_000_000, 'x');
    const seen: string[] = [];
    const { open } = await start(
      (req, res) => {
        res.on('finish', () => seen.push(`${req.url} sent`));
        res.on('close', () => seen.push(`${req.url} closed`));
        res.end(answer);
      },
      { silenceMs: 700 },
    );
    const [silent, slow] = [open(), open()];
    silent.pause().write('GET /silent HTTP/1.1\r\nHost: a\r\n\r\n');
    slow.write('GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    let read = 0;
    slow.on('data', (chunk: Buffer) => {
      read += chunk.length;
      slow.pause();
      setTimeout(() => slow.resume(), 2);
    });
    await once(slow, 'close');
    expect(read).toBeGreaterThan(answer.length);
    await expect
      .poll(() => seen.sort(), { timeout: 5000 })
      .toEqual(['/silent closed', '/slow closed', '/slow sent']);
  });

  it('is told the defaults of Node nowhere', async () => {
    const server = createHttpServer(() => undefined, { refuse });
    expect([server.headersTimeout, server.requestTimeout]).toEqual([10_000, 30_000]);
    expect(server.timeout).toBe(40_000);
    expect(server.maxConnections).toBeGreaterThan(0);
  });
});

describe('an answer that is on its way', () => {
  it('is cut off, not followed by another, when the rest of the request is broken', async () => {
    const { open } = await start((_req, res) => {
      res.writeHead(200);
      res.write('begun');
    });
    const socket = open();
    socket.write('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n');
    await once(socket, 'data');
    socket.write('zz\r\n');
    const { text } = await untilClosed(socket);
    expect(text).not.toContain('400');
  });
});
