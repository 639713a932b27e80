import { dropAbandoned } from './databases.ts';
import { readServers } from './servers.ts';
import { ensureTemplate } from './template.ts';

/** Vitest calls it once before the tests of a project that needs real servers. */
export async function setup(): Promise<void> {
  const servers = readServers();
  await ensureTemplate(servers.databaseUrl);
  await dropAbandoned(servers, Date.now());
}
