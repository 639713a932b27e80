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

/** Starts the three stores in `<home>/faults` and builds what is shipped. */
export async function openGround(home: string, say: (line: string) => void): Promise<Ground> {
  const folder = join(home, 'faults');
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
