import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readJson, writeJson } from './home.ts';

/** Hands out ports of the loopback address; a name keeps its port from run to run while that is free. */
export interface Ports {
  choose(name: string): Promise<number>;
}

// Below the range from which the system takes the ports of outgoing connections.
const FIRST = 20_000;
const LAST = 32_000;

export async function openPorts(home: string): Promise<Ports> {
  const path = join(home, 'ports.json');
  const chosen = new Map<string, number>(Object.entries(parsePorts(await readJson(path))));

  async function choose(name: string): Promise<number> {
    const known = chosen.get(name);
    if (known !== undefined && (await isFree(known))) return known;
    const port = await findFree(new Set(chosen.values()));
    chosen.set(name, port);
    await writeJson(path, Object.fromEntries(chosen));
    return port;
  }

  // One at a time, or two servers that start together could be given the same port.
  let last: Promise<unknown> = Promise.resolve();
  return {
    choose(name) {
      const next = last.then(() => choose(name));
      last = next.catch(() => undefined);
      return next;
    },
  };
}

function parsePorts(value: unknown): Record<string, number> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).filter(([, port]) => Number.isInteger(port)));
}

async function findFree(taken: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST);
    if (!taken.has(port) && (await isFree(port))) return port;
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
