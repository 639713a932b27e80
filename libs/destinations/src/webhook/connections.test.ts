import { setMaxListeners } from 'node:events';
import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import type { Sender, SendRequest } from './send.ts';
import { start, startTcpServer } from './testing/loopback-server.ts';
import { closedBy } from './testing/opened.ts';
import { SELF_SIGNED } from './testing/self-signed.ts';

const { open, senderWith } = closedBy(afterEach);
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

function sendWith(sender: Sender, url: string, more: Partial<SendRequest> = {}) {
  return sender.send({ partnerId: 'par_a', url, headers: {}, body: '{"a":1}', timeoutMs: 1500, ...more });
}

/** A server whose connections answer the first request and do `then` at the second. */
function servingOnce(then: (socket: Socket) => void) {
  let requests = 0;
  const server = open(
    startTcpServer((socket) => {
      let served = 0;
      socket.on('data', () => {
        requests += 1;
        served += 1;
        if (served === 1) socket.write(OK);
        else then(socket);
      });
    }),
  );
  return { server, requests: () => requests };
}

describe('a kept connection that the endpoint closes just then', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['is ended', (socket) => socket.end()],
    ['is destroyed', (socket) => socket.destroy()],
    [
      'says 408 and closes',
      (socket) => socket.end('HTTP/1.1 408 x\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'),
    ],
  ])('costs no attempt: it %s', async (_title, then) => {
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const { server, requests } = servingOnce(then);
    const { url, connectionCount } = await server;
    expect(await sendWith(sender, url)).toMatchObject({ status: 200 });
    expect(await sendWith(sender, url)).toMatchObject({ status: 200 });
    expect(requests()).toBe(3);
    expect(connectionCount()).toBe(2);
  });

  it('costs no attempt when it was closed before the request is written', async () => {
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const sockets: Socket[] = [];
    const server = await open(
      startTcpServer((socket) => {
        sockets.push(socket);
        socket.on('data', () => socket.write(OK));
      }),
    );
    for (let at = 0; at < 20; at += 1) {
      expect(await sendWith(sender, server.url)).toMatchObject({ status: 200 });
      if (at % 2 === 0) sockets.at(-1)?.resetAndDestroy();
      else sockets.at(-1)?.end();
    }
  });

  it('is tried once more only', async () => {
    const sender = senderWith({ allow: ['127.0.0.1'] });
    let isBroken = false;
    let requests = 0;
    const server = await open(
      startTcpServer((socket) => {
        socket.on('data', () => {
          requests += 1;
          if (isBroken) socket.resetAndDestroy();
          else socket.write(OK);
        });
      }),
    );
    await sendWith(sender, server.url);
    isBroken = true;
    expect(await sendWith(sender, server.url)).toMatchObject({ kind: 'error', errorClass: 'reset' });
    expect(requests).toBe(3);
  });

  it('is an attempt of the same length, both tries together', async () => {
    const sender = senderWith({ allow: ['127.0.0.1'] });
    let connections = 0;
    const server = await open(
      startTcpServer((socket) => {
        connections += 1;
        const isFirst = connections === 1;
        let served = 0;
        socket.on('data', () => {
          served += 1;
          if (isFirst && served === 1) socket.write(OK);
          else if (isFirst) setTimeout(() => socket.destroy(), 200);
        });
      }),
    );
    await sendWith(sender, server.url);
    const result = await sendWith(sender, server.url, { timeoutMs: 500 });
    expect(result).toMatchObject({ kind: 'error', errorClass: 'timeout' });
    expect(result.kind === 'error' && result.durationMs).toBeLessThan(690);
    expect(connections).toBe(2);
  });

  it('is an error of the endpoint where it had begun to answer, and on a new connection', async () => {
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const { server, requests } = servingOnce((socket) => socket.end('HTTP/1.1 20'));
    const { url } = await server;
    await sendWith(sender, url);
    expect(await sendWith(sender, url)).toMatchObject({ kind: 'error', errorClass: 'reset' });
    expect(requests()).toBe(2);
    let atNew = 0;
    const closing = await open(
      startTcpServer((socket) =>
        socket.on('data', () => {
          atNew += 1;
          socket.resetAndDestroy();
        }),
      ),
    );
    expect(await sendWith(sender, closing.url)).toMatchObject({ kind: 'error', errorClass: 'reset' });
    expect(atNew).toBe(1);
  });
});

