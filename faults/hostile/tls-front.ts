import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import type { Endpoint } from '../endpoint.ts';

const FOLDER = join(import.meta.dirname, 'certificates');
const pem = (name: string) => readFileSync(join(FOLDER, `${name}.pem`));

/** What the programs are to trust so that `good` is good; for `NODE_EXTRA_CA_CERTS`. */
export const AUTHORITY = join(FOLDER, 'authority.pem');

/** What an endpoint shows to those that connect: a certificate, or something that is no handshake. */
export type Shown = 'good' | 'expired' | 'early' | 'foreign' | 'self-signed' | 'silence' | 'plain HTTP';

/** An endpoint behind TLS. */
export type TlsFront = Endpoint & {
  /** Closes what is open: the next request meets this. */
  show(shown: Shown): void;
};

/** Takes the TLS off in front of an endpoint that speaks plain HTTP; shows `good` at first. */
export async function openTlsFront(behind: Endpoint): Promise<TlsFront> {
  const port = Number(new URL(behind.url).port);
  const key = pem('key');
  const sockets = new Set<Socket>();
  let shown: Shown = 'good';

  const tls = createTlsServer({ key, cert: pem(shown) }, (secured) => {
    const plain = connect(port, '127.0.0.1');
    secured.on('error', () => plain.destroy()).on('close', () => plain.destroy());
    plain.on('error', () => secured.destroy()).on('close', () => secured.destroy());
    secured.pipe(plain).pipe(secured);
  });
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    if (shown === 'silence') return void socket.resume();
    if (shown === 'plain HTTP')
      return void socket.resume().end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
    tls.emit('connection', socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');

  function closeAll(): void {
    for (const socket of sockets) socket.destroy();
  }
  return {
    ...behind,
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    show(next) {
      shown = next;
      if (next !== 'silence' && next !== 'plain HTTP') tls.setSecureContext({ key, cert: pem(next) });
      closeAll();
    },
    async close() {
      server.close();
      closeAll();
      await behind.close();
    },
  };
}
