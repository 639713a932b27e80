import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { Redis } from 'ioredis';
import { findRedisServer } from '../../tools/servers/redis.ts';
import { isListening } from './program.ts';

/** The program that `./anika` runs as well. */
export function redisServer(): Promise<string> {
  return findRedisServer(() => undefined);
}

/** A Redis server that a test may stop, empty and start again. */
export type OwnRedis = {
  readonly url: string;
  readonly pid: () => number;
  kill(): Promise<void>;
  /** With the data it had, which AOF kept; or without. */
  start(data?: 'kept' | 'lost'): Promise<void>;
  flush(): Promise<void>;
  remove(): Promise<void>;
};

/** @param more its settings, such as `--maxmemory-policy`, `allkeys-lru` */
export async function startOwnRedis(more: readonly string[] = []): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'anika-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child: ChildProcess;

  async function ask(command: 'ping' | 'flushall'): Promise<string> {
    const redis = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null, lazyConnect: true });
    redis.on('error', () => undefined);
    try {
      await redis.connect();
      return await (command === 'ping' ? redis.ping() : redis.flushall());
    } finally {
      redis.disconnect();
    }
  }

  async function start(data: 'kept' | 'lost' = 'kept'): Promise<void> {
    if (data === 'lost') await rm(join(folder, 'appendonlydir'), { recursive: true, force: true });
    const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes'];
    child = spawn(await redisServer(), [...settings, '--save', '', ...more], { stdio: 'ignore' });
    const needsPassword = more.includes('--requirepass');
    await eventually(async () => (needsPassword ? isListening(port) : (await ask('ping')) === 'PONG'));
  }

  async function kill(): Promise<void> {
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  await start();
  return {
    url,
    pid: () => child.pid ?? 0,
    kill,
    start,
    flush: async () => void (await ask('flushall')),
    async remove() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A sentinel that watches nothing. */
export async function startSentinel(): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'anika-sentinel-'));
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, `port ${port}\nbind 127.0.0.1\ndir ${folder}\n`);
  const child = spawn(await redisServer(), [file, '--sentinel'], { stdio: 'ignore' });
  await eventually(() => isListening(port));
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
