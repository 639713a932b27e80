import { afterEach, describe, expect, it, test } from 'vitest';
import type { Resolve } from './ask-dns.ts';
import { BlockedAddressError } from './classify-error.ts';
import { createConnectors } from './connect.ts';
import { createEgressGuard } from './guard-address.ts';
import { createNames } from './names.ts';
import type { Sender } from './send.ts';
import { closedBy } from './testing/opened.ts';

const { senderWith, answering } = closedBy(afterEach);
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

function send(sender: Sender, url: string) {
  return sender.send({ partnerId: 'par_a', url, headers: {}, body: '{}', timeoutMs: 1500 });
}

describe('an address that is not allowed', () => {
  const answers = (...addresses: string[]): Resolve => {
    return async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };

  it('is not connected to when the URL has it', async () => {
    const server = await answering(OK);
    const sender = senderWith({ allow: [] });
    expect(await send(sender, `https://127.0.0.1:${server.port}/`)).toMatchObject({ errorClass: 'blocked' });
    expect(await send(sender, `https://[::ffff:127.0.0.1]:${server.port}/`)).toMatchObject({
      errorClass: 'blocked',
    });
    expect(server.connectionCount()).toBe(0);
  });

  it('is not even asked for when the URL breaks a rule by itself', async () => {
    const sender = senderWith({ allow: [], resolve: () => Promise.reject(new Error('was asked')) });
    expect(await send(sender, 'https://example.com:25/')).toMatchObject({
      errorClass: 'blocked',
      message: 'not sent: port 25 is not one for web servers',
    });
  });

  test.each([
    ['loopback', ['127.0.0.1']],
    ['metadata', ['169.254.169.254']],
    ['IPv6 loopback', ['::1']],
    ['mapped loopback', ['::ffff:127.0.0.1']],
    ['compatible loopback', ['::127.0.0.1']],
    ['translated loopback', ['64:ff9b::7f00:1']],
    ['6to4 loopback', ['2002:7f00:1::1']],
    ['Teredo loopback', ['2001:0:4136:e378:8000:63bf:80ff:fffe']],
    ['this host', ['0.0.0.0']],
    ['this host in IPv6', ['::']],
    ['another loopback', ['127.255.255.254']],
    ['a link with its zone', ['fe80::1%lo']],
    ['loopback with a zone', ['::1%lo']],
    ['a private network', ['10.0.0.1', '192.168.0.1', '172.31.0.1']],
    ['a private IPv6 network', ['fd00::1']],
    ['a carrier network', ['100.64.0.1']],
    ['what is no address', ['localhost']],
    ['a number', ['2130706433']],
    ['an octal spelling', ['0177.0.0.1']],
    ['nothing', []],
    ['a good one and loopback', ['93.184.216.34', '127.0.0.1']],
    ['loopback and a good one', ['127.0.0.1', '93.184.216.34']],
  ])('is not connected to when a name resolves to %s', async (_title, addresses) => {
    const server = await answering(OK);
    const sender = senderWith({ allow: [], resolve: answers(...addresses) });
    expect(await send(sender, `https://innocent.example.com:${server.port}/`)).toMatchObject({
      kind: 'error',
      errorClass: 'blocked',
    });
    expect(server.connectionCount()).toBe(0);
  });

  it('is not reached by an answer that changes after the check', async () => {
    const server = await answering(OK);
    let asked = 0;
    const resolve: Resolve = async () => {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '127.0.0.2', family: 4 }];
    };
    const sender = senderWith({ allow: ['127.0.0.1'], resolve });
    expect(await send(sender, `http://localhost:${server.port}/`)).toMatchObject({ status: 200 });
    expect(asked).toBe(1);
  });

  it('beside an allowed one does not matter for localhost', async () => {
    const server = await answering(OK);
    const sender = senderWith({ allow: ['127.0.0.1'], resolve: answers('::1', '127.0.0.1') });
    expect(await send(sender, `http://localhost:${server.port}/`)).toMatchObject({ status: 200 });
  });
});

it('asks for a name once while the same question is under way', async () => {
  const server = await answering(OK);
  let asked = 0;
  const resolve: Resolve = async () => {
    asked += 1;
    return [{ address: '127.0.0.1', family: 4 }];
  };
  const sender = senderWith({ allow: ['127.0.0.1'], resolve });
  const results = await Promise.all(
    Array.from({ length: 10 }, () => send(sender, `http://localhost:${server.port}/`)),
  );
  expect(results.every((result) => result.kind === 'response')).toBe(true);
  expect(asked).toBe(1);
});

describe('createConnectors()', () => {
  test.each(['127.0.0.1', '[::1]', '[::ffff:10.0.0.1]', '169.254.169.254'])(
    'refuses the literal address %s, about which no lookup is made',
    async (hostname) => {
      const connectors = createConnectors({
        guard: createEgressGuard({ allow: [] }),
        names: createNames({}),
      });
      const outcome = await new Promise((resolve) => {
        connectors('par_a')({ hostname, protocol: 'http:', port: '1' }, (...[error]) => resolve(error));
      });
      expect(outcome).toBeInstanceOf(BlockedAddressError);
    },
  );
});
