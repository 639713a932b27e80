import { homeFolder } from './home.ts';
import { startHomeServers } from './home-servers.ts';
import { inEnglish } from './language.ts';
import { stopSignal, untilAborted } from './until-signal.ts';

/** `./anika servers`: only the three stores, in the foreground; for work on the apps and on the tests. */
export async function serveStores(say: (line: string) => void): Promise<void> {
  const signal = stopSignal();
  const servers = await startHomeServers({ home: homeFolder(), say: inEnglish(say) });
  for (const [name, url] of Object.entries(servers.urls)) say(`${name} ${url}`);
  await untilAborted(signal);
  await servers.stop();
}
