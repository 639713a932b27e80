import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
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
  look(): Promise<{ readonly state: unknown; readonly delivered: number }>;
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
  const call = client(api.url);
  const login = async (email: string, password: string): Promise<string> => {
    const { accessToken } = await call('POST', '/v1/auth/login', { body: { email, password } });
    return String(accessToken);
  };
  const operator = await login(settings.ANIKA_OPERATOR_EMAIL, settings.ANIKA_OPERATOR_PASSWORD);
  /** A new company with a topic of its own. */
  async function openTopic(): Promise<{ token: string; topicId: unknown; publishUrl: string }> {
    const email = `${randomBytes(6).toString('hex')}@bench.example`;
    const password = 'a long bench password';
    await call('POST', '/v1/partners', {
      token: operator,
      body: { name: 'Bench', admin: { email, password } },
    });
    const token = await login(email, password);
    const topic = await call('POST', '/v1/topics', { token, body: { name: 'Выбор машины' } });
    return { token, topicId: topic.id, publishUrl: `${api.url}/v1/topics/${topic.id}/messages` };
  }
  async function subscribe(count: number, token: string, bodyOf: (n: number) => object): Promise<string[]> {
    const limit = pLimit(8);
    const subscribed = Array.from({ length: count }, (_, n) =>
      limit(async () => {
        const { id, state } = await call('POST', '/v1/subscriptions', { token, body: bodyOf(n) });
        if (state !== 'active') throw new Error('the endpoint of the bench did not answer its challenge');
        return String(id);
      }),
    );
    return Promise.all(subscribed);
  }
  return {
    pids: [api.pid, dispatcher.pid],
    async createTopic(subscribers, endpoint) {
      const { token, topicId, publishUrl } = await openTopic();
      await subscribe(subscribers, token, (n) => ({ topicId, url: `${endpoint}/hook/${n}` }));
      return { publishUrl, token };
    },
    async createPull(subscribers) {
      const { token, topicId, publishUrl } = await openTopic();
      const ids = await subscribe(subscribers, token, () => ({ topicId, delivery: { type: 'pull' } }));
      const pullUrls = ids.map((id) => `${api.url}/v1/subscriptions/${id}`);
      return { publishUrl, token, pullUrls, pullUrl: pullUrls[0] ?? '' };
    },
    async createReplay(messages, endpoint) {
      const { token, topicId, publishUrl } = await openTopic();
      const limit = pLimit(4);
      const batches = Array.from({ length: Math.ceil(messages / BATCH) }, (_, batch) =>
        limit(() => {
          const size = Math.min(BATCH, messages - batch * BATCH);
          const items = Array.from({ length: size }, (_item, n) => ({
            type: 'car.chosen',
            data: { n: batch * BATCH + n, model: 'Лада Веста', colour: 'синий', price: 1_749_000 },
          }));
          return call('POST', `${new URL(publishUrl).pathname}/batch`, { token, body: { messages: items } });
        }),
      );
      await Promise.all(batches);
      // What is accepted within the second before is fanned out to it, and is none of the replay's.
      await sleep(2000);
      const [id] = await subscribe(1, token, () => ({ topicId, url: `${endpoint}/hook` }));
      let replay: unknown;
      return {
        async start(perSecond) {
          const from = new Date(Date.now() - 3_600_000).toISOString();
          const body = { from, only: 'missing', perSecond };
          replay = (await call('POST', `/v1/subscriptions/${id}/replays`, { token, body })).id;
        },
        async look() {
          const { state, delivered } = await call('GET', `/v1/replays/${replay}`, { token, body: undefined });
          return { state, delivered: Number(delivered) };
        },
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

function client(url: string) {
  return async (
    method: string,
    path: string,
    { token, body }: { token?: string; body: unknown },
  ): Promise<Record<string, unknown>> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };
}
