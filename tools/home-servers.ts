import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readJson, writeJson } from './home.ts';
import { homeHolder, lockHome } from './lock.ts';
import { type ServerUrls, startServers } from './servers.ts';
import { createSupervisor, type Supervisor, type SupervisorOptions } from './supervise.ts';

/** A home folder that this process holds, with its servers running. */
export interface HomeServers {
  readonly urls: ServerUrls;
  /** Further processes kept by it are stopped before the servers. */
  readonly supervisor: Supervisor;
  stop(): Promise<void>;
}

export interface HomeServersOptions extends SupervisorOptions {
  /** Servers that already run somewhere; none are started then. */
  readonly servers?: ServerUrls;
  /** Rejects to end the start; called when what a killed run left is gone and nothing is started yet. */
  readonly precondition?: () => Promise<void>;
}

/** Takes the home folder and starts the three stores in it; `servers.json` names them while they run. */
export async function startHomeServers(options: HomeServersOptions): Promise<HomeServers> {
  const { home, say } = options;
  const lock = await lockHome(home);
  const file = join(home, 'servers.json');
  try {
    const supervisor = await createSupervisor(options);
    const stop = async () => {
      await rm(file, { force: true });
      await supervisor.stopAll();
      await lock.release();
    };
    try {
      await options.precondition?.();
      const urls = options.servers ?? (await startServers({ home, supervisor, say }));
      await writeJson(file, urls);
      return { urls, supervisor, stop };
    } catch (error) {
      await supervisor.stopAll();
      throw error;
    }
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The servers of a home that another process holds, or undefined. */
export async function findRunningServers(home: string): Promise<ServerUrls | undefined> {
  if ((await homeHolder(home)) === undefined) return undefined;
  const found = await readJson(join(home, 'servers.json'));
  return isServerUrls(found) ? found : undefined;
}

function isServerUrls(value: unknown): value is ServerUrls {
  if (typeof value !== 'object' || value === null) return false;
  return 'databaseUrl' in value && 'mongodbUrl' in value && 'redisUrl' in value;
}
