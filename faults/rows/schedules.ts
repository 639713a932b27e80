import { Redis } from 'ioredis';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { killDispatcher } from './crashes.ts';

export async function emptyRedis(field: Field): Promise<void> {
  const redis = new Redis(field.ground.urls.redisUrl, { maxRetriesPerRequest: 3 });
  redis.on('error', () => undefined);
  await redis.flushall().finally(() => redis.disconnect());
}

export const SCHEDULES: readonly Fault[] = [
  {
    name: 'scheduled-through-crashes',
    area: 'crashes',
    isShort: true,
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
    about: 'a thousand messages become due in the same moment for two dispatchers',
    repeats: 'never',
    async run(field) {
      const { endpoint } = await field.subscribe();
      const dueMs = Date.now() + 8000;
      await field.publisher.publish(1000, { inFlight: 32, deliverAt: new Date(dueMs).toISOString() });
      await field.settle(60);
      const first = Math.min(...endpoint.hits.map(({ atMs }) => atMs - dueMs));
      field.note(`first ${first} ms after their time`);
      field.require(first >= 0 && first < 1000, `the first came ${first} ms after their time`);
    },
  },
];
