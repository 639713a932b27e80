import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** An endpoint of a hostile company: good while it is verified, and afterwards whatever it is told; it keeps nothing. */
export type CrudeEndpoint = {
  readonly url: string;
  requests(): number;
  /** From now on. */
  answer(how: (response: ServerResponse) => void): void;
  close(): Promise<void>;
};

export async function startCrudeEndpoint(): Promise<CrudeEndpoint> {
  let how: ((response: ServerResponse) => void) | undefined;
  let requests = 0;
  const server = createServer((incoming, response) => {
    response.on('error', () => undefined);
    if (how === undefined) return void giveBack(incoming, response).catch(() => response.destroy());
    requests += 1;
    incoming.resume();
    how(response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests: () => requests,
    answer(next) {
      how = next;
    },
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function giveBack(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { data } = JSON.parse(await text(incoming));
  response.end(JSON.stringify({ challenge: data.challenge }));
}
