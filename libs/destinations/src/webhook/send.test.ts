import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { createServer as createTlsServer } from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Resolve } from './ask-dns.ts';
import type { Sender, SendRequest } from './send.ts';
import { start, startHttpServer, startTcpServer } from './testing/loopback-server.ts';
import { closedBy } from './testing/opened.ts';
import { SELF_SIGNED } from './testing/self-signed.ts';

const { open, senderWith, answering } = closedBy(afterEach);
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let sender: Sender;
/** Writes one piece after the other until the connection ends. */
function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 10);
  socket.on('close', () => clearInterval(timer));
}

async function send(url: string, more: Partial<SendRequest> = {}) {
  const result = await sender.send({
    partnerId: 'par_a',
    url,
    headers: {},
    body: '{"a":1}',
    timeoutMs: 1500,
    ...more,
  });
  if (result.kind === 'not-sent') throw new Error('no place was free');
  return result;
}

beforeEach(() => {
  sender = senderWith({ allow: ['127.0.0.1'] });
});

describe('an answer', () => {
  it('is the status, Retry-After and the start of the body; the request is as given', async () => {
    const requests: unknown[] = [];
    const server = await open(
      startHttpServer(async (request, response) => {
        const { method, url, headers } = request;
        requests.push({ method, url, headers, body: await text(request) });
        response.writeHead(503, { 'retry-after': '120' }).end('later: п');
      }),
    );
    const result = await send(`${server.url}/hook?x=1#part`, {
      headers: { 'content-type': 'application/json', 'x-key': 'k' },
      body: '{"a":"ж"}',
    });
    expect(result).toEqual({
      kind: 'response',
      status: 503,
      retryAfter: '120',
      bodyStart: 'later: п',
      durationMs: expect.any(Number),
      phases: { connect: expect.any(Number), firstByte: expect.any(Number), body: expect.any(Number) },
      address: new URL(server.url).host,
    });
    expect(requests).toEqual([
      {
        method: 'POST',
        url: '/hook?x=1',
        headers: expect.objectContaining({
          host: `127.0.0.1:${server.port}`,
          'content-type': 'application/json',
          'content-length': '10',
          'accept-encoding': 'identity',
          'x-key': 'k',
        }),
        body: '{"a":"ж"}',
      },
    ]);
  });

  it('leaves its connection for a later request', async () => {
    const server = await open(startHttpServer((_request, response) => response.end('x'.repeat(10_000))));
    for (let at = 0; at < 10; at += 1) {
      expect(await send(server.url)).toMatchObject({ kind: 'response', status: 200 });
    }
    // The pool may open a second one while it tidies up after the first answer.
    expect(server.connectionCount()).toBeLessThanOrEqual(2);
  });

  it('that redirects is an answer: nobody follows it', async () => {
    const canary = await open(startHttpServer((_request, response) => response.end()));
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await open(
        startHttpServer((_request, response) => response.writeHead(status, { location: canary.url }).end()),
      );
      expect(await send(server.url)).toMatchObject({ kind: 'response', status });
    }
    expect(canary.connectionCount()).toBe(0);
  });

  it('keeps 4 KiB of its body', async () => {
    const server = await open(startHttpServer((_request, response) => response.end('я'.repeat(5000))));
    expect(await send(server.url)).toMatchObject({ bodyStart: 'я'.repeat(2048) });
  });

  it('with bytes that are no text has replacement characters for them', async () => {
    const server = await answering(
      Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n'),
      Buffer.from([0x61, 0xff, 0x00, 0x62]),
    );
    expect(await send(server.url)).toMatchObject({ bodyStart: 'a\ufffd\ufffdb' });
  });

  it('that is compressed is not unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    const server = await open(
      startHttpServer((_request, response) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
      ),
    );
    const result = await send(server.url);
    expect(result).toMatchObject({ kind: 'response', status: 200 });
    expect(result.kind === 'response' && result.bodyStart.length).toBeLessThanOrEqual(4096);
  });

  it('of 300 MB is cut after its first bytes', async () => {
    let written = 0;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    const server = await open(
      startHttpServer((_request, response) => {
        response.writeHead(200, { 'content-length': 300 * chunk.length });
        const more = () => {
          while (written < 300 && !response.destroyed) {
            written += 1;
            if (!response.write(chunk)) return;
          }
        };
        response.on('drain', more);
        more();
      }),
    );
    const before = process.memoryUsage().rss;
    const result = await send(server.url);
    expect(result).toMatchObject({ kind: 'response', status: 200, bodyStart: 'x'.repeat(4096) });
    expect(written).toBeLessThan(50);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    // The sender is as good as before.
    expect(await send((await answering(OK)).url)).toMatchObject({ status: 200 });
  });
});