describe('an idle connection', () => {
  const closedAfter = async (keepAlive: string): Promise<number> => {
    const sender = senderWith({ allow: ['127.0.0.1'] });
    let closedAt = 0;
    const server = await open(
      startTcpServer((socket) => {
        socket.on('data', () => socket.write(`HTTP/1.1 200 OK\r\n${keepAlive}content-length: 2\r\n\r\nok`));
        socket.on('close', () => {
          closedAt = performance.now();
        });
      }),
    );
    await sendWith(sender, server.url);
    const since = performance.now();
    await vi.waitFor(() => expect(closedAt).not.toBe(0), { timeout: 9000, interval: 20 });
    return closedAt - since;
  };

  it("is closed a second before the endpoint's own time", async () => {
    const ms = await closedAfter('connection: keep-alive\r\nkeep-alive: timeout=3\r\n');
    expect(ms).toBeGreaterThan(1500);
    expect(ms).toBeLessThan(2900);
  });

  it('is not kept where the endpoint gives it a second', async () => {
    expect(await closedAfter('keep-alive: timeout=1\r\n')).toBeLessThan(900);
  });

  it('is closed after four seconds where the endpoint says nothing', { timeout: 15_000 }, async () => {
    const ms = await closedAfter('');
    expect(ms).toBeGreaterThan(3000);
    expect(ms).toBeLessThan(6000);
  });
});

describe("a company's hanging requests", () => {
  const hangingServer = async () => {
    let hanging = 0;
    const server = await open(
      startTcpServer((socket) =>
        socket.on('data', (chunk) => {
          if (chunk.toString().startsWith('POST /hang')) hanging += 1;
          else socket.write(OK);
        }),
      ),
    );
    return { url: server.url, hanging: () => hanging };
  };

  it('keep nobody else waiting at the same host', async () => {
    const sender = senderWith({ allow: ['127.0.0.1'], eachOrigin: 8 });
    const { url, hanging } = await hangingServer();
    const stop = new AbortController();
    setMaxListeners(100, stop.signal);
    const hung = Array.from({ length: 20 }, () =>
      sendWith(sender, `${url}/hang`, { signal: stop.signal, timeoutMs: 15_000 }),
    );
    await vi.waitFor(() => expect(hanging()).toBe(8), { timeout: 5000 });
    for (const partnerId of ['par_b', 'par_c', 'par_d']) {
      const result = await sendWith(sender, `${url}/live`, { partnerId, timeoutMs: 1000 });
      expect(result).toMatchObject({ kind: 'response', status: 200 });
    }
    stop.abort();
    await Promise.all(hung);
  });

  it('are no attempts while they wait for a place: nothing of them leaves, and no time-out is theirs', async () => {
    const sender = senderWith({ allow: ['127.0.0.1'], eachOrigin: 2, placeWaitMs: 100 });
    const { url, hanging } = await hangingServer();
    const stop = new AbortController();
    const hung = [0, 1].map(() =>
      sendWith(sender, `${url}/hang`, { signal: stop.signal, timeoutMs: 15_000 }),
    );
    await vi.waitFor(() => expect(hanging()).toBe(2), { timeout: 5000 });
    expect(await sendWith(sender, `${url}/hang`, { timeoutMs: 50 })).toEqual({
      kind: 'not-sent',
      waitedMs: expect.any(Number),
    });
    expect(hanging()).toBe(2);
    // Whoever is still waiting gets the place that comes free.
    const waiting = sendWith(sender, `${url}/live`);
    stop.abort();
    expect(await waiting).toMatchObject({ kind: 'response', status: 200 });
    await Promise.all(hung);
  });
});

it('a connection that comes to nothing is not left open', async () => {
  let openCount = 0;
  const server = await open(
    startTcpServer((socket) => {
      openCount += 1;
      socket.resume().on('close', () => {
        openCount -= 1;
      });
    }),
  );
  const sender = senderWith({ allow: ['127.0.0.1'] });
  // A handshake that is never answered.
  const url = `https://127.0.0.1:${server.port}/`;
  expect(await sendWith(sender, url, { timeoutMs: 100 })).toMatchObject({ errorClass: 'timeout' });
  await vi.waitFor(() => expect(openCount).toBe(0), { timeout: 5000 });
});

it('says what is wrong with TLS: the chain, or that none is spoken', async () => {
  const sender = senderWith({ allow: ['127.0.0.1'] });
  const tls = createTlsServer(SELF_SIGNED, () => {});
  tls.on('tlsClientError', () => {});
  const selfSigned = await open(start(tls));
  expect(await sendWith(sender, `https://127.0.0.1:${selfSigned.port}/`)).toMatchObject({
    errorClass: 'tls',
    message: expect.stringContaining('known authority'),
  });
  const plain = await open(startTcpServer((socket) => socket.on('data', () => socket.write(OK))));
  expect(await sendWith(sender, `https://127.0.0.1:${plain.port}/`)).toMatchObject({
    errorClass: 'tls',
    message: expect.stringContaining('handshake'),
  });
});
