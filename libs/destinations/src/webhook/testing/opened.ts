import { createEgressGuard } from '../guard-address.ts';
import { createSender, type Sender, type SenderOptions } from '../send.ts';
import { type LoopbackServer, startTcpServer } from './loopback-server.ts';

/** Opens servers and senders that are closed after each test of the file; to be given vitest's `afterEach`. */
export function closedBy(afterEach: (close: () => Promise<void>) => void) {
  const opened: { close(): Promise<void> }[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((each) => each.close()));
  });

  async function open(server: Promise<LoopbackServer>): Promise<LoopbackServer> {
    const started = await server;
    opened.push(started);
    return started;
  }

  return {
    open,
    senderWith({ allow, ...options }: { allow: readonly string[] } & Omit<SenderOptions, 'guard'>): Sender {
      const made = createSender({ guard: createEgressGuard({ allow }), ...options });
      opened.push(made);
      return made;
    },
    /** A server that writes these bytes whenever it receives some. */
    answering(...parts: (string | Buffer)[]): Promise<LoopbackServer> {
      return open(
        startTcpServer((socket) => {
          socket.on('data', () => {
            for (const part of parts) socket.write(part);
          });
        }),
      );
    },
  };
}
