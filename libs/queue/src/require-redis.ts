import { ConfigError } from '@anika/runtime/config';
import type { Logger } from '@anika/runtime/logger';
import { Redis } from 'ioredis';

const OLDEST = { major: 6, minor: 2 };
const CONNECT_TIMEOUT_MS = 2000;

/** `name:value` of each line of `INFO`. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split(/\r?\n/).flatMap((line): [string, string][] => {
    const at = line.indexOf(':');
    return line.startsWith('#') || at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
  });
  return new Map(lines);
}

/** Why a server cannot be used, in a sentence that says what to do; undefined: it can. */
export function redisProblem(info: ReadonlyMap<string, string>): string | undefined {
  const mode = info.get('redis_mode') || info.get('server_mode');
  if (mode === 'sentinel') {
    return 'REDIS_URL names a Sentinel, which holds no data: name the Redis that it watches.';
  }
  if (mode === 'cluster') {
    return (
      'REDIS_URL names a node of a Redis Cluster, and the scripts of the queues need all keys on one server: ' +
      'name a Redis or Valkey without cluster mode.'
    );
  }
  return versionProblem(info) ?? policyProblem(info) ?? roleProblem(info);
}

/** Valkey says which Redis it is compatible with: 7.2.4, in all of its versions. */
function versionProblem(info: ReadonlyMap<string, string>): string | undefined {
  const version = info.get('redis_version') ?? 'of an unknown version';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return undefined;
  return `Redis ${version} is too old: use ${OLDEST.major}.${OLDEST.minor} or newer, or Valkey.`;
}

function policyProblem(info: ReadonlyMap<string, string>): string | undefined {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  if (policy === 'noeviction') return undefined;
  return (
    `Redis throws away keys when its memory is full (maxmemory-policy ${policy}), and jobs with them: ` +
    'set maxmemory-policy to noeviction.'
  );
}

function roleProblem(info: ReadonlyMap<string, string>): string | undefined {
  if (info.get('role') !== 'slave' || info.get('slave_read_only') === '0') return undefined;
  return 'REDIS_URL names a replica, which cannot be written to: name the primary.';
}

/**
 * To be asked once at the start. A Redis that is away does not keep a process from starting: it is looked at as soon
 * as `connection` reaches it, and after each time that it was lost, since another server may have come in its place;
 * what is wrong then is logged, once.
 * @throws ConfigError when the server is there and cannot be used
 */
export async function requireRedis(url: string, watch: { connection: Redis; logger: Logger }): Promise<void> {
  const { connection, logger } = watch;
  const first = await problemAt(url);
  if (first.kind === 'problem') throw new ConfigError(first.sentence);
  if (first.kind === 'away') {
    logger.warn({ err: first.error }, 'Redis does not answer; it is asked for again and again');
  }
  let said: string | undefined;
  connection.on('ready', async () => {
    const found = await problemAt(url);
    if (found.kind === 'away') return;
    const sentence = found.kind === 'problem' ? found.sentence : undefined;
    if (sentence !== undefined && sentence !== said) logger.error(sentence);
    said = sentence;
  });
}

type Found =
  | { readonly kind: 'fine' }
  | { readonly kind: 'problem'; readonly sentence: string }
  | { readonly kind: 'away'; readonly error: unknown };

/** On a connection of its own: those of the process wait, retry and queue, each in its way. */
async function problemAt(url: string): Promise<Found> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    commandTimeout: CONNECT_TIMEOUT_MS,
    enableReadyCheck: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // Why it was closed is said here only; what is thrown says that it was.
  let reason: unknown;
  redis.on('error', (error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    const sentence = redisProblem(parseInfo(await redis.info()));
    return sentence === undefined ? { kind: 'fine' } : { kind: 'problem', sentence };
  } catch (error) {
    const refusal = refusalOf(reason) ?? refusalOf(error);
    return refusal === undefined
      ? { kind: 'away', error: reason ?? error }
      : { kind: 'problem', sentence: refusal };
  } finally {
    redis.disconnect();
  }
}

/** Redis answered, and the answer is no: waiting does not help. */
function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !/^(NOAUTH|WRONGPASS|NOPERM)\b/.test(error.message)) return undefined;
  const [code] = error.message.split(' ');
  return `Redis refuses the user of REDIS_URL (${code}): name one there with its password, and rights like those in docker-compose.yml.`;
}