describe('the time-out', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['no answer', () => {}],
    ['a header without end', (socket) => drip(socket, 'x')],
    ['headers without end', (socket) => drip(socket, 'x: y\r\n')],
    ['a body without end', (socket) => drip(socket, '1\r\nx\r\n')],
    ['1xx for ever', (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n')],
  ])('ends %s', async (title, answer) => {
    const head = {
      'a header without end': 'HTTP/1.1 200 OK\r\nx: ',
      'headers without end': 'HTTP/1.1 200 OK\r\n',
      'a body without end': 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
    }[title];
    const server = await open(
      startTcpServer((socket) => {
        socket.once('data', () => {
          if (head !== undefined) socket.write(head);
          answer(socket);
        });
      }),
    );
    const result = await send(server.url, { timeoutMs: 150 });
    expect(result).toMatchObject({ kind: 'error', errorClass: 'timeout' });
    expect(result.durationMs).toBeGreaterThanOrEqual(140);
    expect(result.durationMs).toBeLessThan(1000);
  });

  it('covers a TLS handshake that does not begin', async () => {
    const server = await open(startTcpServer(() => {}));
    const result = await send(`https://127.0.0.1:${server.port}/`, { timeoutMs: 100 });
    expect(result).toMatchObject({ kind: 'error', errorClass: 'timeout' });
    expect(result.durationMs).toBeLessThan(1000);
  });

  it('covers a name server that does not answer', async () => {
    sender = senderWith({ allow: [], resolve: () => new Promise(() => {}) });
    expect(await send('https://slow.example.com/', { timeoutMs: 100 })).toMatchObject({
      errorClass: 'timeout',
    });
  });
});

it('does not send later what has timed out before it was connected', async () => {
  let requestCount = 0;
  const server = await open(
    startHttpServer((_request, response) => {
      requestCount += 1;
      response.end();
    }),
  );
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const resolve: Resolve = async () => {
    await answered;
    return [{ address: '127.0.0.1', family: 4 }];
  };
  sender = senderWith({ allow: ['127.0.0.1'], resolve });
  const url = `http://localhost:${server.port}/`;
  expect(await send(url, { timeoutMs: 50 })).toMatchObject({ errorClass: 'timeout' });
  answer();
  expect(await send(url)).toMatchObject({ status: 200 });
  expect(await send(url)).toMatchObject({ status: 200 });
  expect(requestCount).toBe(2);
});

describe('an error', () => {
  test.each([
    ['no HTTP at all', 'SSH-2.0-OpenSSH_9.2\r\n', 'protocol'],
    ['a header that is none', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n', 'protocol'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nxx', 'protocol'],
    ['too long a head', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`, 'protocol'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\n\r\n', 'protocol'],
    ['that switch in due form', 'HTTP/1.1 101 x\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n', 'reset'],
  ])('for %s', async (_title, answer, errorClass) => {
    const server = await answering(answer);
    expect(await send(server.url)).toMatchObject({ kind: 'error', errorClass });
  });

  it('is reset when the connection breaks before or within the answer', async () => {
    const before = await open(
      startTcpServer((socket) => socket.once('data', () => socket.resetAndDestroy())),
    );
    expect(await send(before.url)).toMatchObject({ kind: 'error', errorClass: 'reset' });
    const within = await open(
      startTcpServer((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')),
      ),
    );
    expect(await send(within.url)).toMatchObject({ kind: 'error', errorClass: 'reset' });
  });

  it('is refused when nobody listens', async () => {
    const server = await startTcpServer(() => {});
    await server.close();
    expect(await send(server.url)).toMatchObject({ kind: 'error', errorClass: 'refused' });
  });

  it('is dns when the name does not exist', async () => {
    const missing = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    sender = senderWith({ allow: [], resolve: () => Promise.reject(missing) });
    expect(await send('https://missing.example.com/')).toMatchObject({ errorClass: 'dns' });
  });

  it('is tls for a certificate that nobody vouches for, and where TLS is not spoken', async () => {
    let requested = false;
    const tls = createTlsServer(SELF_SIGNED, (socket) => socket.on('data', () => (requested = true)));
    tls.on('tlsClientError', () => {});
    const server = await open(start(tls));
    expect(await send(`https://127.0.0.1:${server.port}/`)).toMatchObject({ errorClass: 'tls' });
    expect(requested).toBe(false);
    const plain = await answering(OK);
    expect(await send(`https://127.0.0.1:${plain.port}/`)).toMatchObject({ errorClass: 'tls' });
  });

  it('is protocol for headers that cannot be sent', async () => {
    const server = await answering(OK);
    const refused: Record<string, string>[] = [
      { 'x-a': 'a\r\nb: c' },
      { 'x y': '1' },
      { 'content-length': '3' },
      { expect: '100-continue' },
    ];
    for (const headers of refused) {
      expect(await send(server.url, { headers })).toMatchObject({ kind: 'error', errorClass: 'protocol' });
    }
  });

  it('is aborted when the caller or the shutdown interrupts it', async () => {
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const server = await open(startTcpServer((socket) => socket.on('data', () => arrived())));
    const stop = new AbortController();
    const first = send(server.url, { signal: stop.signal });
    await arrival;
    stop.abort();
    expect(await first).toMatchObject({ kind: 'error', errorClass: 'aborted' });
    expect(await send(server.url, { signal: stop.signal })).toMatchObject({ errorClass: 'aborted' });
    const second = send(server.url);
    await sender.close();
    expect(await second).toMatchObject({ errorClass: 'aborted' });
    expect(await send(server.url)).toMatchObject({ errorClass: 'aborted' });
  });
});
