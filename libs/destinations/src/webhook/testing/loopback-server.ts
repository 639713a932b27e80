import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';

export type LoopbackServer = {
  readonly port: number;
  readonly url: string;
  /** Connections that were opened, ever. */
  connectionCount(): number;
  close(): Promise<void>;
};

/** A server that says what it likes, valid HTTP or not. */
export function startTcpServer(onConnection: (socket: Socket) => void): Promise<LoopbackServer> {
  return start(createTcpServer(onConnection));
}

export function startHttpServer(listener: RequestListener): Promise<LoopbackServer> {
  return start(createHttpServer(listener));
}

export async function start(server: Server): Promise<LoopbackServer> {
  const sockets = new Set<Socket>();
  let count = 0;
  server.on('connection', (socket: Socket) => {
    count += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients under test break connections; that is no failure of the server.
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('start: the server has no port');
  return {
    port: address.port,
    url: `http://127.0.0.1:${address.port}`,
    connectionCount: () => count,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
