import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createApiKey } from '@anika/contracts/partners';
import { createTestDatabases } from '@anika/testkit/databases';
import { eventually } from '@anika/testkit/eventually';
import { freePort } from '@anika/testkit/free-port';
import { type Link, openLink, throughLink } from '@anika/testkit/link';
import { type Program, startProgram } from '../e2e/support/program.ts';
import { createScene, type Wish } from '../e2e/support/scene.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';
import { openStores } from './evidence.ts';
import { type Ground, STORES, type Store } from './ground.ts';
import { type NameServer, startNameServer } from './hostile/name-server.ts';
import { openTlsFront, type TlsFront } from './hostile/tls-front.ts';
import { createPublisher, type Route } from './publisher.ts';

/** What a fault asks of its field. */
export type FieldOptions = {
  /** Of the folder that keeps the logs. */
  readonly name: string;
  /** Settings of both programs beside the suite's own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default 1. */
  readonly dispatchers?: number;
  /** Both programs ask a name server of the suite's, `field.names`: only root can make them. */
  readonly withNames?: true;
  /** The programs reach their stores without the suite's links, which nothing cuts here: their cost is not ANIKA's. */
  readonly withoutLinks?: true;
};

export type Chance = {
  readonly random: () => number;
  /** Ctrl-C: ends every wait. */
  readonly signal: AbortSignal;
  /** As part of `./anika test`: how a fault ends, not how fast it is. */
  readonly isShort: boolean;
};

export type App = 'api' | 'dispatcher';
export type Subscribed = {
  readonly id: string;
  readonly path: string;
  readonly secret: string;
  readonly endpoint: Endpoint;
  /** Which of the publisher's messages it is to get. */
  wants(n: number): boolean;
};
/** Where one fault happens: an ANIKA of its own on the ground's stores, with two companies and a topic. */
export type Field = Awaited<ReturnType<typeof openField>>;

export const ATTEMPTS = 6;
const SETTINGS = {
  ANIKA_SWEEP_SECONDS: '1',
  ANIKA_RETRY_SCHEDULE: '0s,1s,1s,1s,2s,2s',
  ANIKA_RATE_MANAGE: '100000',
  ANIKA_RATE_READ: '100000',
};

