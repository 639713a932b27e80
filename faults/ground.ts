import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTemplate } from '@anika/testkit/template';
import { REPOSITORY } from '../tools/home.ts';
import { type HomeServers, startHomeServers } from '../tools/home-servers.ts';
import { runCommand } from '../tools/run-command.ts';

export const STORES = ['postgres', 'mongodb', 'redis'] as const;
export type Store = (typeof STORES)[number];

/** The servers all faults happen to: the suite's own, so that nobody else's are stopped. */
export type Ground = {
  readonly home: string;
  readonly urls: HomeServers['urls'];
  /** Of a store's processes; more than one where a store is made of two. */
  pidsOf(store: Store): readonly number[];
  /** Sends a signal to all of them. What is killed is started again by itself. */
  signal(store: Store, signal: NodeJS.Signals): void;
  stop(): Promise<void>;
};

const BUILD_TIMEOUT_MS = 120_000;
const MOUNT = { timeoutMs: 10_000 };

/** Room for the programs that stand in for MongoDB where there is none, for its data, and little more. */
const SMALL_DISKS = { redis: '12m', mongodb: '1100m' } as const;

/** Starts the three stores in `<home>/faults` and builds what is shipped. */
export async function openGround(home: string, say: (line: string) => void): Promise<Ground> {
  return startGround(join(home, 'faults'), say);
}

/** The same with the data of Redis and MongoDB on small disks in memory; undefined where none can be mounted. */
export async function openSmallGround(
  home: string,
  say: (line: string) => void,
): Promise<Ground | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const folder = join(home, 'faults-small-disk');
  const disks = Object.entries(SMALL_DISKS).map(([store, size]) => ({ path: join(folder, store), size }));
  const unmount = async () => {
    for (const { path } of disks) await runCommand('umount', [path], MOUNT).catch(() => undefined);
  };
  await unmount(); // a run that was killed left them
  for (const { path, size } of disks) {
    await mkdir(path, { recursive: true });
    await runCommand('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', path], MOUNT);
  }
  try {
    const ground = await startGround(folder, say);
    return {
      ...ground,
      async stop() {
        await ground.stop();
        await unmount();
      },
    };
  } catch (error) {
    await unmount();
    throw error;
  }
}

async function startGround(folder: string, say: (line: string) => void): Promise<Ground> {
  await mkdir(folder, { recursive: true });
  say('Building the programs as they are shipped …');
  await runCommand('npx', ['--no-install', 'turbo', 'run', 'build', '--output-logs=errors-only'], {
    cwd: REPOSITORY,
    timeoutMs: BUILD_TIMEOUT_MS,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  say('Starting PostgreSQL, MongoDB and Redis …');
  const pids = new Map<string, number>();
  const servers = await startHomeServers({
    home: folder,
    say: () => undefined, // that what was killed is started again is no news here
    onPid: (name, pid) => void pids.set(name, pid),
  });
  await ensureTemplate(servers.urls.databaseUrl);
  // Logs of an earlier run would be read as this one's.
  await rm(join(folder, 'evidence'), { recursive: true, force: true });

  const pidsOf = (store: Store) =>
    [...pids].filter(([name]) => name === store || name.startsWith(`${store}-`)).map(([, pid]) => pid);
  return {
    home: folder,
    urls: servers.urls,
    pidsOf,
    signal(store, signal) {
      for (const pid of pidsOf(store)) process.kill(pid, signal);
    },
    stop: servers.stop,
  };
}
