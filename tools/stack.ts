import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { appPlan, migrate } from './apps.ts';
import { buildConsole } from './console.ts';
import { ExplainedError } from './explained-error.ts';
import { writeJsonSync } from './home.ts';
import { type HomeServers, startHomeServers } from './home-servers.ts';
import type { Text } from './language.ts';
import { isFree, openPorts } from './ports.ts';
import { type Operator, readSecrets } from './secrets.ts';
import type { ServerUrls } from './servers.ts';

export interface StackOptions {
  readonly home: string;
  /** Where the API listens; left out, a free port is chosen. */
  readonly port?: number;
  /** Prints one line of progress. */
  readonly say: (line: Text) => void;
  /** Settings of the apps; default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Servers that already run; left out, the home's own are started. */
  readonly servers?: ServerUrls;
  /** Starts an app again whenever a file of it is saved. */
  readonly watch?: boolean;
  /** Ends the start: what was started by then is stopped again. */
  readonly signal?: AbortSignal;
}

/** Both apps on their stores, all of them answering. */
export interface Stack extends ServerUrls {
  /** Base URL of the API. */
  readonly api: string;
  /** Base URL of the dispatcher's health and metrics. */
  readonly dispatcher: string;
  readonly operator: Operator;
  /** By process name; a process that was started again has its new pid. */
  pids(): Readonly<Record<string, number>>;
  /** Stops the apps, then the servers that were started. */
  stop(): Promise<void>;
}

const PROCESSES = ['api', 'dispatcher', 'postgres', 'mongodb', 'redis'];

function trackPids() {
  const known = new Map<string, number>();
  return {
    note: (name: string, pid: number) => void known.set(name, pid),
    /** Servers that were given have none here. */
    all: () =>
      Object.fromEntries(
        PROCESSES.flatMap((name) => {
          const pid = known.get(name);
          return pid === undefined ? [] : [[name, pid]];
        }),
      ),
  };
}

/** Starts servers, migrations, API and dispatcher, and writes `stack.json` while they run. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { home, say } = options;
  const pids = trackPids();
  // While the servers start; whether it failed is asked before the apps do.
  const built = Promise.allSettled([buildConsole(say)]);
  let publish: () => void = () => undefined;
  const servers = await startHomeServers({
    home,
    say,
    servers: options.servers,
    precondition: async () => {
      if (options.port !== undefined) await requireFreePort(options.port);
    },
    onPid(name, pid) {
      pids.note(name, pid);
      publish();
    },
  });
  const file = join(home, 'stack.json');
  try {
    const facts = await startApps(servers, options, built);
    publish = () => writeJsonSync(file, { ...facts, pids: pids.all() });
    publish();
    return {
      ...facts,
      pids: pids.all,
      async stop() {
        publish = () => undefined;
        rmSync(file, { force: true });
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

type Facts = Omit<Stack, 'pids' | 'stop'>;

async function startApps(
  { urls, supervisor }: HomeServers,
  options: StackOptions,
  built: Promise<readonly PromiseSettledResult<void>[]>,
): Promise<Facts> {
  const { home, say, signal, watch, env = process.env } = options;
  const ports = await openPorts(home);
  const apiPort = options.port ?? (await ports.choose('api'));
  const dispatcherPort = await ports.choose('dispatcher');
  const api = `http://127.0.0.1:${apiPort}`;
  const dispatcher = `http://127.0.0.1:${dispatcherPort}`;
  const { operator, secretKeys } = await readSecrets(home, env);
  const stores = { ...urls, mongodbUrl: withDatabaseName(urls.mongodbUrl) };
  const appEnv: NodeJS.ProcessEnv = {
    ...env,
    DATABASE_URL: stores.databaseUrl,
    MONGODB_URL: stores.mongodbUrl,
    REDIS_URL: stores.redisUrl,
    ANIKA_HOST: env.ANIKA_HOST ?? '127.0.0.1', // a trial on a laptop is not for its network
    ANIKA_PORT: String(apiPort),
    ANIKA_DISPATCHER_PORT: String(dispatcherPort),
    ANIKA_OPERATOR_EMAIL: operator.email,
    ANIKA_OPERATOR_PASSWORD: operator.password,
    ANIKA_SECRET_KEYS: secretKeys,
    ANIKA_PUBLIC_URL: env.ANIKA_PUBLIC_URL ?? api,
  };

  signal?.throwIfAborted();
  say({ ru: 'применяю миграции …', en: 'applying the migrations …' });
  await migrate(appEnv);
  for (const result of await built) if (result.status === 'rejected') throw result.reason;
  signal?.throwIfAborted();
  say({ ru: 'запускаю API и диспетчер …', en: 'starting API and dispatcher …' });
  // Stopped in the other order: the API first takes no more, then the dispatcher finishes what it has.
  const started = await Promise.allSettled([
    supervisor.keep(appPlan({ name: 'dispatcher', url: dispatcher, env: appEnv, watch })),
    supervisor.keep(appPlan({ name: 'api', url: api, env: appEnv, watch })),
  ]);
  for (const result of started) if (result.status === 'rejected') throw result.reason;
  signal?.throwIfAborted();
  return { api, dispatcher, operator, ...stores };
}

/** @throws ExplainedError when something listens there */
export async function requireFreePort(port: number): Promise<void> {
  if (await isFree(port)) return;
  throw new ExplainedError({
    ru: `Порт ${port} занят: остановите того, кто его занял, или выберите другой: --port.`,
    en: `Port ${port} is in use: stop what uses it, or choose another with --port.`,
  });
}

/** Without a name the driver would take the database "test". */
export function withDatabaseName(mongodbUrl: string): string {
  return mongodbUrl.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?(?=\?|$)/, '$1/anika');
}
