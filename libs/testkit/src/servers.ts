import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The three stores that tests run on. */
export interface ServerUrls {
  readonly databaseUrl: string;
  readonly mongodbUrl: string;
  readonly redisUrl: string;
}

const VARIABLES = {
  databaseUrl: 'ANIKA_TEST_DATABASE_URL',
  mongodbUrl: 'ANIKA_TEST_MONGODB_URL',
  redisUrl: 'ANIKA_TEST_REDIS_URL',
} as const;

/**
 * The servers that `./anika test` names in `ANIKA_TEST_*_URL`, else those that `./anika servers` or
 * `./anika up` runs (`servers.json` in the home folder).
 * @throws Error saying how to start them when neither is there
 */
export function readServers(env: NodeJS.ProcessEnv = process.env): ServerUrls {
  const running = readRunning(
    resolve(env.ANIKA_HOME ?? resolve(import.meta.dirname, '../../../.anika'), 'servers.json'),
  );
  return {
    databaseUrl: urlOf('databaseUrl', env, running),
    mongodbUrl: urlOf('mongodbUrl', env, running),
    redisUrl: urlOf('redisUrl', env, running),
  };
}

function urlOf(name: keyof ServerUrls, env: NodeJS.ProcessEnv, running: Partial<ServerUrls>): string {
  const url = env[VARIABLES[name]] ?? running[name];
  if (url) return url;
  throw new Error(
    `These tests need PostgreSQL, MongoDB and Redis, and ${VARIABLES[name]} is not set: ` +
      'run them with ./anika test, or start the servers with ./anika servers first.',
  );
}

function readRunning(path: string): Partial<ServerUrls> {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return {}; // no servers run in this home
  }
}
