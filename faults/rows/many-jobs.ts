import { eventually } from '@anika/testkit/eventually';
import type { Fault } from '../fault.ts';
import type { Field } from '../field.ts';
import { killDispatcher, slowAnswer, stopDispatcher } from './crashes.ts';

const SUBSCRIBERS = 40;

/** Subscribers of one endpoint, and a way to wait for its requests. */
async function subscribeAll(field: Field) {
  const endpoint = await field.subscribeMany(SUBSCRIBERS);
  const before = endpoint.hits.length;
  const reached = (hits: number, timeoutMs = 20_000) =>
    eventually(() => endpoint.hits.length - before >= hits, { timeoutMs, everyMs: 10 });
  return { endpoint, reached };
}

/** What goes wrong while a dispatcher has hundreds of jobs in hand. */
export const MANY_JOBS: readonly Fault[] = [
  {
    name: 'dispatcher-killed-with-jobs-in-hand',
    area: 'crashes',
    about: 'the dispatcher is killed twice while hundreds of jobs are half done',
    // What was answered and not yet recorded is sent again.
    repeats: 'allowed',
    settleSeconds: 120,
    async run(field) {
      const { endpoint, reached } = await subscribeAll(field);
      // One in four keeps its job from ending.
      const pause = () => (field.random() < 0.25 ? 1500 : 5);
      endpoint.respondWith(() => slowAnswer(pause())());
      await field.publisher.publish(20);
      for (const hits of [200, 500]) {
        await reached(hits, 60_000);
        const stored = await field.stores.countDeliveries();
        const jobs = await field.stores.countJobs();
        field.note(`${stored} of 800 deliveries stored and ${jobs} jobs left at a kill`);
        field.require(jobs > 0, 'no job was left');
        await killDispatcher(field);
      }
      await field.settle(90);
    },
  },
  {
    name: 'sigterm-with-jobs-in-hand',
    area: 'crashes',
    about: 'one of two dispatchers is asked to stop with more deliveries in hand than it can have under way',
    repeats: 'never',
    dispatchers: 2,
    settleSeconds: 90,
    async run(field) {
      const { endpoint, reached } = await subscribeAll(field);
      endpoint.respondWith(slowAnswer(3000));
      await field.publisher.publish(200);
      await reached(601);
      const tookMs = await stopDispatcher(field);
      field.note(`${await field.stores.countJobs()} jobs were left`);
      // All that it had taken would have taken it half a minute.
      field.require(tookMs < 10_000, `it took ${tookMs} ms to end what it had begun`);
      endpoint.respondWith(() => ({ status: 204 }));
      await field.settle(60);
    },
  },
  {
    name: 'redis-away-when-jobs-come-back',
    area: 'stores',
    about: 'dispatchers cannot reach Redis for 4 s, while 200 deliveries must be tried again',
    repeats: 'never',
    settleSeconds: 60,
    async run(field) {
      const { endpoint, reached } = await subscribeAll(field);
      endpoint.respondWith(slowAnswer(1000, 500));
      await field.publisher.publish(5);
      await reached(5 * SUBSCRIBERS);
      await field.link('dispatcher', 'redis').set('refuse');
      await field.wait(4000);
      endpoint.respondWith(() => ({ status: 204 }));
      await field.link('dispatcher', 'redis').set('pass');
      await field.settle(60);
    },
  },
];
