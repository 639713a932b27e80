import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { freePort, rangeOf } from './free-port.ts';

const LOWEST_OF_OTHERS = 32_768;

it('freePort() gives no port twice, also when it is asked at once', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort(rangeOf(7))));
  expect(new Set(ports).size).toBe(50);
});

it('freePort() gives no port at which somebody listens, and says when there is none left', async () => {
  const range = { first: rangeOf(6).first, count: 5 };
  const taken = await freePort(range);
  // What it gave is not given again; a neighbour that somebody else listens at is not given at all.
  const other = range.first + ((taken - range.first + 1) % range.count);
  const server = createServer().listen(other, '127.0.0.1');
  await once(server, 'listening');
  const rest = await Promise.all([freePort(range), freePort(range), freePort(range)]);
  expect(rest).not.toContain(other);
  await expect(freePort(range)).rejects.toThrow(/^no free port from 27000 to 27004$/);
  server.close();
});

it('workers have ranges that do not meet, below the ports of outgoing connections', () => {
  const ranges = Array.from({ length: 8 }, (_, worker) => rangeOf(worker));
  for (const [n, { first, count }] of ranges.entries()) {
    expect(first + count).toBeLessThanOrEqual(ranges[n + 1]?.first ?? LOWEST_OF_OTHERS);
  }
});
