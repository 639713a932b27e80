import { connect, type Socket } from 'node:net';
import type { HostileCompany } from './hostile-company.ts';

/** So many connections; beyond, the oldest is given up. */
const OPEN_MAX = 300;

/** Asks for the largest pages there are, each on a connection that is never read. */
export function openUnreadAnswers(apiUrl: string, { key, address, topicId }: HostileCompany) {
  const { hostname, port } = new URL(apiUrl);
  const open = new Set<Socket>();
  const asked = [
    `GET /v1/messages?topicId=${topicId}&limit=200 HTTP/1.1`,
    `host: ${hostname}`,
    `authorization: Bearer ${key}`,
  ];
  return {
    async open(): Promise<void> {
      const socket = connect({ host: hostname, port: Number(port), localAddress: address });
      socket.on('error', () => undefined).on('close', () => open.delete(socket));
      socket.pause().write(`${asked.join('\r\n')}\r\n\r\n`);
      open.add(socket);
      const [oldest] = open;
      if (open.size > OPEN_MAX) oldest?.destroy();
    },
    close(): void {
      for (const socket of open) socket.destroy();
    },
  };
}