export async function openField(ground: Ground, options: FieldOptions, { random, signal, isShort }: Chance) {
  const databases = await createTestDatabases(ground.urls);
  const folder = join(ground.home, 'evidence', options.name);
  await mkdir(folder, { recursive: true });
  const links = { api: await linkAll(ground), dispatcher: await linkAll(ground) };
  const findings: string[] = [];
  const notes: string[] = [];
  const subscribed: Subscribed[] = [];
  const strangers: string[] = [];
  const dispatchers: Program[] = [];
  const started: { readonly app: App; readonly program: Program }[] = [];
  const apiPort = await freePort();
  const names = options.withNames ? await startNameServer(folder) : undefined;

  async function start(app: App): Promise<Program> {
    const program = await startProgram(app, {
      databases,
      from: 'bundle',
      ...(app === 'api' && { port: apiPort }),
      ...(names !== undefined && { under: names.asked }),
      settings: {
        ...SETTINGS,
        ...(!options.withoutLinks && through(links[app], databases)),
        ...options.settings,
      },
    });
    started.push({ app, program });
    return program;
  }

  async function startDispatcher(): Promise<Program> {
    const program = await start('dispatcher');
    dispatchers.push(program);
    return program;
  }

  let api = await start('api');
  for (let count = 0; count < (options.dispatchers ?? 1); count += 1) await startDispatcher();
  const scene = await createScene(api.url);
  const stores = await openStores({
    mongodbUrl: databases.mongodbUrl,
    redisUrl: databases.redisUrl,
    prefix: databases.queuePrefix,
  });
  const { key } = await scene.owner.client.ask(createApiKey, {
    body: { name: 'publisher', scopes: ['publish'] },
  });
  const own: Route = { topicId: scene.topicId, token: key };
  let routes: readonly Route[] = [own];
  const publisher = createPublisher({
    log: join(folder, 'acknowledged.ndjson'),
    url: () => api.url,
    to: (n) => routes[n % routes.length] ?? own,
    signal,
  });

  const openEndpoint = () => startEndpoint(join(folder, `endpoint-${subscribed.length + 1}.ndjson`));

  async function subscribeAt(
    endpoint: Endpoint,
    more: Wish,
    wants: Subscribed['wants'] = everyNumber,
  ): Promise<Subscribed> {
    const path = `/${subscribed.length + 1}`;
    const { id, secret } = await scene.subscribe({ url: endpoint.url + path }, more);
    endpoint.trust(path, secret);
    const one = { id, path, secret, endpoint, wants };
    subscribed.push(one);
    return one;
  }

  return {
    random,
    isShort,
    scene,
    stores,
    publisher,
    ground,
    subscribed: subscribed as readonly Subscribed[],
    /** Subscriptions whose deliveries nobody judges: of companies that want no good. */
    strangers,
    dispatchers: dispatchers as readonly Program[],
    api: () => api,
    link: (app: App, store: Store): Link => links[app][store],
    linksTo: (store: Store): readonly Link[] => [links.api[store], links.dispatcher[store]],

    /** The publisher's n-th message goes to the (n % count)-th of these from now on. */
    publishTo(next: readonly Route[]): void {
      routes = next;
    },
    openEndpoint,
    /** One that was made elsewhere is judged as the others are. */
    judge: (one: Subscribed) => void subscribed.push(one),
    names(): NameServer {
      if (names === undefined) throw new Error('the fault asks for no name server');
      return names;
    },

    /** An endpoint of the reader company that gets every message, or those that it `wants` by its filter. */
    async subscribe(more: Wish = {}, wants?: Subscribed['wants']): Promise<Subscribed> {
      return subscribeAt(await openEndpoint(), more, wants);
    },
    /** On an endpoint of the caller's making; closed with the field. */
    subscribeTo: (endpoint: Endpoint, more: Wish = {}): Promise<Subscribed> => subscribeAt(endpoint, more),
    /** On an endpoint behind TLS, which its company can only have when `AUTHORITY` is trusted. */
    async subscribeBehindTls(more: Wish = {}): Promise<Subscribed & { readonly endpoint: TlsFront }> {
      const endpoint = await openTlsFront(await openEndpoint());
      return { ...(await subscribeAt(endpoint, more)), endpoint };
    },
    /** Many subscriptions on one endpoint. */
    async subscribeMany(count: number): Promise<Endpoint> {
      const endpoint = await openEndpoint();
      for (let made = 0; made < count; made += 1) await subscribeAt(endpoint, {});
      return endpoint;
    },

    async restartApi(): Promise<void> {
      api = await start('api');
    },
    startDispatcher,
    /** Takes it out of the list; the caller has ended it. */
    forget(program: Program): void {
      dispatchers.splice(dispatchers.indexOf(program), 1);
    },

    /** A finding unless it holds. */
    require(holds: boolean, otherwise: string): void {
      if (!holds) findings.push(otherwise);
    },
    /** A figure for the table. */
    note: (text: string) => void notes.push(text),
    findings,
    notes,
    wait: (ms: number) => wait(ms, undefined, { signal }),

    /** Resolves with the seconds it took until nothing was left to do, or with the time limit. */
    async settle(seconds: number): Promise<number> {
      const startedAt = Date.now();
      const isIdle = async () => Object.values(await stores.unfinished()).every((count) => count === 0);
      await eventually(isIdle, { timeoutMs: seconds * 1000, everyMs: 250 }).catch(() => undefined);
      return Math.round((Date.now() - startedAt) / 100) / 10;
    },

    async close(): Promise<void> {
      publisher.close();
      await Promise.all([api, ...dispatchers].map((program) => program.stop()));
      for (const { app, program } of started) {
        await writeFile(join(folder, `${app}-${program.pid}.log`), program.output());
      }
      const endpoints = new Set(subscribed.map(({ endpoint }) => endpoint));
      await Promise.all([...endpoints].map((endpoint) => endpoint.close()));
      await Promise.all(
        Object.values(links).flatMap((ofApp) => Object.values(ofApp).map((link) => link.close())),
      );
      await stores.close();
      await names?.close();
      await databases.drop();
    },
  };
}

const everyNumber: Subscribed['wants'] = () => true;

type Links = Readonly<Record<Store, Link>>;

async function linkAll(ground: Ground): Promise<Links> {
  const urls = {
    postgres: ground.urls.databaseUrl,
    mongodb: ground.urls.mongodbUrl,
    redis: ground.urls.redisUrl,
  };
  const opened = await Promise.all(
    STORES.map(async (store) => {
      const { hostname, port } = new URL(urls[store]);
      return [store, await openLink({ host: hostname, port: Number(port) })] as const;
    }),
  );
  return Object.fromEntries(opened) as Links;
}

/** The settings by which a program finds its stores at the other end of its links. */
function through(links: Links, urls: { databaseUrl: string; mongodbUrl: string; redisUrl: string }) {
  return {
    DATABASE_URL: throughLink(urls.databaseUrl, links.postgres),
    MONGODB_URL: throughLink(urls.mongodbUrl, links.mongodb),
    REDIS_URL: throughLink(urls.redisUrl, links.redis),
  };
}
