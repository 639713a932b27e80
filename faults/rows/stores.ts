import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { STORES, type Store } from '../ground.ts';

const LOAD_PER_SECOND = 40;

/** Lets it happen in the midst of a load. */
async function underLoad(field: Field, happen: () => Promise<void>): Promise<void> {
  const load = field.publisher.start(LOAD_PER_SECOND);
  await field.wait(1500);
  await happen();
  await field.wait(1500);
  await load.stop();
}

async function toRedis(url: string, work: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(url, { maxRetriesPerRequest: 3 });
  redis.on('error', () => undefined);
  try {
    await work(redis);
  } finally {
    redis.disconnect();
  }
}

async function stopped(field: Field, store: Store, seconds: number): Promise<void> {
  field.ground.signal(store, 'SIGSTOP');
  await wait(seconds * 1000);
  field.ground.signal(store, 'SIGCONT');
}

const killed = (store: Store): Fault => ({
  name: `${store}-killed`,
  area: 'stores',
  about: `${store} is killed (SIGKILL) twice under load and started again`,
  repeats: 'allowed',
  async run(field) {
    await field.subscribe();
    await underLoad(field, async () => {
      for (let kills = 0; kills < 2; kills += 1) {
        field.ground.signal(store, 'SIGKILL');
        await field.wait(5000);
      }
    });
  },
});

const slow = (store: Store): Fault => ({
  name: `${store}-slow`,
  area: 'stores',
  about: `every answer of ${store} comes 150 ms late`,
  repeats: 'never',
  async run(field) {
    await field.subscribe();
    await underLoad(field, async () => {
      for (const link of field.linksTo(store)) await link.set('slow');
      await field.wait(6000);
      for (const link of field.linksTo(store)) await link.set('pass');
    });
  },
});

const silentAnswers = (store: Store): Fault => ({
  name: `${store}-did-it-and-nobody-heard`,
  area: 'stores',
  about: `for 6 s ${store} does what it is asked and its answers are lost`,
  repeats: 'allowed',
  async run(field) {
    await field.subscribe();
    await underLoad(field, async () => {
      for (const link of field.linksTo(store)) await link.set('no-answers');
      await field.wait(6000);
      for (const link of field.linksTo(store)) await link.set('pass');
    });
  },
});

export const STORE_FAULTS: readonly Fault[] = [
  {
    name: 'redis-emptied',
    area: 'stores',
    isShort: true,
    about: 'FLUSHALL under load and with retries waiting: these keep their time',
    repeats: 'allowed',
    settings: { ANIKA_RETRY_SCHEDULE: '0s,6s,6s,6s,6s,6s' },
    async run(field) {
      const { endpoint } = await field.subscribe();
      endpoint.respondWith(() => ({ status: 500 }));
      await field.publisher.publish(5);
      while (endpoint.hits.length < 5) await field.wait(20);
      const failedAt = Date.now();
      endpoint.respondWith(() => ({ status: 204 }));
      await underLoad(field, () => toRedis(field.ground.urls.redisUrl, (redis) => redis.flushall()));
      await field.settle(60);
      const retries = endpoint.hits.filter((hit) => hit.attempt === 2).map((hit) => hit.atMs - failedAt);
      field.note(
        `retries due after 4.8 – 7.2 s came after ${retries.map((ms) => (ms / 1000).toFixed(1)).join(' ')} s`,
      );
      field.require(
        retries.length === 5 && retries.every((ms) => ms > 4500),
        `retries did not keep their time: ${retries.join(' ')} ms`,
      );
    },
  },
  {
    name: 'redis-emptied-and-api-killed',
    area: 'stores',
    about: 'FLUSHALL and a killed API while 600 deliveries are in the queue and none of them is stored',
    repeats: 'never',
    async run(field) {
      await field.subscribeMany(300);
      // Dispatchers rest, so that nobody stores a delivery by making it.
      for (const { pid } of field.dispatchers) process.kill(pid, 'SIGSTOP');
      await field.publisher.publish(2);
      await field.wait(600);
      const jobs = await field.stores.countJobs();
      const stored = await field.stores.countDeliveries();
      field.note(`${jobs} jobs of 25 deliveries and ${stored} stored deliveries at the kill`);
      field.require(jobs >= 24 && stored === 0, 'the deliveries were not in the queue alone');
      await field.api().kill();
      await toRedis(field.ground.urls.redisUrl, (redis) => redis.flushall());
      await field.restartApi();
      for (const { pid } of field.dispatchers) process.kill(pid, 'SIGCONT');
    },
  },
  killed('redis'),
  {
    name: 'redis-stopped',
    area: 'stores',
    about: 'Redis is stopped (SIGSTOP) for 45 s: publishing goes on',
    repeats: 'allowed',
    async run(field) {
      await field.subscribe();
      await underLoad(field, () => stopped(field, 'redis', 45));
      const refused = [...field.publisher.answers].filter(([status]) => status !== 202);
      field.require(refused.length === 0, 'publishing did not go on without Redis');
    },
  },
  {
    name: 'redis-full',
    area: 'stores',
    about: 'Redis reaches its maxmemory with thousands of jobs to come, and has room again later',
    repeats: 'allowed',
    async run(field) {
      const { endpoint } = await field.subscribe({ maxConcurrency: 4 });
      endpoint.respondWith(() => new Promise((resolve) => setTimeout(() => resolve({ status: 204 }), 5)));
      const limit = async (redis: Redis) => {
        const used = Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
        await redis.config('SET', 'maxmemory', used + 300_000);
      };
      try {
        await toRedis(field.ground.urls.redisUrl, limit);
        await field.publisher.publish(3000, { inFlight: 32 });
        field.note(
          `${(await field.stores.unfinished())['messages not fanned out']} without a job when all were accepted`,
        );
        const refused = [...field.publisher.answers].filter(([status]) => status !== 202);
        field.require(refused.length === 0, 'publishing did not go on with Redis full');
      } finally {
        await toRedis(field.ground.urls.redisUrl, (redis) => redis.config('SET', 'maxmemory', 0));
      }
    },
  },
  killed('mongodb'),
  {
    name: 'mongodb-stopped',
    area: 'stores',
    about: 'MongoDB is stopped (SIGSTOP) for 12 s: publishers hear 503, nobody waits',
    repeats: 'allowed',
    async run(field) {
      await field.subscribe();
      await underLoad(field, () => stopped(field, 'mongodb', 12));
    },
  },
  killed('postgres'),
  {
    name: 'postgres-stopped',
    area: 'stores',
    about: 'PostgreSQL is stopped (SIGSTOP) for 12 s',
    repeats: 'allowed',
    async run(field) {
      await field.subscribe();
      await underLoad(field, () => stopped(field, 'postgres', 12));
    },
  },
  ...STORES.flatMap((store) => [slow(store), silentAnswers(store)]),
];
