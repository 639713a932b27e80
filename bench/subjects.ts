import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BodyOf, type Client, createClient } from '@anika/client/client';
import { login } from '@anika/contracts/auth';
import { createPartner } from '@anika/contracts/partners';
import { publishBatch } from '@anika/contracts/publish';
import { getReplay, startReplay } from '@anika/contracts/replays';
import { createSubscription } from '@anika/contracts/subscriptions';
import { createTopic } from '@anika/contracts/topics';
import pLimit from 'p-limit';
import { ROOT, type StartApp } from './programs.ts';

/** A topic with subscriptions of one reader that pull. */
export type PullTopic = {
  readonly publishUrl: string;
  readonly token: string;
  /** Of the first of them; its `/pull` and `/ack` are below it. */
  readonly pullUrl: string;
  readonly pullUrls: readonly string[];
};

export type ReplayTopic = {
  start(perSecond: number): Promise<void>;
  look(): Promise<{ readonly state: string; readonly delivered: number }>;
};

export type Anika = {
  readonly pids: readonly number[];
  /** A topic of a new owner with subscriptions of one reader to the same endpoint. */
  createTopic(subscribers: number, endpoint: string): Promise<{ publishUrl: string; token: string }>;
  createPull(subscribers: number): Promise<PullTopic>;
  /** A topic with so many messages, and a subscription made afterwards that has got none of them. */
  createReplay(messages: number, endpoint: string): Promise<ReplayTopic>;
  stop(): Promise<void>;
};

/** Messages published with one request. */
const BATCH = 100;
const OPERATOR = { email: 'bench@anika.example', password: 'bench-password-1' };
const SECRET_KEYS = `k1:${randomBytes(32).toString('base64')}`;

/** Both apps of ANIKA on these servers, with keys in Redis of their own. */
export async function startAnika(env: Record<string, string>, startApp: StartApp): Promise<Anika> {
  const settings = {
    ...env,
    ANIKA_SECRET_KEYS: SECRET_KEYS,
    ANIKA_OPERATOR_EMAIL: `${randomBytes(4).toString('hex')}-${OPERATOR.email}`,
    ANIKA_OPERATOR_PASSWORD: OPERATOR.password,
    ANIKA_EGRESS_ALLOW: '127.0.0.1',
    ANIKA_QUEUE_PREFIX: `bench-${randomBytes(4).toString('hex')}`,
    ANIKA_LOG_LEVEL: 'warn',
    ANIKA_HOST: '127.0.0.1',
    ANIKA_RATE_MANAGE: '100000',
    ANIKA_MAX_SUBSCRIPTIONS: '10000',
    ANIKA_MAX_COMPANY_SUBSCRIPTIONS: '10000',
  };
  // Signing keys of an earlier run were sealed with a key that is gone.
  const databaseUrl = await freshDatabase(env.DATABASE_URL ?? '');
  const own = { ...settings, DATABASE_URL: databaseUrl };
  execFileSync(process.execPath, ['apps/api/dist/main.js', 'migrate'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...own },
    stdio: 'ignore',
  });
  const dispatcher = await startApp('dispatcher', own);
  const api = await startApp('api', own);
  const anyone = createClient({ baseUrl: api.url });
  const signIn = async (email: string, password: string): Promise<string> =>
    (await anyone.ask(login, { body: { email, password } })).accessToken;
  const operator = anyone.as(await signIn(settings.ANIKA_OPERATOR_EMAIL, settings.ANIKA_OPERATOR_PASSWORD));
  /** A new company with a topic of its own. */
  async function openTopic() {
    const admin = {
      email: `${randomBytes(6).toString('hex')}@bench.example`,
      password: 'a long bench password',
    };
    await operator.ask(createPartner, { body: { name: 'Bench', admin } });
    const token = await signIn(admin.email, admin.password);
    const company = anyone.as(token);
    const { id } = await company.ask(createTopic, { body: { name: 'Выбор машины' } });
    return { company, token, topicId: id, publishUrl: `${api.url}/v1/topics/${id}/messages` };
  }
  return {
    pids: [api.pid, dispatcher.pid],
    async createTopic(subscribers, endpoint) {
      const { company, token, topicId, publishUrl } = await openTopic();
      await subscribe(company, subscribers, (n) => ({ topicId, url: `${endpoint}/hook/${n}` }));
      return { publishUrl, token };
    },
    async createPull(subscribers) {
      const { company, token, topicId, publishUrl } = await openTopic();
      const ids = await subscribe(company, subscribers, () => ({ topicId, delivery: { type: 'pull' } }));
      const pullUrls = ids.map((id) => `${api.url}/v1/subscriptions/${id}`);
      return { publishUrl, token, pullUrls, pullUrl: pullUrls[0] ?? '' };
    },
    async createReplay(messages, endpoint) {
      const { company, topicId } = await openTopic();
      const limit = pLimit(4);
      const batches = Array.from({ length: Math.ceil(messages / BATCH) }, (_, batch) =>
        limit(() => {
          const size = Math.min(BATCH, messages - batch * BATCH);
          const items = Array.from({ length: size }, (_item, n) => ({
            type: 'car.chosen',
            data: { n: batch * BATCH + n, model: 'Лада Веста', colour: 'синий', price: 1_749_000 },
          }));
          return company.ask(publishBatch, { params: { id: topicId }, body: { messages: items } });
        }),
      );
      await Promise.all(batches);
      // What is accepted within the second before is fanned out to it, and is none of the replay's.
      await sleep(2000);
      const [id = ''] = await subscribe(company, 1, () => ({ topicId, url: `${endpoint}/hook` }));
      let replay = '';
      return {
        async start(perSecond) {
          const from = new Date(Date.now() - 3_600_000).toISOString();
          const body = { from, only: 'missing', perSecond } as const;
          const started = await company.ask(startReplay, { params: { id }, body });
          if ('id' in started) replay = started.id;
        },
        look: () => company.ask(getReplay, { params: { id: replay } }),
      };
    },
    async stop() {
      await api.stop();
      await dispatcher.stop();
    },
  };
}

async function freshDatabase(url: string): Promise<string> {
  const { default: pg } = await import('pg');
  const name = `bench_${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return url.replace(/\/[^/]*$/, `/${name}`);
}

async function subscribe(
  company: Client,
  count: number,
  bodyOf: (n: number) => BodyOf<typeof createSubscription>,
): Promise<string[]> {
  const limit = pLimit(8);
  const subscribed = Array.from({ length: count }, (_, n) =>
    limit(async () => {
      const { id, state } = await company.ask(createSubscription, { body: bodyOf(n) });
      if (state !== 'active') throw new Error('the endpoint of the bench did not answer its challenge');
      return id;
    }),
  );
  return Promise.all(subscribed);
}
