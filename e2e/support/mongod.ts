import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { MongoClient } from 'mongodb';
import { isListening } from './program.ts';

export type OwnMongod = { readonly port: number; stop(): Promise<void> };

/**
 * A server of its own, run by the program that runs the one at `url`.
 * @param settings beside its folder and port
 */
export async function startOwnMongod(url: string, settings: readonly string[] = []): Promise<OwnMongod> {
  const client = await MongoClient.connect(url);
  const { argv } = await client.db('admin').command({ getCmdLineOpts: 1 });
  await client.close();
  const folder = await mkdtemp(join(tmpdir(), 'anika-mongod-'));
  const port = await freePort();
  const own = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1'];
  const child = spawn(argv[0], [...own, ...settings], { stdio: 'ignore' });
  await eventually(() => isListening(port), { timeoutMs: 30_000 });
  return {
    port,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** With users, as a replica set of one; `createUser` is what mongosh would be given. */
export async function startGuardedMongod(
  url: string,
  createUser: { readonly db: string; readonly document: Readonly<Record<string, unknown>> },
): Promise<OwnMongod> {
  const folder = await mkdtemp(join(tmpdir(), 'anika-mongod-key-'));
  const keyFile = join(folder, 'members.key');
  await writeFile(keyFile, 'a'.repeat(64), { mode: 0o400 });
  const mongod = await startOwnMongod(url, ['--replSet', 'anika', '--keyFile', keyFile]);
  const direct = `mongodb://127.0.0.1:${mongod.port}/?directConnection=true`;
  // The first user may be made from the machine itself, by nobody.
  const nobody = await MongoClient.connect(direct);
  const members = [{ _id: 0, host: `127.0.0.1:${mongod.port}` }];
  await nobody.db('admin').command({ replSetInitiate: { _id: 'anika', members } });
  await eventually(async () => (await nobody.db('admin').command({ hello: 1 })).isWritablePrimary === true, {
    timeoutMs: 30_000,
  });
  await nobody.db('admin').command({ createUser: 'root', pwd: 'root', roles: ['root'] });
  await nobody.close();
  const root = await MongoClient.connect(direct.replace('//', '//root:root@'));
  const { user, ...rest } = createUser.document;
  await root.db(createUser.db).command({ createUser: user, ...rest });
  await root.close();
  return {
    port: mongod.port,
    async stop() {
      await mongod.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
