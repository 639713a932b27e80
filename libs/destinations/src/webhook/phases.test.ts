import type { Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { type Making, phasesOf } from './phases.ts';
import type { SendRequest } from './send.ts';
import { start, startTcpServer } from './testing/loopback-server.ts';
import { closedBy } from './testing/opened.ts';
import { SELF_SIGNED } from './testing/self-signed.ts';

const { open, senderWith } = closedBy(afterEach);
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

const BY_NAME: Making = { isTls: true, isByName: true, startedAt: 100 };

describe('phasesOf()', () => {
  it.each<[string, Partial<Making> | undefined, { begunAt?: number; headAt?: number }, object]>([
    ['a kept connection', undefined, { begunAt: 170, headAt: 180 }, { firstByte: 10, body: 20 }],
    [
      'a new connection',
      { resolvedAt: 103, connectedAt: 110, readyAt: 130, address: '192.0.2.1:443' },
      { begunAt: 131, headAt: 190 },
      { dns: 3, connect: 7, tls: 20, firstByte: 59, body: 10 },
    ],
    ['a name that was looked up until the end', {}, {}, { dns: 100 }],
    ['a name without an address', { resolvedAt: 140 }, {}, { dns: 40 }],
    ['no connection', { resolvedAt: 140, address: '192.0.2.1:443' }, {}, { dns: 40, connect: 60 }],
    [
      'a handshake that failed',
      { resolvedAt: 101, connectedAt: 102, readyAt: 110, address: '192.0.2.1:443' },
      {},
      { dns: 1, connect: 1, tls: 8 },
    ],
    ['no answer', undefined, { begunAt: 120 }, { firstByte: 80 }],
  ])('tells of %s how long each part took, until the end of the one in which it ended', (...row) => {
    const [, making, { begunAt, headAt }, expected] = row;
    const course = { begunAt, headAt, hasBody: true, endedAt: 200 };
    expect(phasesOf({ ...course, making: making && { ...BY_NAME, ...making } })).toEqual(expected);
  });

  it('tells of no look-up where there was an address, of no TLS without it, of no body where there is none', () => {
    const making = { ...BY_NAME, isTls: false, isByName: false, connectedAt: 104, address: '192.0.2.1:80' };
    expect(phasesOf({ making, begunAt: 105, headAt: 110, hasBody: false, endedAt: 110 })).toEqual({
      connect: 4,
      firstByte: 5,
    });
  });
});

function sendWith(url: string, more: Partial<SendRequest> = {}) {
  return { partnerId: 'par_a', url, headers: {}, body: '{}', timeoutMs: 1500, ...more };
}

const ms = expect.any(Number);

describe('an attempt', () => {
  it('has the phases of its connection and the address, and the next one on it none of them', async () => {
    const server = await open(startTcpServer((socket) => socket.on('data', () => socket.write(OK))));
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const address = `127.0.0.1:${server.port}`;
    const first = await sender.send(sendWith(server.url));
    expect(first).toMatchObject({ phases: { connect: ms, firstByte: ms, body: ms }, address });
    expect(first).not.toHaveProperty('phases.dns');
    const second = await sender.send(sendWith(server.url));
    expect(second).toMatchObject({ kind: 'response', address });
    expect(second).toHaveProperty('phases', { firstByte: ms, body: ms });
    expect(server.connectionCount()).toBe(1);
  });

  it('has the look-up of a name, and the address that it was sent to', async () => {
    const server = await open(startTcpServer((socket) => socket.on('data', () => socket.write(OK))));
    const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
    const sender = senderWith({ allow: ['bank.example', '127.0.0.1'], resolve });
    const sent = await sender.send(sendWith(`http://bank.example:${server.port}/`));
    expect(sent).toMatchObject({
      phases: { dns: ms, connect: ms, firstByte: ms },
      address: `127.0.0.1:${server.port}`,
    });
  });

  it('that ends in its handshake has TLS as its last phase', async () => {
    const server = await open(start(createTlsServer(SELF_SIGNED)));
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const sent = await sender.send(sendWith(`https://127.0.0.1:${server.port}/`));
    expect(sent).toMatchObject({ errorClass: 'tls', address: `127.0.0.1:${server.port}` });
    expect(sent).toHaveProperty('phases', { connect: ms, tls: ms });
  });

  it('that is refused has the address that refused it', async () => {
    const server = await startTcpServer(() => undefined);
    await server.close();
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const sent = await sender.send(sendWith(server.url));
    expect(sent).toMatchObject({ errorClass: 'refused', address: `127.0.0.1:${server.port}` });
    expect(sent).toHaveProperty('phases', { connect: ms });
  });

  it('that waits in vain has waited for the first byte', async () => {
    const server = await open(startTcpServer((socket: Socket) => void socket.resume()));
    const sender = senderWith({ allow: ['127.0.0.1'] });
    const sent = await sender.send(sendWith(server.url, { timeoutMs: 120 }));
    expect(sent).toMatchObject({ errorClass: 'timeout' });
    expect(sent).toHaveProperty('phases', { connect: ms, firstByte: ms });
    expect('phases' in sent && sent.phases?.firstByte).toBeGreaterThan(60);
  });

  it('to a forbidden address went nowhere', async () => {
    const sent = await senderWith({ allow: [] }).send(sendWith('http://127.0.0.1:9/'));
    expect(sent).toMatchObject({ errorClass: 'blocked' });
    expect('address' in sent && sent.address).toBeFalsy();
  });
});
