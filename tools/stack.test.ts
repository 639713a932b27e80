import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { requireFreePort, withDatabaseName } from './stack.ts';

it.each([
  ['mongodb://127.0.0.1:1', 'mongodb://127.0.0.1:1/anika'],
  ['mongodb://127.0.0.1:1/', 'mongodb://127.0.0.1:1/anika'],
  ['mongodb://a:1,b:2/?replicaSet=r', 'mongodb://a:1,b:2/anika?replicaSet=r'],
  ['mongodb+srv://u:p@host?tls=true', 'mongodb+srv://u:p@host/anika?tls=true'],
  ['mongodb://127.0.0.1:1/other?x=1', 'mongodb://127.0.0.1:1/other?x=1'],
])('withDatabaseName() names a database where %s names none', (given, expected) => {
  expect(withDatabaseName(given)).toBe(expected);
});

it('requireFreePort() says in one sentence that a port is in use', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(requireFreePort(port)).rejects.toThrow(
    `Port ${port} is in use: stop what uses it, or choose another with --port.`,
  );
  await new Promise((resolve) => server.close(resolve));
  await expect(requireFreePort(port)).resolves.toBeUndefined();
});
