import { once } from 'node:events';
import { createServer } from 'node:net';

export type PortRange = { readonly first: number; readonly count: number };

/**
 * Below what Linux (from 32768) and macOS (from 49152) give to outgoing connections and to who listens at port 0:
 * until its program listens, nothing else is given the port.
 */
const LOWEST = 12_000;
const COUNT = 2500;
const WORKERS = 8;

const given = new Set<number>();

/** Each of vitest's workers has a range of its own. */
export function rangeOf(worker: number): PortRange {
  return { first: LOWEST + (worker % WORKERS) * COUNT, count: COUNT };
}

/** A port of 127.0.0.1 at which nothing listens; given once in this process, and to no other worker of this run. */
export async function freePort(range = rangeOf(Number(process.env.VITEST_POOL_ID ?? 0))): Promise<number> {
  const { first, count } = range;
  const from = Math.floor(Math.random() * count);
  for (let n = 0; n < count; n += 1) {
    const port = first + ((from + n) % count);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port from ${first} to ${first + count - 1}`);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return true;
  } catch {
    return false; // somebody listens
  } finally {
    await new Promise((done) => server.close(done));
  }
}
