import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/**
 * What the wire does:
 * `pass` carries everything · `refuse` closes and refuses connections · `silent` keeps connections open and
 * carries nothing, as a half-open one · `no-answers` carries requests and swallows the answers: the other side
 * did it, and nobody hears · `stalled` reads no requests, so that who writes much cannot go on · `slow` holds back
 * each answer.
 */
export type LinkMode = 'pass' | 'refuse' | 'silent' | 'no-answers' | 'stalled' | 'slow';

/** A TCP proxy between one program and one store. */
export type Link = {
  readonly port: number;
  mode(): LinkMode;
  /** From now on. What was swallowed would break the streams: connections that lost bytes are reset on leaving. */
  set(mode: LinkMode): Promise<void>;
  /** Breaks all connections of this moment, with RST; new ones are carried as before. */
  reset(): void;
  /** Closes all connections of this moment in order, with FIN and the oldest first, as a server that is stopped. */
  end(): void;
  /** Goes silent once this many more bytes of requests have passed: a request half sent. */
  silentAfter(bytes: number): void;
  close(): Promise<void>;
};

/** The URL of a store at the other end of a link to it. */
export function throughLink(url: string, { port }: Pick<Link, 'port'>): string {
  const moved = new URL(url);
  moved.host = `127.0.0.1:${port}`;
  if (!moved.protocol.startsWith('mongodb')) return moved.href;
  // The driver would ask the members of the set for their own addresses and go round the link.
  moved.searchParams.delete('replicaSet');
  moved.searchParams.set('directConnection', 'true');
  return moved.href;
}

const SLOW_MS = 150;

export async function openLink(target: { host: string; port: number }): Promise<Link> {
  let mode: LinkMode = 'pass';
  let bytesLeft = Number.POSITIVE_INFINITY;
  const pairs = new Set<{ near: Socket; far: Socket; lost: boolean }>();

  const server = createServer((near) => {
    const far = connect(target);
    const pair = { near, far, lost: false };
    pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    const end = () => {
      pairs.delete(pair);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      socket.on('error', () => undefined); // breaking is its trade
      socket.on('close', end);
    }
    near.on('data', (chunk: Buffer) => {
      bytesLeft -= chunk.length;
      if (bytesLeft < 0 && mode !== 'silent') {
        carry(chunk.subarray(0, chunk.length + bytesLeft), near, far);
        mode = 'silent';
      }
      if (mode === 'stalled') near.pause();
      if (mode === 'silent' || mode === 'stalled') pair.lost = true;
      else carry(chunk, near, far);
    });
    far.on('data', (chunk: Buffer) => {
      if (mode === 'silent' || mode === 'no-answers' || mode === 'stalled') pair.lost = true;
      else if (mode === 'slow') setTimeout(() => carry(chunk, far, near), SLOW_MS);
      else carry(chunk, far, near);
    });
  });
  await listen(server, 0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the link has no port');
  const { port } = address;

  function endAll(): void {
    for (const { near, far } of [...pairs]) {
      near.destroy();
      far.destroy();
    }
  }

  function breakOff(which: (pair: { lost: boolean }) => boolean): void {
    for (const pair of [...pairs].filter(which)) {
      pair.near.resetAndDestroy();
      pair.far.destroy();
    }
  }

  return {
    port,
    mode: () => mode,
    async set(next) {
      bytesLeft = Number.POSITIVE_INFINITY;
      mode = next;
      if (next === 'refuse') {
        server.close();
        breakOff(() => true);
        return;
      }
      if (next === 'pass' || next === 'slow') breakOff((pair) => pair.lost);
      if (!server.listening) await listen(server, port);
    },
    reset: () => breakOff(() => true),
    end: endAll,
    silentAfter(bytes) {
      bytesLeft = bytes;
    },
    async close() {
      if (server.listening) server.close();
      breakOff(() => true);
    },
  };
}

function carry(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.destroyed || to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

async function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  await listening;
}
