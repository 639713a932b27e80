import { eventually } from '@anika/testkit/eventually';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { killDispatcher, slowAnswer } from './crashes.ts';

const SUBSCRIBERS = 40;

async function jobsLeft(field: Field): Promise<number> {
  return (await field.stores.unfinished())['jobs in the queue'] ?? 0;
}

/** What goes wrong with jobs of up to 25 deliveries each. */
export const SHARED_JOBS: readonly Fault[] = [
  {
    name: 'dispatcher-killed-with-shared-jobs',
    area: 'crashes',
    about: 'the dispatcher is killed twice while jobs of 25 deliveries each are half done',
    // What was answered and not yet recorded is sent again.
    repeats: 'allowed',
    settleSeconds: 120,
    async run(field) {
      const endpoint = await field.subscribeMany(SUBSCRIBERS);
      const before = endpoint.hits.length;
      // One in four keeps its job from ending.
      const pause = () => (field.random() < 0.25 ? 1500 : 5);
      endpoint.respondWith(() => slowAnswer(pause())());
      await field.publisher.publish(20);
      for (const hits of [200, 500]) {
        await eventually(() => endpoint.hits.length - before >= hits, { timeoutMs: 60_000, everyMs: 10 });
        const stored = await field.stores.countDeliveries();
        const jobs = await jobsLeft(field);
        field.note(`${stored} of 800 deliveries stored and ${jobs} jobs left at a kill`);
        field.require(jobs > 0, 'no job was left');
        await killDispatcher(field);
      }
      await field.settle(90);
    },
  },
  {
    name: 'sigterm-with-shared-jobs',
    area: 'crashes',
    about: 'one of two dispatchers is asked to stop with more deliveries in hand than it can have under way',
    repeats: 'never',
    dispatchers: 2,
    settleSeconds: 90,
    async run(field) {
      const endpoint = await field.subscribeMany(SUBSCRIBERS);
      const before = endpoint.hits.length;
      endpoint.respondWith(slowAnswer(3000));
      await field.publisher.publish(200);
      await eventually(() => endpoint.hits.length - before > 600, { timeoutMs: 20_000, everyMs: 10 });
      const [leaving] = field.dispatchers;
      if (leaving === undefined) throw new Error('no dispatcher');
      const startedAt = Date.now();
      const code = await leaving.stop();
      field.forget(leaving);
      const tookMs = Date.now() - startedAt;
      field.note(`ended with ${code} after ${tookMs} ms, ${await jobsLeft(field)} jobs were left`);
      field.require(code === 0, `it ended with ${code}`);
      // All that it had taken would have taken it half a minute.
      field.require(tookMs < 10_000, `it took ${tookMs} ms to end what it had begun`);
      endpoint.respondWith(() => ({ status: 204 }));
      await field.settle(60);
    },
  },
  {
    name: 'redis-away-when-shared-jobs-come-back',
    area: 'stores',
    about: 'dispatchers cannot reach Redis for 4 s, while the deliveries of shared jobs must be tried again',
    repeats: 'never',
    settleSeconds: 60,
    async run(field) {
      const endpoint = await field.subscribeMany(SUBSCRIBERS);
      const before = endpoint.hits.length;
      endpoint.respondWith(async () => {
        await slowAnswer(1000)();
        return { status: 500 };
      });
      await field.publisher.publish(5);
      await eventually(() => endpoint.hits.length - before === 200, { timeoutMs: 20_000, everyMs: 10 });
      await field.link('dispatcher', 'redis').set('refuse');
      await field.wait(4000);
      endpoint.respondWith(() => ({ status: 204 }));
      await field.link('dispatcher', 'redis').set('pass');
      await field.settle(60);
    },
  },
];
