import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { homeFolder, writeJson } from './home.ts';
import { lockHome } from './lock.ts';
import { startServers } from './servers.ts';
import { createSupervisor } from './supervise.ts';
import { stopSignal, untilAborted } from './until-signal.ts';

/** `./anika servers`: only the three stores, in the foreground; for work on the apps and on the tests. */
export async function serveStores(say: (line: string) => void): Promise<void> {
  const stop = stopSignal();
  const home = homeFolder();
  const lock = await lockHome(home);
  const file = join(home, 'servers.json');
  const supervisor = await createSupervisor({ home, say });
  try {
    const urls = await startServers({ home, supervisor, say });
    await writeJson(file, urls);
    for (const [name, url] of Object.entries(urls)) say(`${name} ${url}`);
    await untilAborted(stop);
  } finally {
    await rm(file, { force: true });
    await supervisor.stopAll();
    await lock.release();
  }
}
