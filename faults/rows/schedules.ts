import { Redis } from 'ioredis';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { killDispatcher } from './crashes.ts';

export async function emptyRedis(field: Field): Promise<void> {
  const redis = new Redis(field.ground.urls.redisUrl, { maxRetriesPerRequest: 3 });
  redis.on('error', () => undefined);
  await redis.flushall().finally(() => redis.disconnect());
}

/** What is scheduled is sent within a second. */
const EXACT_MS = 1000;
const THOUSAND = 1000;

export const SCHEDULES: readonly Fault[] = [
  {
    name: 'scheduled-through-crashes',
    area: 'crashes',
    dispatchers: 2,
    about:
      'messages for later outlive FLUSHALL and dispatchers that are killed before, at and after their time',
    repeats: 'allowed',
    async run(field) {
      const { endpoint } = await field.subscribe();
      const dueMs = Date.now() + 6000;
      await field.publisher.publish(100, { deliverAt: new Date(dueMs).toISOString() });
      await field.publisher.publish(20);
      await emptyRedis(field);
      await killDispatcher(field);
      await field.wait(Math.max(0, dueMs - Date.now() + 220));
      await Promise.all([killDispatcher(field), emptyRedis(field)]);
      await killDispatcher(field);
      await field.settle(60);
      const late = endpoint.hits.filter(({ n = 0 }) => n <= 100).map(({ atMs }) => atMs - dueMs);
      field.note(`first ${Math.min(...late)} ms after their time, last ${Math.max(...late)} ms`);
      field.require(late.length >= 100, `${late.length} of 100 came`);
      field.require(
        late.every((ms) => ms >= 0),
        'some came before their time',
      );
    },
  },
  {
    name: 'scheduled-for-two-dispatchers',
    area: 'races',
    dispatchers: 2,
    about:
      'a thousand messages become due in the same moment for two dispatchers, and are sent within a second',
    repeats: 'never',
    async run(field) {
      const { endpoint } = await field.subscribe();
      const startedMs = Date.now();
      await field.publisher.publish(THOUSAND, { inFlight: 32 });
      await field.settle(60);
      const atOnceMs = Date.now() - startedMs;
      const dueMs = Date.now() + 2 * atOnceMs + 2000;
      await field.publisher.publish(THOUSAND, { inFlight: 32, deliverAt: new Date(dueMs).toISOString() });
      await field.settle(60);
      const late = endpoint.hits
        .filter(({ n = 0 }) => n > THOUSAND)
        .map(({ atMs }) => atMs - dueMs)
        .sort((a, b) => a - b);
      const [first = Number.NaN, middle, last = Number.NaN] = [0, late.length >> 1, -1].map((n) =>
        late.at(n),
      );
      field.note(`first ${first} ms after their time, the middle one ${middle} ms, last ${last} ms`);
      field.require(first >= 0, `the first came ${-first} ms before their time`);
      // A machine that is too slow for a thousand a second is no slower than with what is sent at once.
      const limitMs = Math.max(EXACT_MS, atOnceMs);
      field.require(last < limitMs, `the last came ${last} ms after their time, not within ${limitMs} ms`);
    },
  },
];
