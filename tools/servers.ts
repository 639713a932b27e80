import { openPorts } from './ports.ts';
import type { ServerContext } from './servers/local-server.ts';
import { startMongodb } from './servers/mongodb.ts';
import { startPostgres } from './servers/postgres.ts';
import { startRedis } from './servers/redis.ts';

export interface ServerUrls {
  readonly databaseUrl: string;
  readonly mongodbUrl: string;
  readonly redisUrl: string;
}

/** Starts the three stores side by side, each from the first source that this machine has. */
export async function startServers(context: Omit<ServerContext, 'ports'>): Promise<ServerUrls> {
  const servers = { ...context, ports: await openPorts(context.home) };
  // All of them have come to an end before an error goes up: nothing may start after the clean-up.
  const [postgres, mongodb, redis] = await Promise.allSettled([
    startPostgres(servers),
    startMongodb(servers),
    startRedis(servers),
  ]);
  return { databaseUrl: urlOf(postgres), mongodbUrl: urlOf(mongodb), redisUrl: urlOf(redis) };
}

function urlOf(result: PromiseSettledResult<{ url: string }>): string {
  if (result.status === 'rejected') throw result.reason;
  return result.value.url;
}
