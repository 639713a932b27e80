import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import type { Sender, SendRequest } from './send.ts';
import { startTcpServer } from './testing/loopback-server.ts';
import { closedBy } from './testing/opened.ts';

const { open, senderWith, answering } = closedBy(afterEach);
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

let sender: Sender;

function send(url: string, more: Partial<SendRequest> = {}) {
  return sender.send({ partnerId: 'par_a', url, headers: {}, body: '{"a":1}', timeoutMs: 1500, ...more });
}

beforeEach(() => {
  sender = senderWith({ allow: ['127.0.0.1'] });
});

describe('the status decides', () => {
  test.each([
    ['204 with a length and a body', 204, 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\nok'],
    ['204 with a length and no body', 204, 'HTTP/1.1 204 No Content\r\ncontent-length: 2\r\n\r\n'],
    [
      '204 in chunks',
      204,
      'HTTP/1.1 204 No Content\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['304 with a length', 304, 'HTTP/1.1 304 Not Modified\r\ncontent-length: 120\r\n\r\n'],
    ['205 with a length and no body', 205, 'HTTP/1.1 205 Reset Content\r\ncontent-length: 9\r\n\r\n'],
    ['205 in chunks that do not come', 205, 'HTTP/1.1 205 x\r\ntransfer-encoding: chunked\r\n\r\n'],
  ])('for %s', async (_title, status, answer) => {
    const server = await answering(answer);
    const result = await send(server.url);
    expect(result).toMatchObject({ kind: 'response', status });
    // What was left of it is nobody's next answer.
    expect(await send(server.url)).toMatchObject({ kind: 'response', status });
  });

  it('for a 204 without a length, whose connection is used again', async () => {
    const server = await answering('HTTP/1.1 204 No Content\r\n\r\n');
    for (let at = 0; at < 5; at += 1) expect(await send(server.url)).toMatchObject({ status: 204 });
    expect(server.connectionCount()).toBe(1);
  });
});

describe('interim answers', () => {
  const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
  const EARLY = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';

  test.each<[string, string[]]>([
    ['one 100 that nobody asked for', [CONTINUE, OK]],
    ['a 100 together with the answer', [CONTINUE + OK]],
    ['a 100 with headers', ['HTTP/1.1 100 Continue\r\nx: y\r\n\r\n', OK]],
    ['a 100 of HTTP/1.0', ['HTTP/1.0 100 Continue\r\n\r\n', OK]],
    ['several, of several kinds', [CONTINUE, EARLY, CONTINUE + EARLY, 'HTTP/1.1 102 x\r\n\r\n', OK]],
    ['a line break before them', [`\r\n${CONTINUE}\r\n${OK}`]],
    ['bytes one by one', [...(CONTINUE + EARLY + OK)]],
  ])('are passed over: %s', async (_title, pieces) => {
    const server = await open(
      startTcpServer((socket) => {
        socket.setNoDelay(true);
        socket.on('data', () => void writeSlowly(socket, pieces));
      }),
    );
    expect(await send(server.url)).toMatchObject({ kind: 'response', status: 200, bodyStart: 'ok' });
    // Also on a connection that is used again.
    expect(await send(server.url)).toMatchObject({ kind: 'response', status: 200, bodyStart: 'ok' });
    expect(server.connectionCount()).toBe(1);
  });

  it('are no more than a head may have', async () => {
    const server = await answering(CONTINUE.repeat(1000), OK);
    expect(await send(server.url)).toMatchObject({ kind: 'error', errorClass: 'protocol' });
    const long = await answering(`HTTP/1.1 100 Continue\r\nx: ${'y'.repeat(40_000)}`);
    expect(await send(long.url)).toMatchObject({ kind: 'error', errorClass: 'protocol' });
  });

  it('alone are no answer', async () => {
    const server = await open(
      startTcpServer((socket) => socket.once('data', () => socket.end('HTTP/1.1 100 Continue\r\n\r\n'))),
    );
    expect(await send(server.url)).toMatchObject({ kind: 'error', errorClass: 'reset' });
  });

  async function writeSlowly(socket: Socket, pieces: readonly string[]): Promise<void> {
    for (const piece of pieces) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
});

describe('the text that is kept', () => {
  const withType = (type: string, body: Buffer) =>
    answering(`HTTP/1.1 500 x\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`, body);

  test.each([
    ['windows-1251', 'text/html; charset=windows-1251', [0xce, 0xf8, 0xe8, 0xe1, 0xea, 0xe0], 'Ошибка'],
    ['a quoted charset', 'text/plain;charset="KOI8-R"', [0xef, 0xdb, 0xc9, 0xc2, 0xcb, 0xc1], 'Ошибка'],
    ['UTF-16', 'text/plain; charset=utf-16le', [0x1e, 0x04, 0x48, 0x04], 'Ош'],
    ['UTF-8 with a byte order mark', 'application/json', [0xef, 0xbb, 0xbf, 0x7b, 0x7d], '{}'],
    ['a charset that nobody knows', 'text/plain; charset=klingon', [0xd0, 0x96], 'Ж'],
  ])('is read as %s', async (_title, type, bytes, text) => {
    const server = await withType(type, Buffer.from(bytes));
    expect(await send(server.url)).toMatchObject({ status: 500, bodyStart: text });
  });
});

describe('the target of the request', () => {
  test.each([
    ['/hook?', '/hook?'],
    ['/?', '/?'],
    ['?', '/?'],
    ['/a%20b/?x=1?&y=#part', '/a%20b/?x=1?&y='],
    ['', '/'],
  ])('of %s is %s', async (written, target) => {
    let first = '';
    const server = await open(
      startTcpServer((socket) =>
        socket.on('data', (chunk) => {
          first ||= chunk.toString('latin1').split('\r\n')[0] ?? '';
          socket.write(OK);
        }),
      ),
    );
    expect(await send(server.url + written)).toMatchObject({ status: 200 });
    expect(first).toBe(`POST ${target} HTTP/1.1`);
  });
});
