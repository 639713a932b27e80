import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';

export type Endpoint = { readonly url: string; close(): Promise<void> };

type Answer = { readonly status: number; readonly body?: string; readonly afterMs: number };

const challenge = z.object({
  type: z.literal('anika.endpoint.challenge'),
  data: z.object({ challenge: z.string() }),
});

/** Of every twenty requests thirteen are taken at once, three slowly, and four not at all. */
export function flakyAnswer(n: number): Answer {
  const place = n % 20;
  if (place === 3 || place === 11) return { status: 503, body: 'upstream is restarting', afterMs: 40 };
  if (place === 7) return { status: 500, body: '{"error":"deadlock detected"}', afterMs: 120 };
  if (place === 16) return { status: 429, body: 'slow down', afterMs: 5 };
  if (place % 6 === 5) return { status: 204, afterMs: 700 };
  return { status: 204, afterMs: 15 + (n % 7) * 9 };
}

/** A server of a company that answers challenges, and everything else as it is told. */
export async function openEndpoint(port: number, answer: (n: number) => Answer): Promise<Endpoint> {
  let count = 0;
  const server = createServer(async (request, response) => {
    const asked = challenge.safeParse(parsed(await text(request)));
    if (asked.success)
      return reply(response, { status: 200, body: JSON.stringify(asked.data.data), afterMs: 0 });
    count += 1;
    await reply(response, answer(count));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${port}/hooks/anika`,
    async close() {
      const closed = new Promise((done) => server.close(done));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function reply(
  response: ServerResponse<IncomingMessage>,
  { status, body, afterMs }: Answer,
): Promise<void> {
  await wait(afterMs);
  response.writeHead(status, { 'content-type': body?.startsWith('{') ? 'application/json' : 'text/plain' });
  response.end(body);
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
